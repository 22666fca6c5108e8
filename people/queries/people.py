"""Everybody whom a viewer may see on a day: searched, filtered, in Vietnamese order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When

from people.backends import normalised_phone
from people.dates import held_on
from people.models import Membership, Person, Scope, Unit, UnitClosure, UnitVersion, User
from people.models.membership import MembershipQuerySet
from people.models.scope import reach
from people.models.unit import UnitQuerySet
from people.names import folded, title_key
from people.queries.care import has_left
from people.queries.signing_in import cannot_sign_in

SHORTEST_PHONE = 9  # digits
MOST_IN_ORDER = 300  # units: so many are never shown together, and sorting them takes its time


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Empty: all of them. `units` are codes, each with its subtree of that day; None: all.

    `has_left`: instead of those who count somewhere that day those who did before, each with the
    place she left last.
    """

    words: str = ""
    units: Collection[str] | None = None
    group: str = ""
    position: str = ""
    status: str = ""
    sex: str = ""
    account: str = ""  # "yes" or "no"
    core: str = ""  # "trainer" or "teacher"
    has_left: bool = False


def listed_people(viewer: User, *, on: date, chosen: PeopleFilter) -> MembershipQuerySet:
    """One primary membership of each, in name order.

    It lies within the viewer's scopes as the tree stood that day: where somebody has a second post
    only, she is on the list of her main unit.
    """
    rows = Membership.objects.filter(is_primary=True)
    rows = has_left(rows, on=on) if chosen.has_left else rows.filter(held_on(on))
    if not viewer.is_unlimited:
        rows = rows.visible_to(viewer, on=on)
    rows = _in_units(rows, chosen.units, on=on)
    rows = rows.filter(_facts(chosen), _person(chosen), _named(chosen.words))
    return rows.order_by("person__sort_key", "person__code")


def placed(rows: MembershipQuerySet, *, on: date) -> MembershipQuerySet:
    """With `unit_code`, and `unit_name` as it was that day, or on the last day of who left."""
    last_day = Case(When(ended_on__lt=on, then=F("ended_on")), default=Value(on))
    then = UnitVersion.objects.filter(unit=OuterRef("unit"), started_on__lte=OuterRef("last_day"))
    return rows.alias(last_day=last_day).annotate(
        unit_code=F("unit__code"),
        unit_name=Subquery(then.order_by("-started_on").values("name")[:1]),
    )


def with_places(keys: Sequence[int], *, on: date) -> list[Membership]:
    """These memberships `placed`, each with its person, in the order of the keys (1 query)."""
    rows = placed(Membership.objects.filter(pk__in=keys), on=on).select_related("person")
    known = {row.pk: row for row in rows}
    return [known[key] for key in keys]


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit to choose from."""

    code: str
    name: str

    def holds(self, words: Collection[str]) -> bool:
        text = folded(f"{self.name} {self.code}")
        return all(word in text for word in words)


def units_seen(viewer: User, *, on: date) -> list[KnownUnit]:
    """Units in which the viewer sees people that day, by name unless they are many (1 query)."""
    if viewer.is_unlimited:
        return _known(Unit.objects.all(), on)
    scopes = Scope.objects.granted_to(viewer).seeing_people()
    return _known(Unit.objects.filter(reach(scopes, on=on)), on)


def units_managed(viewer: User, *, on: date) -> list[KnownUnit]:
    """Units for whose people the viewer may act that day, likewise."""
    return _known(Unit.objects.managed_by(viewer, on=on), on)


def units_called(asked: str, units: Collection[KnownUnit]) -> list[KnownUnit]:
    """The unit of that very code, else those whose name or code holds every word."""
    exact = [unit for unit in units if unit.code.casefold() == asked.strip().casefold()]
    words = folded(asked).split()
    return exact or [unit for unit in units if unit.holds(words)]


def _known(units: UnitQuerySet, on: date) -> list[KnownUnit]:
    rows = units.filter(held_on(on, "versions__")).values_list("code", "versions__name")
    found = [KnownUnit(code, name) for code, name in rows]
    if len(found) > MOST_IN_ORDER:
        return found
    return sorted(found, key=lambda unit: (title_key(unit.name), unit.code))


def _in_units(
    rows: MembershipQuerySet, codes: Collection[str] | None, *, on: date
) -> MembershipQuerySet:
    if codes is None:
        return rows
    below = UnitClosure.objects.filter(held_on(on), ancestor__code__in=codes)
    return rows.filter(Q(unit__in=below.values("unit")) | Q(unit__code__in=codes))


def _facts(chosen: PeopleFilter) -> Q:
    asked = {
        "staff_group": chosen.group,
        "position": chosen.position,
        "status": chosen.status,
        "person__sex": chosen.sex,
    }
    return Q(**{name: value for name, value in asked.items() if value})


def _person(chosen: PeopleFilter) -> Q:
    asked = Q()
    if chosen.account:
        cannot = cannot_sign_in("person__")
        asked &= cannot if chosen.account == "no" else ~cannot
    if chosen.core:
        asked &= Q(**{f"person__is_core_{chosen.core}": True})
    return asked


def _named(words: str) -> Q:
    """An e-mail address, a phone number, or words of name and code in any order."""
    if "@" in words:
        return Q(person__email__icontains=words.strip())
    if not words.strip():
        return Q()
    asked = Q(person__in=Person.objects.found_by(words).values("pk"))
    phone = normalised_phone(words.strip())
    return asked | Q(person__phone=phone) if len(phone) >= SHORTEST_PHONE else asked
