from __future__ import annotations

import uuid

import pytest

from activities.quiz.models import Attempt
from activities.quiz.services.attempts import (
    AttemptSubmittedError,
    ForeignAnswerError,
    save_answer,
    save_answers,
    start_attempt,
    submit_attempt,
)
from tests.activities.quiz.builders import NOW, minutes, right_answers

SINGLE, MULTIPLE = 1, 2


@pytest.fixture
def attempt(learner, quiz) -> Attempt:
    return start_attempt(learner, quiz, at=NOW)


def answer_to(attempt: Attempt, position: int) -> list[str]:
    return attempt.paper.get(position=position).answer


class TestSavingAnAnswer:
    def test_keeps_what_was_given_and_when(self, attempt):
        keys = right_answers(attempt)[SINGLE]
        save_answer(attempt, SINGLE, keys, at=NOW + minutes(1))
        question = attempt.paper.get(position=SINGLE)
        assert (question.answer, question.answered_at) == (keys, NOW + minutes(1))

    def test_a_later_answer_takes_its_place(self, attempt):
        first, second = attempt.paper.get(position=SINGLE).option_order[:2]
        save_answer(attempt, SINGLE, [first], at=NOW)
        save_answer(attempt, SINGLE, [second], at=NOW)
        assert answer_to(attempt, SINGLE) == [second]

    def test_an_empty_one_takes_it_back(self, attempt):
        save_answer(attempt, SINGLE, right_answers(attempt)[SINGLE], at=NOW)
        save_answer(attempt, SINGLE, [], at=NOW)
        assert answer_to(attempt, SINGLE) == []

    def test_a_key_sent_twice_counts_once(self, attempt):
        keys = right_answers(attempt)[MULTIPLE]
        save_answer(attempt, MULTIPLE, [*keys, *keys], at=NOW)
        assert sorted(answer_to(attempt, MULTIPLE)) == sorted(keys)

    def test_leaves_the_others_alone(self, attempt):
        right = right_answers(attempt)
        save_answer(attempt, SINGLE, right[SINGLE], at=NOW)
        save_answer(attempt, MULTIPLE, right[MULTIPLE], at=NOW)
        assert answer_to(attempt, SINGLE) == right[SINGLE]


class TestRefusing:
    def test_an_option_of_another_question(self, attempt):
        with pytest.raises(ForeignAnswerError):
            save_answer(attempt, SINGLE, right_answers(attempt)[MULTIPLE][:1], at=NOW)

    def test_an_option_that_never_was(self, attempt):
        for key in (str(uuid.uuid4()), "", "'; DROP TABLE", "0"):
            with pytest.raises(ForeignAnswerError):
                save_answer(attempt, SINGLE, [key], at=NOW)

    def test_a_question_that_is_not_on_the_paper(self, attempt):
        with pytest.raises(ForeignAnswerError):
            save_answer(attempt, 99, [], at=NOW)

    def test_two_options_where_one_is_asked_for(self, attempt):
        with pytest.raises(ForeignAnswerError):
            save_answer(
                attempt, SINGLE, attempt.paper.get(position=SINGLE).option_order[:2], at=NOW
            )

    def test_one_bad_answer_saves_none_of_them(self, attempt):
        answers = {**right_answers(attempt), MULTIPLE: ["foreign"]}
        with pytest.raises(ForeignAnswerError):
            save_answers(attempt, answers, at=NOW)
        assert answer_to(attempt, SINGLE) == []

    def test_anything_after_submission(self, attempt):
        right = right_answers(attempt)
        submit_attempt(attempt, at=NOW)
        with pytest.raises(AttemptSubmittedError):
            save_answer(attempt, SINGLE, right[SINGLE], at=NOW + minutes(1))
        assert answer_to(attempt, SINGLE) == []
