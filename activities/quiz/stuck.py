"""Who has used up all attempts without passing, and so needs somebody else to go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q

from activities.quiz.models import Attempt, AttemptGrant, QuizVersion
from activities.quiz.queries import attempts_allowed
from courses.models import Activity, ActivityCompletion, Enrolment, RunTerms
from people.dates import local_day
from people.models import Person


@dataclass(frozen=True, slots=True)
class Stuck:
    """A learner in a run whose quiz is neither passed nor open to another attempt."""

    enrolment: Enrolment
    activity: Activity
    used: int
    last_submitted_at: datetime


def stuck_learners(people: Iterable[Person] | None, *, at: datetime) -> list[Stuck]:
    """Of these people (None: everyone), in runs that still take work; who waits longest leads."""
    done = ActivityCompletion.objects.filter(
        enrolment=OuterRef("enrolment"), activity=OuterRef("activity")
    )
    today = local_day(at)
    current = RunTerms.objects.in_force(at=at).filter(opens_on__lte=today)
    runs = [each.run_id for each in current if today <= each.last_day]
    rows = (
        Attempt.objects.filter(
            ~Exists(done), enrolment__run__in=runs, enrolment__course_completion__isnull=True
        )
        .values("enrolment", "activity")
        .annotate(
            used=Count("pk"),
            begun=Count("pk", filter=Q(submitted_at=None)),
            last=Max("submitted_at"),
        )
        .filter(begun=0)
        .order_by("last")
    )
    if people is not None:
        rows = rows.filter(enrolment__person__in=people)
    waiting = list(rows)
    enrolments = Enrolment.objects.select_related("person", "run").in_bulk(
        [row["enrolment"] for row in waiting]
    )
    activities = Activity.objects.in_bulk([row["activity"] for row in waiting])
    found = [
        Stuck(enrolments[row["enrolment"]], activities[row["activity"]], row["used"], row["last"])
        for row in waiting
    ]
    return _used_up(found)


def _used_up(candidates: list[Stuck]) -> list[Stuck]:
    """Those whose attempts have reached the limit, grants counted in."""
    versions = {
        version.activity_id: version
        for version in QuizVersion.objects.filter(
            activity__in={each.activity.pk for each in candidates}
        ).order_by("number")
    }
    granted: dict[tuple[int, int], int] = {
        (row["enrolment"], row["activity"]): row["count"]
        for row in AttemptGrant.objects.values("enrolment", "activity").annotate(count=Count("pk"))
    }
    return [each for each in candidates if _is_used_up(each, versions, granted)]


def _is_used_up(
    each: Stuck, versions: dict[int, QuizVersion], granted: dict[tuple[int, int], int]
) -> bool:
    key = (each.enrolment.pk, each.activity.pk)
    allowed = attempts_allowed(versions[each.activity.pk], granted=granted.get(key, 0))
    return allowed is not None and each.used >= allowed
