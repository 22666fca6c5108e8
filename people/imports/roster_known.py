"""What is known of the people and units that a list names, in a few queries a thousand rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Lower

from people.dates import held_on
from people.imports.roster_plan import Stay
from people.imports.roster_rows import RosterRow
from people.models import Membership, Person, RosterList, Unit, UnitVersion

CHUNK = 500  # values in one query
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownUnit:
    pk: int
    opened_on: date
    closed_on: date | None
    has_facts: bool  # a version on the day of the list
    latest_list_on: date | None


@dataclass(slots=True)
class Known:
    """Everything by code. `stays` are primary memberships by day; `residents` are active ones."""

    units: dict[str, KnownUnit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    stays: dict[str, list[Stay]] = field(default_factory=lambda: defaultdict(list))
    residents: list[str] = field(default_factory=list)
    near_codes: dict[str, str] = field(default_factory=dict)  # the list's code → one like it
    full_lists: dict[str, date] = field(default_factory=dict)  # by unit, also of units left


def know(rows: Sequence[RosterRow], *, as_of: date, lock: bool) -> Known:
    """`lock` holds the units until the transaction ends, so that two lists of one take turns."""
    known = Known()
    codes = {row.unit_code for row in rows}
    if lock:
        list(Unit.objects.select_for_update().filter(code__in=codes).order_by("pk"))
    known.units = _units(codes, as_of)
    residents = Membership.objects.primary_on(as_of).filter(unit__code__in=known.units)
    known.residents = sorted(residents.values_list("person__code", flat=True))
    for chunk in in_chunks(sorted({row.person_code for row in rows} | set(known.residents))):
        known.people |= {p.code: p for p in Person.objects.filter(code__in=chunk)}
    _know_stays(known)
    known.near_codes = _near_people(rows, known) | _near_units(rows, known)
    known.full_lists = dict(
        RosterList.objects.filter(is_partial=False)
        .values_list("unit__code")
        .annotate(Max("as_of"))
        .values_list("unit__code", "as_of__max")
    )
    return known


def in_chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    values = list(values)
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _units(codes: set[str], as_of: date) -> dict[str, KnownUnit]:
    facts = UnitVersion.objects.filter(held_on(as_of), unit=OuterRef("pk"))
    units = Unit.objects.filter(code__in=codes).annotate(
        has_facts=Exists(facts), latest_list_on=Max("roster_lists__as_of")
    )
    return {
        unit.code: KnownUnit(
            unit.pk, unit.opened_on, unit.closed_on, unit.has_facts, unit.latest_list_on
        )
        for unit in units
    }


def _know_stays(known: Known) -> None:
    codes = {person.pk: code for code, person in known.people.items()}
    for chunk in in_chunks(codes):
        stays = Membership.objects.filter(person__in=chunk, is_primary=True)
        for stay in stays.annotate(unit_code=F("unit__code")).order_by("started_on"):
            known.stays[codes[stay.person_id]].append(
                Stay(
                    unit=stay.unit_code,
                    staff_group=stay.staff_group,
                    position=stay.position,
                    position_title=stay.position_title,
                    status=stay.status,
                    started_on=stay.started_on,
                    ended_on=stay.ended_on,
                    pk=stay.pk,
                )
            )


def _near_people(rows: Sequence[RosterRow], known: Known) -> dict[str, str]:
    """Unknown codes that differ from a known one in letter case, or in zeros a number lost."""
    strangers = {row.person_code for row in rows if row.person_code not in known.people}
    near: dict[str, str] = {}
    for chunk in in_chunks(sorted(strangers)):
        found = Person.objects.annotate(lower=Lower("code")).filter(
            lower__in=[code.lower() for code in chunk]
        )
        by_lower = {person.code.lower(): person.code for person in found}
        near |= {c: by_lower[c.lower()] for c in chunk if c.lower() in by_lower}
    numbers = {row.person_code for row in rows if "person_code" in row.numeric_codes}
    if numbers & strangers:
        padded = Person.objects.filter(code__startswith="0").values_list("code", flat=True)
        near |= _without_zeros(padded, numbers & strangers)
    return near


def _near_units(rows: Sequence[RosterRow], known: Known) -> dict[str, str]:
    strangers = {row.unit_code for row in rows if row.unit_code not in known.units}
    if not strangers:
        return {}
    numbers = {row.unit_code for row in rows if "unit_code" in row.numeric_codes}
    padded = Unit.objects.filter(Q(code__startswith="0")).values_list("code", flat=True)
    return _without_zeros(padded, numbers & strangers)


def _without_zeros(padded: Iterable[str], numbers: set[str]) -> dict[str, str]:
    return {code.lstrip("0"): code for code in padded if code.lstrip("0") in numbers}
