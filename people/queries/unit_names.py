"""What the unit is called in which somebody counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from people.dates import held_on
from people.models import Membership, Person, UnitVersion


def units_of(people: Iterable[Person], *, on: date) -> dict[int, str]:
    """The name of the unit where each counts that day, by the key of the person (2 queries)."""
    here = Membership.objects.primary_on(on).filter(person__in=[each.pk for each in people])
    units = dict(here.values_list("person", "unit"))
    versions = UnitVersion.objects.filter(held_on(on), unit__in=set(units.values()))
    names = dict(versions.values_list("unit", "name"))
    return {person: names.get(unit, "") for person, unit in units.items()}
