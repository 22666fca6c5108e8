"""Attempts: begin on a frozen paper, save answers as they are given, submit once."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from activities.quiz.models import (
    Attempt,
    AttemptQuestion,
    QuestionVersion,
    QuizVersion,
)
from activities.quiz.papers import questions_of, takes_several
from activities.quiz.queries import (
    attempts_allowed,
    attempts_left,
    latest_quiz_version,
    resumable_attempt,
)
from activities.quiz.scoring import score_answer, total
from courses.models import Activity, Enrolment
from courses.rules import EvidenceKind, ten_point_tenths
from courses.services.evidence import find_enrolment, lock_enrolment, record_evidence
from people.models import Person

Shuffle = Callable[[list[str]], None]
_shuffle: Shuffle = random.SystemRandom().shuffle


class QuizUnavailableError(Exception):
    """The quiz is not published, so that no new attempt can be begun."""


class NoAttemptLeftError(Exception):
    """Every attempt of this run is used, the granted ones too."""


class AttemptSubmittedError(Exception):
    """The attempt was submitted: its answers can't be changed any more."""


class ForeignAnswerError(Exception):
    """The answer names a question or an option that isn't on this paper."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a submission came to; the same however often it is sent."""

    attempt_id: UUID
    number: int
    submitted_at: datetime
    points: int
    possible: int

    @property
    def tenths(self) -> int:
        return ten_point_tenths(self.points, self.possible)


def start_attempt(
    person: Person,
    activity: Activity,
    *,
    at: datetime,
    shuffle: Shuffle = _shuffle,
) -> Attempt:
    """The person's open attempt, or a new one on a paper frozen now.

    Raises `QuizUnavailableError`, `NoAttemptLeftError` and `courses`' `NoOpenRunError`.
    """
    resumed = resumable_attempt(person, activity, at=at)
    if resumed is not None:
        return resumed
    version = latest_quiz_version(activity)
    if version is None or not activity.is_published:
        raise QuizUnavailableError(_("Bài kiểm tra này hiện không mở."))
    with transaction.atomic():
        enrolment = find_enrolment(person, activity, at=at)
        # Parallel starts queue here; `one_attempt_is_open_at_a_time` stands behind the lock.
        lock_enrolment(enrolment.pk)
        earlier = list(Attempt.objects.filter(enrolment=enrolment, activity=activity))
        for attempt in earlier:
            if attempt.submitted_at is None:
                return attempt
        _refuse_beyond_limit(version, enrolment, used=len(earlier))
        attempt = Attempt.objects.create(
            enrolment=enrolment,
            activity=activity,
            quiz_version=version,
            number=len(earlier) + 1,
            started_at=at,
        )
        _freeze_paper(attempt, shuffle)
        return attempt


def save_answer(
    attempt: Attempt, position: int, option_keys: Sequence[str], *, at: datetime
) -> None:
    """One answer, as it is given; an empty one takes the answer back.

    Raises `AttemptSubmittedError` and `ForeignAnswerError`.
    """
    save_answers(attempt, {position: option_keys}, at=at)


@transaction.atomic
def save_answers(attempt: Attempt, answers: Mapping[int, Sequence[str]], *, at: datetime) -> None:
    """Answers by position, all or none; positions not named keep theirs. Raises the same."""
    if _locked(attempt).submitted_at is not None:
        raise AttemptSubmittedError(_("Bài đã nộp nên câu trả lời không đổi được nữa."))
    paper = {question.position: question for question in attempt.paper.select_related("version")}
    for position, keys in answers.items():
        question = paper.get(position)
        if question is None:
            raise ForeignAnswerError(_("Câu này không có trong đề: hãy tải lại trang."))
        question.answer = _chosen(question, keys)
        question.answered_at = at
    AttemptQuestion.objects.bulk_update(paper.values(), ["answer", "answered_at"])


@transaction.atomic
def submit_attempt(attempt: Attempt, *, at: datetime) -> Receipt:
    """Mark the paper and write its evidence, once; sent again, it gives the same receipt.

    Unanswered questions earn nothing. Raises `NoOpenRunError` after the run's grace; the answers
    stay as they are.
    """
    lock_enrolment(attempt.enrolment_id)  # before the attempt, as whoever merges people does
    locked = _locked(attempt)
    if locked.submitted_at is None:
        _mark(locked, at=at)
        record_evidence(
            locked.enrolment.person,
            activity=locked.activity,
            kind=EvidenceKind.SCORE,
            evidence_id=locked.pk,
            received_at=at,
            points=locked.points,
            possible=locked.possible,
            enrolment=locked.enrolment,
        )
    return receipt_of(locked)


def receipt_of(attempt: Attempt) -> Receipt:
    """Of a submitted attempt."""
    if attempt.submitted_at is None or attempt.points is None or attempt.possible is None:
        raise ValueError(f"Attempt {attempt.pk} has not been submitted.")
    return Receipt(
        attempt_id=attempt.pk,
        number=attempt.number,
        submitted_at=attempt.submitted_at,
        points=attempt.points,
        possible=attempt.possible,
    )


def _refuse_beyond_limit(version: QuizVersion, enrolment: Enrolment, *, used: int) -> None:
    granted = enrolment.attempt_grants.filter(activity=version.activity_id).count()
    if attempts_left(attempts_allowed(version, granted=granted), used=used) == 0:
        raise NoAttemptLeftError(
            _(
                "Đã dùng hết số lượt làm bài. Giảng viên nguồn hoặc người quản lý đơn vị "
                "có thể cấp thêm một lượt."
            )
        )


def _freeze_paper(attempt: Attempt, shuffle: Shuffle) -> None:
    """The latest version of each question, its options in an order of the attempt's own."""
    latest = QuestionVersion.objects.filter(question=OuterRef("question")).order_by("-number")
    asked = list(
        attempt.quiz_version.quiz_questions.order_by("position")
        .annotate(latest=Subquery(latest.values("pk")[:1]))
        .values_list("latest", flat=True)
    )
    versions = QuestionVersion.objects.prefetch_related("options").in_bulk(asked)
    AttemptQuestion.objects.bulk_create(
        AttemptQuestion(
            attempt=attempt,
            position=position,
            version=versions[key],
            option_order=_option_order(versions[key], shuffle),
        )
        for position, key in enumerate(asked, start=1)
    )


def _option_order(version: QuestionVersion, shuffle: Shuffle) -> list[str]:
    keys = [str(option.key) for option in version.options.all()]
    if not version.keep_order:
        shuffle(keys)
    return keys


def _locked(attempt: Attempt) -> Attempt:
    """The attempt as it stands now; nobody else saves or submits until the transaction ends."""
    return (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("activity", "enrolment__person", "enrolment__run")
        .get(pk=attempt.pk)
    )


def _chosen(question: AttemptQuestion, keys: Sequence[str]) -> list[str]:
    """The keys in the paper's order, each once."""
    picked = set(keys)
    if not picked <= set(question.option_order):
        raise ForeignAnswerError(_("Phương án này không thuộc câu hỏi: hãy tải lại trang."))
    if len(picked) > 1 and not takes_several(question):
        raise ForeignAnswerError(_("Câu này chỉ chọn một phương án."))
    return [key for key in question.option_order if key in picked]


def _mark(attempt: Attempt, *, at: datetime) -> None:
    scores = []
    questions = questions_of(attempt)
    for question in questions:
        version = question.version
        correct = [str(option.key) for option in version.options.all() if option.is_correct]
        score = score_answer(
            version.kind, chosen=question.answer, correct=correct, points=version.points
        )
        question.points = score.points
        scores.append(score)
    AttemptQuestion.objects.bulk_update(questions, ["points"])
    whole = total(scores)
    attempt.points, attempt.possible, attempt.submitted_at = whole.points, whole.possible, at
    attempt.save(update_fields=["points", "possible", "submitted_at"])
