"""Writing a reconciled list, in bulk: withdrawals and endings before openings.

In that order the database's rule, nobody in two places on one day, holds after every statement.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from people.imports.roster_known import CHUNK, Known, in_chunks
from people.imports.roster_plan import Stay, Steps
from people.imports.roster_rows import RosterRow
from people.models import Membership, Person, RosterList, Unit
from people.names import split_name
from people.signals import memberships_changed

CORRECTED = [
    "family_name",
    "middle_name",
    "given_name",
    "sex",
    "birth_date",
    "email",
    "phone",
    "sort_key",
    "search_text",
]
REWRITTEN = [
    "unit",
    "staff_group",
    "position",
    "position_title",
    "status",
    "started_on",
    "ended_on",
]


@dataclass(slots=True)
class Plan:
    """What a list comes to. `steps` by person code; `strangers` are rows of people to create."""

    rows: list[RosterRow]
    steps: dict[str, Steps] = field(default_factory=dict)
    strangers: list[RosterRow] = field(default_factory=list)
    corrected: list[Person] = field(default_factory=list)

    def add(self, code: str, steps: Steps) -> None:
        self.steps[code] = steps

    @property
    def counts(self) -> Counter[str]:
        return Counter(steps.verdict.value for steps in self.steps.values())


def correct_person(person: Person, row: RosterRow) -> bool:
    """Set what the row knows better; True if anything differed. Blanks erase nothing."""
    before = [getattr(person, name) for name in CORRECTED]
    if row.full_name != person.full_name:  # else a split that somebody mended by hand stays
        _set_name(person, row.full_name)
    person.sex = row.sex
    person.birth_date = row.birth_date or person.birth_date
    person.email = row.email or person.email
    person.phone = row.phone or person.phone
    if before == [getattr(person, name) for name in CORRECTED]:
        return False
    person.derive()
    return True


def write(plan: Plan, known: Known, *, as_of: date, applied_at: datetime, is_partial: bool) -> None:
    """Inside the caller's transaction."""
    Person.objects.bulk_update(plan.corrected, CORRECTED, batch_size=CHUNK)
    people = {code: person.pk for code, person in known.people.items()}
    people |= _create_people(plan.strangers)
    units = dict(_units_of(plan))
    _withdraw(plan)
    _rewrite(plan, known, units)
    _open(plan, people, units)
    _note_lists(plan, known, as_of=as_of, applied_at=applied_at, is_partial=is_partial)
    touched = {people[code] for code, steps in plan.steps.items() if steps.touches_memberships}
    if touched:
        memberships_changed.send(sender=RosterList, person_ids=touched)


def _create_people(rows: Iterable[RosterRow]) -> dict[str, int]:
    people = []
    for row in rows:
        person = Person(
            code=row.person_code,
            sex=row.sex,
            birth_date=row.birth_date,
            email=row.email,
            phone=row.phone,
        )
        _set_name(person, row.full_name)
        person.derive()
        people.append(person)
    return {p.code: p.pk for p in Person.objects.bulk_create(people, batch_size=CHUNK)}


def _set_name(person: Person, full_name: str) -> None:
    person.family_name, person.middle_name, person.given_name = split_name(full_name)


def _units_of(plan: Plan) -> Iterable[tuple[str, int]]:
    stays = [s for steps in plan.steps.values() for s in (*steps.opened, *steps.rewritten)]
    for chunk in in_chunks({stay.unit for stay in stays}):
        yield from Unit.objects.filter(code__in=chunk).values_list("code", "pk")


def _withdraw(plan: Plan) -> None:
    withdrawn = [stay.pk for steps in plan.steps.values() for stay in steps.withdrawn]
    for chunk in in_chunks(filter(None, withdrawn)):
        Membership.objects.filter(pk__in=chunk).delete()


def _rewrite(plan: Plan, known: Known, units: dict[str, int]) -> None:
    """Rows that merely end, nearly all of them, by one update a day and chunk."""
    before = {stay.pk: stay for stays in known.stays.values() for stay in stays}
    endings: dict[date | None, list[int]] = defaultdict(list)
    others: list[Membership] = []
    for stay in [s for steps in plan.steps.values() for s in steps.rewritten]:
        if stay.pk is not None and replace(before[stay.pk], ended_on=stay.ended_on) == stay:
            endings[stay.ended_on].append(stay.pk)
        else:
            others.append(_row(stay, units, pk=stay.pk))
    for day, rows in endings.items():
        for chunk in in_chunks(rows):
            Membership.objects.filter(pk__in=chunk).update(ended_on=day)
    Membership.objects.bulk_update(others, REWRITTEN, batch_size=CHUNK)


def _open(plan: Plan, people: dict[str, int], units: dict[str, int]) -> None:
    rows = [
        _row(stay, units, person_id=people[code])
        for code, steps in plan.steps.items()
        for stay in steps.opened
    ]
    Membership.objects.bulk_create(rows, batch_size=CHUNK)


def _row(stay: Stay, units: dict[str, int], **more: int | None) -> Membership:
    return Membership(
        unit_id=units[stay.unit],
        staff_group=stay.staff_group,
        position=stay.position,
        position_title=stay.position_title,
        status=stay.status,
        started_on=stay.started_on,
        ended_on=stay.ended_on,
        **more,
    )


def _note_lists(
    plan: Plan, known: Known, *, as_of: date, applied_at: datetime, is_partial: bool
) -> None:
    """One row a unit that the list names; none when its very last list was this one."""
    by_unit: dict[str, list[RosterRow]] = defaultdict(list)
    for row in plan.rows:
        by_unit[row.unit_code].append(row)
    last: dict[int, RosterList] = {}
    for chunk in in_chunks(by_unit):
        lists = RosterList.objects.filter(unit__code__in=chunk).order_by("applied_at", "pk")
        last |= {each.unit_id: each for each in lists}
    new = []
    for code, rows in by_unit.items():
        unit, content_hash = known.units[code].pk, _content_hash(rows)
        before = last.get(unit)
        if before and (before.as_of, before.is_partial, before.content_hash) == (
            as_of,
            is_partial,
            content_hash,
        ):
            continue
        new.append(
            RosterList(
                unit_id=unit,
                as_of=as_of,
                applied_at=applied_at,
                is_partial=is_partial,
                content_hash=content_hash,
            )
        )
    RosterList.objects.bulk_create(new, batch_size=CHUNK)


def _content_hash(rows: Iterable[RosterRow]) -> str:
    """The same whatever the order of rows and the kind of file."""
    lines = sorted(repr(row.content()) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
