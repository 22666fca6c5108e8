"""What is known of the people and units that a list names, in a few queries a thousand rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, Max, OuterRef

from people.dates import held_on
from people.imports.roster_plan import Stay
from people.models import Membership, Person, RosterList, Unit, UnitVersion, User

CHUNK = 900  # values in one query: SQLite takes 999
T = TypeVar("T")
STAY = (
    "person_id",
    "unit_id",
    "unit__code",
    "staff_group",
    "position",
    "position_title",
    "status",
    "started_on",
    "ended_on",
    "pk",
)


@dataclass(frozen=True, slots=True)
class Importer:
    """Who brings a list. Without an account, the command: everything is hers to bring."""

    user: User | None
    today: date

    @property
    def is_limited(self) -> bool:
        return self.user is not None and not self.user.is_unlimited


@dataclass(frozen=True, slots=True)
class KnownUnit:
    pk: int
    opened_on: date
    closed_on: date | None
    has_facts: bool  # a version on the day of the list
    latest_list_on: date | None


class Facts(NamedTuple):
    """Who somebody is, as the database keeps it: `Person.RECORD` and `Person.DERIVED`."""

    family_name: str
    middle_name: str
    given_name: str
    sex: str
    birth_date: date | None
    email: str
    phone: str
    sort_key: str
    search_text: str

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.family_name, self.middle_name, self.given_name]))


@dataclass(frozen=True, slots=True)
class KnownPerson:
    pk: int
    code: str
    facts: Facts


@dataclass(slots=True)
class Known:
    """Everything by code. `stays` are primary memberships by day; `residents` are active ones.

    `managed` and `hers` limit what the importer may do: codes of units that are hers today and were
    on the day of the list, keys of people. They are None for whom nothing is limited. Of
    `unreachable` people e-mail and phone stay. `taken`: codes of nobody on the roster by which an
    account signs in. See `people.imports.roster_accounts` for these two.
    """

    units: dict[str, KnownUnit] = field(default_factory=dict)
    people: dict[str, KnownPerson] = field(default_factory=dict)
    stays: dict[str, list[Stay]] = field(default_factory=lambda: defaultdict(list))
    residents: dict[str, str] = field(default_factory=dict)  # with their units
    near_codes: dict[str, str] = field(default_factory=dict)  # the list's code → one like it
    full_lists: dict[str, date] = field(default_factory=dict)  # by unit, also of units left
    unit_keys: dict[str, int] = field(default_factory=dict)  # also of units left
    managed: frozenset[str] | None = None
    hers: set[int] | None = None
    unreachable: set[int] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    def is_outside(self, person: KnownPerson) -> bool:
        return self.hers is not None and person.pk not in self.hers

    def digest(self, codes: Collection[str], *, units: Collection[str]) -> str:
        """Of all that decided what becomes of these people and of the units with theirs."""
        residents = {code: unit for code, unit in self.residents.items() if unit in units}
        codes = sorted({*codes, *residents})
        stays = {code: self.stays[code] for code in codes if code in self.stays}
        places = sorted({*units, *(stay.unit for each in stays.values() for stay in each)})
        parts: list[Any] = [(unit, self.units.get(unit)) for unit in sorted(units)]
        parts += [(place, self.full_lists.get(place), self._may(place)) for place in places]
        parts.append(residents)
        digest = hashlib.sha256(repr(parts).encode())
        for code in codes:
            person = self.people.get(code)
            may = self._may_name(code) if person is None else self._may_correct(person)
            digest.update(repr((code, person, may, stays.get(code))).encode())
        return digest.hexdigest()

    def _may_name(self, code: str) -> bool:
        return code not in self.taken

    def _may_correct(self, person: KnownPerson) -> tuple[bool, bool]:
        """Who she is, and how she is reached."""
        return not self.is_outside(person), person.pk not in self.unreachable

    def _may(self, unit: str) -> bool:
        return self.managed is None or unit in self.managed


def know_units(known: Known, codes: set[str], *, as_of: date, importer: Importer) -> None:
    """The units and who counts in them that day."""
    known.units = known_units(codes, as_of)
    known.unit_keys |= {code: unit.pk for code, unit in known.units.items()}
    residents = Membership.objects.primary_on(as_of).filter(unit__code__in=known.units)
    if len(known.units) > CHUNK:
        residents = Membership.objects.primary_on(as_of)
    rows = residents.order_by().values_list("person__code", "unit__code")
    known.residents = {code: unit for code, unit in sorted(rows) if unit in known.units}
    if importer.is_limited:
        known.managed = frozenset(
            _codes_managed(importer, on=as_of) & _codes_managed(importer, on=importer.today)
        )
    known.full_lists = dict(
        RosterList.objects.filter(is_partial=False)
        .order_by()
        .values_list("unit__code")
        .annotate(Max("as_of"))
        .values_list("unit__code", "as_of__max")
    )


def know_people(known: Known, codes: Iterable[str]) -> None:
    """Those of the codes whom nothing is known of yet, with where they count and counted."""
    wanted = sorted(set(codes) - known.people.keys())
    added: dict[int, str] = {}
    for chunk in in_chunks(wanted):
        people = Person.objects.order_by().filter(code__in=chunk)
        for pk, code, *facts in people.values_list("pk", "code", *Facts._fields):
            known.people[code] = KnownPerson(pk, code, Facts(*facts))
            added[pk] = code
    for keys in in_chunks(added):
        stays = Membership.objects.filter(person__in=keys, is_primary=True)
        for who, unit_key, *facts in stays.order_by("started_on").values_list(*STAY):
            stay = Stay(*facts)
            known.stays[added[who]].append(stay)
            known.unit_keys[stay.unit] = unit_key


def know_whose(known: Known, importer: Importer) -> None:
    """People of the importer's: whom she manages today, or who never were anywhere else."""
    if known.managed is None:
        return
    known.hers = {
        person.pk
        for code, person in known.people.items()
        if known.stays.get(code) and all(s.unit in known.managed for s in known.stays[code])
    }
    managed = Person.objects.managed_by(_user(importer), on=importer.today).order_by()
    for chunk in in_chunks(person.pk for person in known.people.values()):
        known.hers |= set(managed.filter(pk__in=chunk).values_list("pk", flat=True))


def know_again(
    unit_codes: set[str], person_codes: Sequence[str], *, as_of: date, importer: Importer
) -> Known:
    """What is known now of what a list named, without the list."""
    known = Known()
    know_units(known, unit_codes, as_of=as_of, importer=importer)
    know_people(known, [*person_codes, *known.residents])
    know_whose(known, importer)
    return known


def in_chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    values = list(values)
    for start in range(0, len(values), size):
        yield values[start : start + size]


def known_units(codes: Iterable[str], as_of: date) -> dict[str, KnownUnit]:
    facts = UnitVersion.objects.filter(held_on(as_of), unit=OuterRef("pk"))
    annotated = Unit.objects.order_by().annotate(
        has_facts=Exists(facts), latest_list_on=Max("roster_lists__as_of")
    )
    return {
        unit.code: KnownUnit(
            unit.pk, unit.opened_on, unit.closed_on, unit.has_facts, unit.latest_list_on
        )
        for chunk in in_chunks(sorted(codes))
        for unit in annotated.filter(code__in=chunk)
    }


def _codes_managed(importer: Importer, *, on: date) -> set[str]:
    units = Unit.objects.managed_by(_user(importer), on=on, or_nearest=True)
    return set(units.values_list("code", flat=True))


def _user(importer: Importer) -> User:
    assert importer.user is not None
    return importer.user
