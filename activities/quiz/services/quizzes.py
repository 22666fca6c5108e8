"""Saving what a quiz consists of; called when its page is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.quiz.models import Question, QuizQuestion, QuizVersion
from courses.models import Activity


class QuizError(Exception):
    """The quiz can't be given as it is written; the message says what to mend."""


@transaction.atomic
def save_quiz(
    activity: Activity,
    *,
    question_codes: Sequence[str],
    pass_mark_tenths: int,
    attempt_limit: int | None,
    at: datetime,
) -> QuizVersion:
    """The quiz's latest version, a new one only where settings, questions or their order differ.

    `attempt_limit` None is without limit. Attempts already begun keep the version they have.
    Raises `QuizError` without questions, for unknown or repeated ones, and for impossible settings.
    """
    questions = _questions(question_codes)
    _check_settings(pass_mark_tenths, attempt_limit)
    Activity.objects.select_for_update().get(pk=activity.pk)
    latest = activity.quiz_versions.order_by("-number").first()
    settings = {"pass_mark_tenths": pass_mark_tenths, "attempt_limit": attempt_limit}
    if latest is not None and _is_same(latest, settings, questions):
        return latest
    number = latest.number + 1 if latest else 1
    version = QuizVersion.objects.create(
        activity=activity, number=number, created_at=at, **settings
    )
    QuizQuestion.objects.bulk_create(
        QuizQuestion(quiz_version=version, question=question, position=position)
        for position, question in enumerate(questions, start=1)
    )
    return version


def _questions(codes: Sequence[str]) -> list[Question]:
    if not codes:
        raise QuizError(_("Bài kiểm tra chưa có câu hỏi: hãy thêm ít nhất một câu."))
    if len(set(codes)) < len(codes):
        raise QuizError(_("Có câu hỏi xuất hiện hai lần: hãy bỏ bớt một."))
    known = (
        Question.objects.filter(versions__isnull=False)
        .distinct()
        .in_bulk(list(codes), field_name="code")
    )
    missing = [code for code in codes if code not in known]
    if missing:
        raise QuizError(
            _("Không tìm thấy câu hỏi: %(codes)s. Hãy kiểm tra lại mã.")
            % {"codes": ", ".join(missing)}
        )
    return [known[code] for code in codes]


def _check_settings(pass_mark_tenths: int, attempt_limit: int | None) -> None:
    if not 0 <= pass_mark_tenths <= 100:
        raise QuizError(_("Điểm đạt nằm trong khoảng từ 0 đến 10."))
    if attempt_limit is not None and attempt_limit < 1:
        raise QuizError(_("Số lượt tối đa từ 1 trở lên; để trống nếu không giới hạn."))


def _is_same(
    version: QuizVersion, settings: dict[str, int | None], questions: Sequence[Question]
) -> bool:
    asked = version.quiz_questions.order_by("position").values_list("question_id", flat=True)
    return all(getattr(version, field) == value for field, value in settings.items()) and list(
        asked
    ) == [question.pk for question in questions]
