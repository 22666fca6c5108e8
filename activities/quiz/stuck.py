"""Who has used up all attempts without passing, and so needs somebody else to go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from activities.quiz.models import Attempt, AttemptGrant, QuizVersion
from courses.models import Activity, ActivityCompletion, CourseRun, Enrolment, RunTerms
from people.dates import local_day
from people.models import Person


@dataclass(frozen=True, slots=True)
class Stuck:
    """A learner in a run whose quiz is neither passed nor open to another attempt."""

    enrolment: Enrolment
    activity: Activity
    used: int
    last_submitted_at: datetime


def stuck_learners(
    people: Iterable[Person] | None, *, at: datetime, run: CourseRun | None = None
) -> list[Stuck]:
    """Of these people (None: everyone), in runs that still take work; who waits longest leads."""
    today = local_day(at)
    current = RunTerms.objects.in_force(at=at).filter(opens_on__lte=today)
    if run is not None:
        current = current.filter(run=run)
    runs = [each.run_id for each in current if today <= each.last_day]
    waiting = list(_used_up(runs, people))
    enrolments = Enrolment.objects.select_related("person", "run").in_bulk(
        [row["enrolment"] for row in waiting]
    )
    activities = Activity.objects.in_bulk([row["activity"] for row in waiting])
    return [
        Stuck(enrolments[row["enrolment"]], activities[row["activity"]], row["used"], row["last"])
        for row in waiting
    ]


def stuck_pairs(
    runs: Iterable[CourseRun], *, people: Iterable[Person] | None = None
) -> set[tuple[int, int]]:
    """(enrolment, quiz) of whoever is stuck in runs that still take work (1 query)."""
    rows = _used_up([run.pk for run in runs], people)
    return {(row["enrolment"], row["activity"]) for row in rows}


def _used_up(runs: list[int], people: Iterable[Person] | None) -> Iterable[Mapping[str, Any]]:
    """Quizzes begun, not passed, nothing open, and as many attempts as are allowed with grants."""
    same = {"enrolment": OuterRef("enrolment"), "activity": OuterRef("activity")}
    latest = QuizVersion.objects.filter(activity=OuterRef("activity")).order_by("-number")
    granted = AttemptGrant.objects.filter(**same).order_by().values("enrolment", "activity")
    attempts = Attempt.objects.filter(
        ~Exists(ActivityCompletion.objects.filter(**same)),
        enrolment__run__in=runs,
        enrolment__course_completion__isnull=True,
    )
    if people is not None:
        attempts = attempts.filter(enrolment__person__in=people)
    return (
        attempts.values("enrolment", "activity")
        .annotate(
            used=Count("pk"),
            begun=Count("pk", filter=Q(submitted_at=None)),
            last=Max("submitted_at"),
            limit=Subquery(latest.values("attempt_limit")[:1]),
            granted=Coalesce(Subquery(granted.annotate(count=Count("pk")).values("count")), 0),
        )
        .filter(begun=0, limit__isnull=False, used__gte=F("limit") + F("granted"))
        .order_by("last", "enrolment", "activity")
    )
