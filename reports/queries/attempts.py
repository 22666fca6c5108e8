"""A person's quiz attempts, for whoever may see her work."""

from __future__ import annotations

from activities.quiz.models import Attempt
from courses.models import CourseRun
from people.models import Person


def attempts_in(person: Person, *, run: CourseRun | None = None) -> list[Attempt]:
    """Her attempts in the run, or in every run; the latest leads (1 query)."""
    attempts = Attempt.objects.filter(enrolment__person=person)
    if run is not None:
        attempts = attempts.filter(enrolment__run=run)
    shown = attempts.select_related("activity__module", "quiz_version", "enrolment__run")
    return list(shown.order_by("-started_at"))
