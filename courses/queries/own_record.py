"""What this room holds of a person, ready for JSON: for herself to take away."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from courses.models import Enrolment
from people.models import Person


def training_of(person: Person) -> list[dict[str, Any]]:
    """Of each run she began: what happened, and what was completed when."""
    enrolments = person.enrolments.select_related("run__course", "course_completion")
    prefetched = enrolments.prefetch_related(
        "evidence__activity",
        "activity_completions__activity",
        "module_completions__module",
    )
    return [_enrolment(each) for each in prefetched.order_by("began_at", "pk")]


def _enrolment(enrolment: Enrolment) -> dict[str, Any]:
    completion = getattr(enrolment, "course_completion", None)
    return {
        "run": enrolment.run.code,
        "course": enrolment.run.course.code,
        "began_at": timezone.localtime(enrolment.began_at),
        "evidence": [
            {
                "activity": each.activity.code,
                "kind": each.kind,
                "points": each.points,
                "possible": each.possible,
                "received_at": timezone.localtime(each.received_at),
            }
            for each in enrolment.evidence.all()
        ],
        "activities_completed": [
            {"activity": each.activity.code, "completed_at": timezone.localtime(each.completed_at)}
            for each in enrolment.activity_completions.all()
        ],
        "modules_completed": [
            {"module": each.module.code, "completed_at": timezone.localtime(each.completed_at)}
            for each in enrolment.module_completions.all()
        ],
        "completed_at": completion and timezone.localtime(completion.completed_at),
    }
