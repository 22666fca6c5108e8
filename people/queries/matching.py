"""Who on the roster may be the person that asks to be listed, or is about to be added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from people.models import Person, RosterRequest, Unit, User
from people.models.person import PersonQuerySet
from people.names import folded
from people.queries.care import in_care_of
from people.queries.unit_names import units_of

MOST_MATCHES = 10


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of somebody who is to be put on the roster."""

    name_folded: str
    birth_date: date
    staff_code: str


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody on the roster and what she has in common with the request."""

    person: Person
    same_name: bool
    same_birth_date: bool
    same_code: bool
    unit_name: str

    @property
    def weight(self) -> int:
        return 4 * self.same_code + 2 * self.same_name + self.same_birth_date


def who_may_be(sought: Sought, viewer: User, *, on: date) -> list[Match]:
    """Who bears the very name and birth date, or the code, and is the viewer's to act for; also if
    she left."""
    found = _matches(sought, in_care_of(viewer, on=on), on=on)
    return [each for each in found if each.same_code or (each.same_name and each.same_birth_date)]


def possible_matches(request: RosterRequest, viewer: User, *, on: date) -> list[Match]:
    """The likeliest first, of the people the viewer manages that day; two queries."""
    return _matches(request, Person.objects.managed_by(viewer, on=on), on=on)


def _matches(request: Sought | RosterRequest, among: PersonQuerySet, *, on: date) -> list[Match]:
    alike = Q(search_text__startswith=f"{request.name_folded} ") | Q(birth_date=request.birth_date)
    if request.staff_code:
        alike |= Q(code__iexact=request.staff_code)
    people = list(among.filter(alike).distinct()[:200])
    found = [_match(person, request) for person in people]
    truly = [each for each in found if each.weight]  # not a longer name that begins alike
    likeliest = sorted(truly, key=lambda each: -each.weight)[:MOST_MATCHES]
    names = units_of([each.person for each in likeliest], on=on)
    return [
        Match(
            each.person,
            each.same_name,
            each.same_birth_date,
            each.same_code,
            names.get(each.person.pk, ""),
        )
        for each in likeliest
    ]


def _match(person: Person, request: Sought | RosterRequest) -> Match:
    code = request.staff_code.casefold()
    return Match(
        person,
        same_name=folded(person.full_name) == request.name_folded,
        same_birth_date=person.birth_date == request.birth_date,
        same_code=bool(code) and person.code.casefold() == code,
        unit_name="",
    )


def find_units(words: str, *, on: date, limit: int = 20) -> list[Unit]:
    """Open units whose name or code holds every word, without regard to marks; named, by name."""
    wanted = folded(words).split()
    if not wanted or len("".join(wanted)) < 2:
        return []
    units = Unit.objects.open_on(on).named_on(on)
    found = [
        unit
        for unit in units
        if unit.name and all(word in folded(f"{unit.name} {unit.code}") for word in wanted)  # type: ignore[attr-defined]
    ]
    return sorted(found, key=lambda unit: folded(unit.name))[:limit]  # type: ignore[attr-defined]
