"""Units and people of the demo, written in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from lms.demo.geography import (
    DISTRICT,
    NEW_COMMUNES,
    OLD_COMMUNES,
    OPENED_ON,
    REORGANISED_ON,
    ROOT,
    SUCCESSOR,
    PlannedUnit,
)
from lms.demo.staff import FIRST_ROSTER_ON, Someone
from people.models import Membership, Person, RosterList, Unit, UnitVersion
from people.services.units import rebuild_closure

LAST_OLD_DAY = REORGANISED_ON - timedelta(days=1)
ROSTER_MONTH = 10  # each office sends its lists in October


def write_units(planned: Iterable[PlannedUnit]) -> dict[str, Unit]:
    """All units with their versions before and after the reorganisation; returns them by code."""
    units: dict[str, Unit] = {}
    _add(units, ROOT, "Thành phố Hồ Chí Minh", "city", "", None)
    _add(units, DISTRICT, "Huyện Củ Chi", "district", "", ROOT, last=LAST_OLD_DAY)
    for code, name in OLD_COMMUNES.items():
        _add(units, code, name, "commune", "social", DISTRICT, last=LAST_OLD_DAY)
    for code, (name, _olds) in NEW_COMMUNES.items():
        _add(units, code, name, "commune", "social", ROOT, first=REORGANISED_ON)
    for unit in planned:
        if unit.parent == DISTRICT:
            _add(units, unit.code, unit.name, unit.kind, unit.sector, DISTRICT, last=LAST_OLD_DAY)
            continue
        _add(units, unit.code, unit.name, unit.kind, unit.sector, unit.parent)
        _hang_under_successor(units, unit)
    rebuild_closure()
    return units


def write_people(people: list[Someone], units: dict[str, Unit]) -> dict[int, Person]:
    """Persons and memberships; returns the persons by their number in the demo."""
    rows = []
    for someone in people:
        row = Person(
            code=f"{7900000000 + someone.number * 7:010d}",
            family_name=someone.family,
            middle_name=someone.middle,
            given_name=someone.given,
            sex=someone.sex,
            birth_date=someone.birth_date,
        )
        row.derive()
        rows.append(row)
    persons = Person.objects.bulk_create(rows, batch_size=1000)
    by_number = {someone.number: row for someone, row in zip(people, persons, strict=True)}
    Membership.objects.bulk_create(
        (
            Membership(
                person=by_number[someone.number],
                unit=units[stay.unit],
                staff_group=stay.group,
                position=stay.position,
                status=stay.status,
                started_on=stay.started_on,
                ended_on=stay.ended_on,
            )
            for someone in people
            for stay in someone.stays
        ),
        batch_size=1000,
    )
    return by_number


def write_roster_lists(units: dict[str, Unit], *, until: date) -> None:
    """The lists that the offices would have sent: the first one, then one each October."""
    days = [FIRST_ROSTER_ON]
    days += [date(year, ROSTER_MONTH, 1) for year in range(FIRST_ROSTER_ON.year, until.year + 1)]
    RosterList.objects.bulk_create(
        RosterList(
            unit=unit,
            as_of=day,
            applied_at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
            content_hash="",
        )
        for unit in units.values()
        for day in days
        if day < until and unit.opened_on <= day and (unit.closed_on or day) >= day
    )


def _add(
    units: dict[str, Unit],
    code: str,
    name: str,
    kind: str,
    sector: str,
    parent: str | None,
    *,
    first: date = OPENED_ON,
    last: date | None = None,
) -> None:
    unit = Unit.objects.create(code=code, opened_on=first, closed_on=last)
    UnitVersion.objects.create(
        unit=unit,
        started_on=first,
        ended_on=last,
        name=name,
        kind=kind,
        sector=sector,
        parent=units[parent] if parent else None,
    )
    units[code] = unit


def _hang_under_successor(units: dict[str, Unit], unit: PlannedUnit) -> None:
    version = units[unit.code].versions.get()
    version.ended_on = LAST_OLD_DAY
    version.save(update_fields=["ended_on"])
    UnitVersion.objects.create(
        unit=units[unit.code],
        started_on=REORGANISED_ON,
        name=unit.name,
        kind=unit.kind,
        sector=unit.sector,
        parent=units[SUCCESSOR[unit.parent]],
        deciding_document="Nghị quyết 1685/NQ-UBTVQH15",
    )
