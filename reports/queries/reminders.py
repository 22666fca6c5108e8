"""What people were reminded of."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from people.models import Person, Unit, User
from reports.models import Reminder
from reports.queries.audience import Question
from reports.queries.people import is_complete_for

SHOWN_FOR = timedelta(days=30)


def reminders_at(unit: Unit, viewer: User, *, on: date) -> QuerySet[Reminder]:
    """Of people whom the viewer manages, newest first."""
    managed = Person.objects.managed_by(viewer, on=on)
    rows = Reminder.objects.filter(unit=unit, person__in=managed)
    return rows.select_related("person", "target", "reminded_by__person")


def reminder_for(person: Person, *, on: date) -> Reminder | None:
    """Her latest of the last weeks, while the target still waits for her (1 query, 2 with one)."""
    rows = Reminder.objects.filter(person=person, reminded_on__gt=on - SHOWN_FOR)
    latest = rows.select_related("target", "reminded_by__person").first()
    if latest is None or is_complete_for(person, Question(latest.target, on)) is not False:
        return None
    return latest
