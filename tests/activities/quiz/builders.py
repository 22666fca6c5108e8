"""Questions, quizzes and ways of answering them, for the tests of this room."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.quiz.models import Attempt, QuestionVersion, QuizVersion
from activities.quiz.papers import questions_of
from activities.quiz.services.questions import save_question, true_false_options
from activities.quiz.services.quizzes import save_quiz
from courses.models import Activity

PUBLISHED_AT = datetime(2026, 5, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)  # inside the runs of tests.factories.make_run


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def options(*texts: str) -> list[tuple[uuid.UUID, str, bool]]:
    """Options by their text; those that begin with an asterisk are right. Keys are by text."""
    return [
        (uuid.uuid5(uuid.NAMESPACE_OID, text.lstrip("*")), text.lstrip("*"), text.startswith("*"))
        for text in texts
    ]


def make_single(code: str = "KH1-C01", *texts: str, **fields: Any) -> QuestionVersion:
    return make_question(code, "single", *(texts or ("*Báo tin", "Im lặng", "Chờ đợi")), **fields)


def make_multiple(code: str = "KH1-C02", *texts: str, **fields: Any) -> QuestionVersion:
    chosen = texts or ("*Lắng nghe", "*Ghi lại", "Tra hỏi", "Kể cho đồng nghiệp")
    return make_question(code, "multiple", *chosen, **fields)


def make_true_false(
    code: str = "KH1-C03", *, is_true: bool = True, **fields: Any
) -> QuestionVersion:
    content = {**_CONTENT, "stem": f"Nhận định {code}", **fields}
    return save_question(
        code, kind="true_false", options=true_false_options(is_true=is_true), **content
    )


def make_question(code: str, kind: str, *texts: str, **fields: Any) -> QuestionVersion:
    content = {**_CONTENT, "stem": f"Hỏi gì ở {code}?", **fields}
    return save_question(code, kind=kind, options=options(*texts), **content)


def make_quiz(
    activity: Activity,
    *codes: str,
    pass_mark_tenths: int = 50,
    attempt_limit: int | None = 2,
    at: datetime = PUBLISHED_AT,
) -> QuizVersion:
    return save_quiz(
        activity,
        question_codes=codes,
        pass_mark_tenths=pass_mark_tenths,
        attempt_limit=attempt_limit,
        at=at,
    )


def right_answers(attempt: Attempt) -> dict[int, list[str]]:
    """What gets every question right, by position."""
    return {
        question.position: [
            str(option.key) for option in question.version.options.all() if option.is_correct
        ]
        for question in questions_of(attempt)
    }


def wrong_answers(attempt: Attempt) -> dict[int, list[str]]:
    """One wrong option for every question."""
    return {
        question.position: [
            next(str(each.key) for each in question.version.options.all() if not each.is_correct)
        ]
        for question in questions_of(attempt)
    }


def as_form(answers: dict[int, list[str]]) -> dict[str, list[str]]:
    """The fields that the paper's form sends."""
    return {f"q{position}": keys for position, keys in answers.items()}


_CONTENT: dict[str, Any] = {
    "bank": "KH1",
    "feedback": "Vì luật nói vậy.",
    "sources": ["LTE Điều 6"],
    "at": PUBLISHED_AT,
}
