from __future__ import annotations

import pytest

from activities.quiz.models import QuizVersion
from activities.quiz.services.quizzes import QuizError
from people.models.append_only import AppendOnlyError
from tests.activities.quiz.builders import make_quiz

CODES = ("KH1-C01", "KH1-C02", "KH1-C03")


def asked(version: QuizVersion) -> list[str]:
    return [each.question.code for each in version.quiz_questions.order_by("position")]


class TestSavingAQuiz:
    def test_keeps_the_order_given(self, quiz):
        assert asked(make_quiz(quiz, *reversed(CODES))) == list(reversed(CODES))

    def test_the_same_settings_again_make_no_version(self, quiz):
        assert make_quiz(quiz, *CODES).number == 1
        assert quiz.quiz_versions.count() == 1

    @pytest.mark.parametrize("changed", [{"pass_mark_tenths": 80}, {"attempt_limit": None}])
    def test_another_setting_makes_another(self, quiz, changed):
        assert make_quiz(quiz, *CODES, **changed).number == 2

    def test_another_order_makes_another(self, quiz):
        assert make_quiz(quiz, *reversed(CODES)).number == 2

    def test_a_version_never_changes(self, quiz):
        version = quiz.quiz_versions.get()
        version.pass_mark_tenths = 10
        with pytest.raises(AppendOnlyError):
            version.save()


class TestRefusing:
    def test_no_questions(self, quiz):
        with pytest.raises(QuizError, match="chưa có câu hỏi"):
            make_quiz(quiz)

    def test_names_the_questions_that_are_unknown(self, quiz):
        with pytest.raises(QuizError, match="KH1-C88, KH1-C99"):
            make_quiz(quiz, "KH1-C88", "KH1-C01", "KH1-C99")

    def test_a_question_twice(self, quiz):
        with pytest.raises(QuizError, match="hai lần"):
            make_quiz(quiz, "KH1-C01", "KH1-C01")

    def test_a_pass_mark_above_ten(self, quiz):
        with pytest.raises(QuizError, match="0 đến 10"):
            make_quiz(quiz, *CODES, pass_mark_tenths=101)

    def test_a_limit_of_no_attempt(self, quiz):
        with pytest.raises(QuizError, match="lượt"):
            make_quiz(quiz, *CODES, attempt_limit=0)
