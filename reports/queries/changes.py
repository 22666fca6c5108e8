"""Whether a unit still stands as it stood on the day asked about."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, Min, OuterRef, Q

from people.dates import held_on
from people.models import Unit, UnitVersion


def changed_on(unit: Unit, *, since: date, today: date) -> date | None:
    """First day up to today on which the unit, or one directly below it, has another name or place.

    None when everything is as it was on `since`. A unit that has ended has changed the day after.
    """
    alike = UnitVersion.objects.filter(
        Q(parent=OuterRef("parent")) | Q(parent=None),
        unit=OuterRef("unit"),
        name=OuterRef("name"),
        started_on__gt=OuterRef("ended_on"),
    )
    ended = UnitVersion.objects.filter(
        held_on(since), Q(unit=unit) | Q(parent=unit), ~Exists(alike), ended_on__lt=today
    )
    last_day = ended.aggregate(Min("ended_on"))["ended_on__min"]
    return last_day + timedelta(days=1) if last_day else None
