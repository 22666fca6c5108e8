"""Pure marking: no database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from activities.quiz.scoring import Score, score_answer, total

OPTIONS = [f"option-{letter}" for letter in "abcde"]
kinds = st.sampled_from(["single", "multiple", "true_false"])
chosen = st.lists(st.sampled_from([*OPTIONS, "foreign"]), max_size=8)
correct = st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True)
scores = st.integers(0, 5).flatmap(
    lambda possible: st.integers(0, possible).map(lambda points: Score(points, possible))
)


def points(kind: str, chosen: list[str], correct: list[str]) -> int:
    return score_answer(kind, chosen=chosen, correct=correct, points=1).points


class TestSingleChoice:
    def test_the_right_option_earns_the_points(self):
        assert points("single", ["a"], ["a"]) == 1

    def test_another_option_earns_nothing(self):
        assert points("single", ["b"], ["a"]) == 0

    def test_choosing_everything_earns_nothing(self):
        assert points("single", ["a", "b"], ["a"]) == 0


class TestMultipleChoice:
    def test_exactly_the_right_set_earns_the_points(self):
        assert points("multiple", ["b", "a"], ["a", "b"]) == 1

    def test_one_missing_earns_nothing(self):
        assert points("multiple", ["a"], ["a", "b"]) == 0

    def test_one_too_many_earns_nothing(self):
        assert points("multiple", ["a", "b", "c"], ["a", "b"]) == 0


class TestTrueFalse:
    def test_the_right_word_earns_the_points(self):
        assert points("true_false", ["false"], ["false"]) == 1

    def test_the_other_word_earns_nothing(self):
        assert points("true_false", ["true"], ["false"]) == 0


class TestEveryKind:
    @given(kinds, correct)
    def test_an_empty_answer_earns_nothing(self, kind, correct):
        assert points(kind, [], correct) == 0

    def test_a_question_without_a_key_earns_nothing(self):
        assert points("multiple", [], []) == 0

    @given(kinds, chosen, correct, st.integers(0, 9))
    def test_stays_between_nothing_and_everything(self, kind, chosen, correct, points):
        score = score_answer(kind, chosen=chosen, correct=correct, points=points)
        assert score.points in {0, points}
        assert score.possible == points

    @given(kinds, chosen, correct, st.randoms(use_true_random=False))
    def test_the_order_and_repetition_of_keys_do_not_matter(self, kind, chosen, correct, random):
        again = [*chosen, *chosen]
        random.shuffle(again)
        key = random.sample(correct, len(correct))
        assert points(kind, chosen, correct) == points(kind, again, key)

    @given(chosen, correct)
    def test_only_the_exact_set_is_right(self, chosen, correct):
        assert points("multiple", chosen, correct) == int(set(chosen) == set(correct))


class TestPaper:
    def test_nothing_is_possible_on_an_empty_paper(self):
        assert total([]) == Score(0, 0)

    @given(st.lists(scores), st.randoms(use_true_random=False))
    def test_is_the_same_in_any_order_and_within_bounds(self, papers, random):
        whole = total(papers)
        random.shuffle(papers)
        assert total(papers) == whole
        assert 0 <= whole.points <= whole.possible

    @given(st.lists(scores, min_size=1), st.data())
    def test_mending_one_answer_never_lowers_the_total(self, papers, data):
        index = data.draw(st.integers(0, len(papers) - 1))
        mended = list(papers)
        mended[index] = Score(papers[index].possible, papers[index].possible)
        assert total(mended).points >= total(papers).points
        assert total(mended).possible == total(papers).possible
