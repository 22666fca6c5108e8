"""What a person can do with a quiz now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from activities.quiz.models import Attempt, AttemptGrant, QuizVersion
from courses.models import Activity
from courses.queries import OpenRun, open_runs, takes_evidence
from courses.rules import is_passed, ten_point_tenths
from people.models import Person


class Obstacle(StrEnum):
    """Why no attempt can be begun."""

    NO_PERSON = "no_person"
    UNAVAILABLE = "unavailable"
    NO_OPEN_RUN = "no_open_run"
    NO_ATTEMPT_LEFT = "no_attempt_left"


@dataclass(frozen=True, slots=True)
class QuizState:
    """A quiz for one person: what it asks, what she did in her run, what she can do next.

    `allowed` and `left` count what was granted and are None without a limit. `obstacle` is None
    exactly when there is an attempt to continue or to begin.
    """

    activity: Activity
    pass_mark_tenths: int
    question_count: int
    allowed: int | None
    used: int
    best_tenths: int | None
    is_passed: bool
    open_attempt: Attempt | None
    obstacle: Obstacle | None

    @property
    def left(self) -> int | None:
        return attempts_left(self.allowed, used=self.used)


def attempts_left(allowed: int | None, *, used: int) -> int | None:
    """How many more may be begun; None without a limit."""
    return None if allowed is None else max(0, allowed - used)


def attempts_allowed(version: QuizVersion, *, granted: int) -> int | None:
    """The quiz's limit and what was granted beyond it; None without a limit."""
    return None if version.attempt_limit is None else version.attempt_limit + granted


def attempts_of(person: Person) -> QuerySet[Attempt]:
    """The person's own attempts, in every run."""
    return Attempt.objects.filter(enrolment__person=person)


def latest_quiz_version(activity: Activity) -> QuizVersion | None:
    """What a new attempt is given, with `question_count`; None before the quiz was published."""
    return (
        QuizVersion.objects.filter(activity=activity)
        .annotate(question_count=Count("quiz_questions"))
        .order_by("-number")
        .first()
    )


def has_passed(attempt: Attempt) -> bool:
    """By the pass mark that its paper told the learner; False before submission."""
    return is_passed(attempt.points, attempt.possible, attempt.quiz_version.pass_mark_tenths)


def resumable_attempt(person: Person, activity: Activity, *, at: datetime) -> Attempt | None:
    """The attempt that is open and can still be submitted, though the quiz may be gone by now."""
    attempts = attempts_of(person).filter(activity=activity).select_related("enrolment__run")
    return _resumable(attempts.order_by("-started_at"), at=at)


def quiz_state(
    person: Person | None,
    activity: Activity,
    *,
    at: datetime,
    runs: Sequence[OpenRun] | None = None,
) -> QuizState:
    """What the intro and the result say. Three queries with an attempt to continue.

    Otherwise two, and those of `courses.queries.open_runs` unless the page already has the
    person's open runs for the activity's module and passes them as `runs`.
    """
    version = latest_quiz_version(activity)
    if person is None:
        return _state(activity, version, [], obstacle=Obstacle.NO_PERSON)
    attempts = _attempts_with_grants(person, activity)
    resumable = _resumable(attempts, at=at)
    if resumable is not None:
        mine = _in_enrolment(attempts, resumable.enrolment_id)
        return _state(activity, version, mine, open_attempt=resumable)
    if runs is None:
        runs = open_runs(person, at=at, module=activity.module)
    mine = _in_enrolment(attempts, _enrolment_shown(attempts, runs))
    return _state(activity, version, mine, obstacle=_obstacle(activity, version, mine, runs))


def _attempts_with_grants(person: Person, activity: Activity) -> list[Attempt]:
    """Latest first; `granted` is how many were granted in the same run."""
    grants = (
        AttemptGrant.objects.filter(enrolment=OuterRef("enrolment"), activity=activity)
        .values("enrolment")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return list(
        attempts_of(person)
        .filter(activity=activity)
        .select_related("quiz_version", "enrolment__run")
        .annotate(granted=Coalesce(Subquery(grants, output_field=IntegerField()), 0))
        .order_by("-started_at", "-number")
    )


def _resumable(attempts: Iterable[Attempt], *, at: datetime) -> Attempt | None:
    for attempt in attempts:
        if attempt.submitted_at is None and takes_evidence(attempt.enrolment, at=at):
            return attempt
    return None


def _enrolment_shown(attempts: Sequence[Attempt], runs: Sequence[OpenRun]) -> int | None:
    """The enrolment in the run that takes evidence now; without a run, the last one with work."""
    if runs:
        return runs[0].enrolment.pk if runs[0].enrolment else None
    return attempts[0].enrolment_id if attempts else None


def _in_enrolment(attempts: Iterable[Attempt], enrolment: int | None) -> list[Attempt]:
    return [attempt for attempt in attempts if attempt.enrolment_id == enrolment]


def _obstacle(
    activity: Activity,
    version: QuizVersion | None,
    attempts: Sequence[Attempt],
    runs: Sequence[OpenRun],
) -> Obstacle | None:
    if version is None or not activity.is_published:
        return Obstacle.UNAVAILABLE
    if not runs:
        return Obstacle.NO_OPEN_RUN
    if attempts_left(_allowed(version, attempts), used=len(attempts)) == 0:
        return Obstacle.NO_ATTEMPT_LEFT
    return None


def _allowed(version: QuizVersion | None, attempts: Sequence[Attempt]) -> int | None:
    if version is None:
        return None
    granted: int = attempts[0].granted if attempts else 0  # type: ignore[attr-defined]
    return attempts_allowed(version, granted=granted)


def _state(
    activity: Activity,
    version: QuizVersion | None,
    attempts: Sequence[Attempt],
    *,
    open_attempt: Attempt | None = None,
    obstacle: Obstacle | None = None,
) -> QuizState:
    scores = [tenths for tenths in map(_tenths, attempts) if tenths is not None]
    return QuizState(
        activity=activity,
        pass_mark_tenths=version.pass_mark_tenths if version else 0,
        question_count=version.question_count if version else 0,  # type: ignore[attr-defined]
        allowed=_allowed(version, attempts),
        used=len(attempts),
        best_tenths=max(scores, default=None),
        is_passed=any(has_passed(attempt) for attempt in attempts),
        open_attempt=open_attempt,
        obstacle=obstacle,
    )


def _tenths(attempt: Attempt) -> int | None:
    if attempt.points is None or attempt.possible is None:
        return None
    return ten_point_tenths(attempt.points, attempt.possible)
