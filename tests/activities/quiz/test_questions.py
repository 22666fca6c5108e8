from __future__ import annotations

import pytest

from activities.quiz.models import Question, QuestionVersion
from activities.quiz.services.questions import (
    FALSE_KEY,
    TRUE_KEY,
    QuestionError,
    save_question,
)
from people.models.append_only import AppendOnlyError
from tests.activities.quiz.builders import (
    PUBLISHED_AT,
    make_multiple,
    make_question,
    make_single,
    make_true_false,
    options,
)

pytestmark = pytest.mark.django_db


class TestSavingAQuestion:
    def test_the_first_time_makes_its_first_version(self):
        version = make_single("KH1-C01", "*Có", "Không", stem="Hỏi?")
        assert (version.number, version.stem) == (1, "Hỏi?")
        assert [(each.text, each.is_correct) for each in version.options.all()] == [
            ("Có", True),
            ("Không", False),
        ]

    def test_the_same_content_again_makes_none(self):
        assert make_single() == make_single()
        assert QuestionVersion.objects.count() == 1

    @pytest.mark.parametrize(
        "changed",
        [
            {"stem": "Hỏi khác?"},
            {"scenario": "Một hôm…"},
            {"feedback": "Vì lẽ khác."},
            {"sources": ["LTE Điều 7"]},
            {"difficulty": "hard"},
            {"keep_order": True},
        ],
    )
    def test_any_change_of_content_makes_another(self, changed):
        first = make_single()
        second = make_single(**changed)
        assert (first.number, second.number) == (1, 2)

    def test_moving_the_key_makes_another(self):
        make_single("KH1-C01", "*Có", "Không")
        assert make_single("KH1-C01", "Có", "*Không").number == 2

    def test_going_back_makes_a_third_and_not_the_first_again(self):
        make_single(stem="Một")
        make_single(stem="Hai")
        assert make_single(stem="Một").number == 3

    def test_another_bank_moves_the_question_without_a_version(self):
        make_single(bank="KH1")
        assert make_single(bank="KH2").number == 1
        assert Question.objects.get().bank == "KH2"

    def test_a_version_never_changes(self):
        version = make_single()
        version.stem = "Khác"
        with pytest.raises(AppendOnlyError):
            version.save()
        with pytest.raises(AppendOnlyError):
            version.options.first().delete()


class TestTrueFalse:
    def test_has_two_options_with_fixed_keys_in_fixed_order(self):
        version = make_true_false(is_true=False)
        assert [(each.key, each.text, each.is_correct) for each in version.options.all()] == [
            (TRUE_KEY, "Đúng", False),
            (FALSE_KEY, "Sai", True),
        ]
        assert version.keep_order

    def test_keys_of_the_content_file_are_replaced(self):
        version = make_question("KH1-C09", "true_false", "*Đúng", "Sai")
        assert {each.key for each in version.options.all()} == {TRUE_KEY, FALSE_KEY}

    def test_refuses_other_words(self):
        with pytest.raises(QuestionError, match="Đúng/Sai"):
            make_question("KH1-C09", "true_false", "*Phải", "Trái")


class TestRefusing:
    def test_a_kind_that_is_not_built(self):
        with pytest.raises(QuestionError, match="KH1-C09"):
            make_question("KH1-C09", "matching", "*Một", "Hai")

    def test_a_question_without_a_key(self):
        with pytest.raises(QuestionError, match="đáp án"):
            make_single("KH1-C09", "Một", "Hai")

    def test_single_choice_with_two_keys(self):
        with pytest.raises(QuestionError, match="một phương án đúng"):
            make_single("KH1-C09", "*Một", "*Hai")

    def test_a_lonely_option(self):
        with pytest.raises(QuestionError, match="hai phương án"):
            make_single("KH1-C09", "*Một")

    def test_an_option_twice(self):
        with pytest.raises(QuestionError, match="trùng"):
            make_multiple("KH1-C09", "*Một", "Một")

    def test_an_empty_stem(self):
        with pytest.raises(QuestionError, match="nội dung"):
            make_single(stem="  ")

    def test_leaves_nothing_behind(self):
        with pytest.raises(QuestionError):
            save_question(
                "KH1-C09", bank="KH1", kind="single", stem="?", options=[], at=PUBLISHED_AT
            )
        assert not Question.objects.exists()

    def test_nothing_is_lost_when_scenario_is_none(self):
        version = save_question(
            "KH1-C09",
            bank="KH1",
            kind="single",
            stem="?",
            scenario=None,
            options=options("*Một", "Hai"),
            at=PUBLISHED_AT,
        )
        assert version.scenario == ""
