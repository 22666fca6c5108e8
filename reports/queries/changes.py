"""Whether a unit still stands as it stood on the day asked about."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from people.models import Unit, UnitVersion


def changed_on(unit: Unit, *, since: date, today: date) -> date | None:
    """First day on which the unit's name or place, or what is directly below it, is another.

    None when all of it is today as it was on `since`. A unit that ends has changed the day after.
    """
    versions = list(
        UnitVersion.objects.filter(Q(unit=unit) | Q(parent=unit), started_on__lte=today)
        .exclude(ended_on__lt=since)
        .values_list("unit", "name", "parent", "started_on", "ended_on")
    )

    def standing(day: date) -> set[tuple[int, str, int | None]]:
        return {
            (key, name, parent)
            for key, name, parent, first, last in versions
            if first <= day <= (last or today)
        }

    before = standing(since)
    if standing(today) == before:
        return None
    begun = {first for *_place, first, _last in versions}
    ended = {last + timedelta(days=1) for *_place, last in versions if last}
    return next(day for day in sorted(begun | ended) if day > since and standing(day) != before)
