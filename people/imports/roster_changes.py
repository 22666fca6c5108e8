"""What is stored of a reconciled row until it is applied: one change a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from people.imports.roster_known import Facts, KnownPerson
from people.imports.roster_plan import Stay, Steps
from people.imports.roster_rows import RosterRow
from people.names import folded, sort_key, split_name


@dataclass(slots=True)
class Change:
    """The columns of `RosterChange` by their names in the database, but for whose list it is;
    `facts` are one column each."""

    row: int
    verdict: str
    person_id: int | None
    duplicate_of: str
    is_outside: bool
    code: str
    facts: Facts
    is_corrected: bool = False
    opened_on: date | None = None
    opened_until: date | None = None
    opened_unit_id: int | None = None
    opened_group: str = ""
    opened_position: str = ""
    opened_title: str = ""
    opened_status: str = ""
    closed_id: int | None = None
    closed_from: date | None = None
    closed_until: date | None = None
    closed_unit_id: int | None = None
    closed_group: str = ""
    closed_position: str = ""
    closed_title: str = ""
    closed_status: str = ""
    withdrawn_id: int | None = None
    before: str = "{}"


PLACES = {  # by column
    place.removeprefix("facts."): place
    for field in fields(Change)
    for place in (
        [f"facts.{name}" for name in Facts._fields] if field.name == "facts" else [field.name]
    )
}
COLUMNS = tuple(PLACES)
values_of: Callable[[Change], tuple[Any, ...]] = attrgetter(*PLACES.values())


def facts_of_new(row: RosterRow) -> Facts:
    family, middle, given, key, name = _name(row.full_name)
    return Facts(
        family,
        middle,
        given,
        row.sex,
        row.birth_date,
        row.email,
        row.phone,
        key,
        f"{name} {folded(row.person_code)}",
    )


def facts_corrected(person: KnownPerson, row: RosterRow) -> Facts:
    """What the row knows better. Blanks erase nothing."""
    known = person.facts
    facts = known._replace(
        sex=row.sex,
        birth_date=row.birth_date or known.birth_date,
        email=row.email or known.email,
        phone=row.phone or known.phone,
    )
    if row.full_name == known.full_name:  # a split that somebody mended by hand stays
        return facts
    family, middle, given, key, name = _name(row.full_name)
    return facts._replace(
        family_name=family,
        middle_name=middle,
        given_name=given,
        sort_key=key,
        search_text=f"{name} {folded(person.code)}",
    )


def change_of(
    code: str,
    steps: Steps,
    facts: Facts,
    *,
    person: KnownPerson | None,
    stays: list[Stay],
    unit_keys: Mapping[str, int],
    row: int = 0,
    duplicate_of: str = "",
    is_outside: bool = False,
) -> Change:
    """`stays` as they were, so that what is overwritten can be put back."""
    change = Change(
        row,
        steps.verdict.value,
        person.pk if person else None,
        duplicate_of,
        is_outside,
        code,
        facts,
    )
    before: dict[str, Any] = {}
    for stay in steps.opened:
        _open(change, stay, unit_keys)
    for stay in steps.rewritten:
        _close(change, stay, unit_keys)
        before |= _as_it_was(stay.pk, stays, unit_keys, "closed")
    for stay in steps.withdrawn:
        change.withdrawn_id = stay.pk
        before |= _as_it_was(stay.pk, stays, unit_keys, "withdrawn")
    if person is not None and facts != person.facts:
        change.is_corrected = True
        before |= {name: _plain(value) for name, value in person.facts._asdict().items()}
    if before:
        change.before = json.dumps(before, ensure_ascii=False)
    return change


def _open(change: Change, stay: Stay, unit_keys: Mapping[str, int]) -> None:
    change.opened_on, change.opened_until = stay.started_on, stay.ended_on
    change.opened_unit_id = unit_keys[stay.unit]
    change.opened_group, change.opened_position = str(stay.staff_group), str(stay.position)
    change.opened_title, change.opened_status = stay.position_title, str(stay.status)


def _close(change: Change, stay: Stay, unit_keys: Mapping[str, int]) -> None:
    change.closed_id, change.closed_unit_id = stay.pk, unit_keys[stay.unit]
    change.closed_from, change.closed_until = stay.started_on, stay.ended_on
    change.closed_group, change.closed_position = str(stay.staff_group), str(stay.position)
    change.closed_title, change.closed_status = stay.position_title, str(stay.status)


def _as_it_was(
    pk: int | None, stays: list[Stay], unit_keys: Mapping[str, int], name: str
) -> dict[str, Any]:
    stay = next(each for each in stays if each.pk == pk)
    return {
        f"{name}_from": _plain(stay.started_on),
        f"{name}_until": _plain(stay.ended_on),
        f"{name}_unit": unit_keys[stay.unit],
        f"{name}_group": stay.staff_group,
        f"{name}_position": stay.position,
        f"{name}_title": stay.position_title,
        f"{name}_status": stay.status,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@lru_cache(maxsize=20_000)
def _name(full_name: str) -> tuple[str, str, str, str, str]:
    """Its parts, what it is sorted by, and what a search compares; many people share a name."""
    parts = split_name(full_name)
    return (*parts, sort_key(parts), folded(" ".join(filter(None, parts))))
