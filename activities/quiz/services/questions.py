"""Saving questions: an edit is another version, and saving the same again is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from activities.quiz.models import Option, Question, QuestionKind, QuestionVersion

# Never change them: answers already given to true/false questions name them.
TRUE_KEY = UUID("6e1f2c1a-54fd-4a0b-9f53-0a5d2f1c7e01")
FALSE_KEY = UUID("6e1f2c1a-54fd-4a0b-9f53-0a5d2f1c7e02")
TRUE_TEXT, FALSE_TEXT = "Đúng", "Sai"


class QuestionError(Exception):
    """The question can't be asked as it is written; the message says what to mend."""


class OptionContent(NamedTuple):
    key: UUID
    text: str
    is_correct: bool


@transaction.atomic
def save_question(
    code: str,
    *,
    bank: str,
    kind: str,
    stem: str,
    scenario: str | None = "",
    options: Sequence[tuple[UUID, str, bool]],
    feedback: str = "",
    sources: Sequence[str] = (),
    difficulty: str = "medium",
    keep_order: bool = False,
    at: datetime,
) -> QuestionVersion:
    """The question's latest version, a new one only where the content differs from it.

    `options` are (key, text, is_correct) in the order written. True/false questions come with the
    two options "Đúng" and "Sai"; their keys are replaced by the fixed ones. Raises `QuestionError`.
    """
    choices = _checked(code, kind, stem, [OptionContent(*option) for option in options])
    content: dict[str, Any] = {
        "kind": str(kind),
        "scenario": scenario or "",
        "stem": stem,
        "feedback": feedback,
        "sources": list(sources),
        "difficulty": str(difficulty),
        "keep_order": keep_order or kind == QuestionKind.TRUE_FALSE,
    }
    content_hash = _hash(content, choices)
    question = _locked_question(code, bank)
    latest = question.versions.order_by("-number").first()
    if latest is not None and latest.content_hash == content_hash:
        return latest
    number = latest.number + 1 if latest else 1
    version = QuestionVersion.objects.create(
        question=question, number=number, created_at=at, content_hash=content_hash, **content
    )
    Option.objects.bulk_create(
        Option(version=version, position=position, **choice._asdict())
        for position, choice in enumerate(choices, start=1)
    )
    return version


def true_false_options(*, is_true: bool) -> list[OptionContent]:
    """The two options of a true/false question, whose statement is true or not."""
    return [
        OptionContent(TRUE_KEY, TRUE_TEXT, is_true),
        OptionContent(FALSE_KEY, FALSE_TEXT, not is_true),
    ]


def _checked(code: str, kind: str, stem: str, options: list[OptionContent]) -> list[OptionContent]:
    correct = [option for option in options if option.is_correct]
    for is_wrong, message in (
        (kind not in QuestionKind.values, _("Kiểu câu hỏi này chưa dùng được.")),
        (not stem.strip(), _("Câu hỏi chưa có nội dung.")),
        (len(options) < 2, _("Câu hỏi cần ít nhất hai phương án.")),
        (any(not option.text.strip() for option in options), _("Có phương án để trống.")),
        (len({option.key for option in options}) < len(options), _("Có hai phương án trùng mã.")),
        (not correct, _("Câu hỏi chưa có đáp án: hãy đánh dấu phương án đúng.")),
        (
            kind != QuestionKind.MULTIPLE and len(correct) > 1,
            _("Kiểu câu hỏi này chỉ có một phương án đúng."),
        ),
    ):
        if is_wrong:
            raise QuestionError(f"{code}: {message}")
    return _with_fixed_keys(code, options) if kind == QuestionKind.TRUE_FALSE else options


def _with_fixed_keys(code: str, options: list[OptionContent]) -> list[OptionContent]:
    is_correct = {option.text: option.is_correct for option in options}
    if len(options) != 2 or set(is_correct) != {TRUE_TEXT, FALSE_TEXT}:
        raise QuestionError(
            f"{code}: " + _("Câu Đúng/Sai có đúng hai phương án là “Đúng” và “Sai”.")
        )
    return true_false_options(is_true=is_correct[TRUE_TEXT])


def _hash(content: dict[str, Any], options: Sequence[OptionContent]) -> str:
    written = [[str(option.key), option.text, option.is_correct] for option in options]
    whole = json.dumps({**content, "options": written}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def _locked_question(code: str, bank: str) -> Question:
    Question.objects.get_or_create(code=code, defaults={"bank": bank})
    question = Question.objects.select_for_update().get(code=code)
    if question.bank != bank:
        question.bank = bank
        question.save(update_fields=["bank"])
    return question
