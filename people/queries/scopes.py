"""Who holds which scope, who sees a unit, and whom a scope may be granted to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat
from django.db.models.lookups import Contains

from people.dates import held_on
from people.models import Person, Scope, ScopeState, Unit, UnitClosure, UnitVersion, User
from people.models.scope import ScopeQuerySet
from people.names import folded, title_key

MOST_ACCOUNTS = 20
FEWEST_LETTERS = 2  # of a search


@dataclass(frozen=True, slots=True)
class ScopeFilter:
    """Empty: all of them. `units` are keys; None where no unit was asked for."""

    person: str = ""
    role: str = ""
    state: str = ""
    units: frozenset[int] | None = None


def scopes_shown(viewer: User, chosen: ScopeFilter, *, on: date) -> QuerySet[Scope]:
    """By unit, then by name; each with `unit_name`, of the day or the last known one."""
    scopes = _in_state(Scope.objects.visible_to(viewer, on=on), chosen.state, on=on)
    if chosen.role:
        scopes = scopes.filter(role=chosen.role)
    if chosen.units is not None:
        below = UnitClosure.objects.filter(held_on(on), ancestor__in=chosen.units)
        scopes = scopes.filter(unit__in=below.values("unit"))
    if chosen.person:
        scopes = scopes.filter(user__in=accounts_called(chosen.person).values("pk"))
    return named(scopes, on=on).order_by("unit__code", "user__person__sort_key", "pk")


def named(scopes: QuerySet[Scope], *, on: date) -> QuerySet[Scope]:
    """With everything that a line about a scope says."""
    versions = UnitVersion.objects.filter(unit=OuterRef("unit"))
    name = Coalesce(
        Subquery(versions.filter(held_on(on)).values("name")[:1]),
        Subquery(versions.order_by("-started_on").values("name")[:1]),
        "unit__code",
    )
    return scopes.select_related("user__person", "unit", "granted_by__person").annotate(
        unit_name=name
    )


def _in_state(scopes: ScopeQuerySet, state: str, *, on: date) -> ScopeQuerySet:
    match state:
        case ScopeState.IN_FORCE:
            return scopes.in_force_on(on)
        case ScopeState.TO_COME:
            return scopes.beginning_after(on)
        case ScopeState.OVER:
            return scopes.over_on(on)
    return scopes


def scopes_over(unit: Unit, *, on: date) -> QuerySet[Scope]:
    """Scopes by which the unit is seen that day, from the highest unit down.

    Closed accounts see nothing. A scope of one sector counts where the unit is of that sector, or
    where it is granted in the unit itself.
    """
    chain = UnitClosure.objects.filter(held_on(on), unit=unit)
    sector = UnitVersion.objects.filter(held_on(on), unit=unit).values("sector")
    scopes = Scope.objects.in_force_on(on).filter(
        Q(sector="") | Q(sector__in=sector) | Q(unit=unit),
        unit__in=chain.values("ancestor"),
        user__is_active=True,
    )
    distance = chain.filter(ancestor=OuterRef("unit")).values("distance")[:1]
    return (
        named(scopes, on=on)
        .annotate(distance=Subquery(distance))
        .order_by("-distance", "role", "user__person__sort_key", "pk")
    )


def units_to_grant(viewer: User, *, on: date) -> list[Unit]:
    """Open units in which the viewer may grant something that day; named, by name.

    Also those of both sectors, as communes are, for whoever manages one: what she grants there
    names her sector.
    """
    units = Unit.objects.open_on(on)
    if not viewer.is_unlimited:
        units = units.filter(pk__in=_units_below_managing(viewer, on=on).values("unit"))
    return sorted(
        (unit for unit in units.named_on(on) if unit.name),  # type: ignore[attr-defined]
        key=lambda unit: (title_key(unit.name), unit.code),  # type: ignore[attr-defined]
    )


def _units_below_managing(viewer: User, *, on: date) -> QuerySet[UnitClosure]:
    below = "unit__closure_below__"
    mine = Scope.objects.granted_to(viewer).managing_people().filter(held_on(on, below))
    whole = mine.filter(sector="").values(f"{below}pk")
    found = Q(pk__in=whole)
    for sector in set(mine.exclude(sector="").values_list("sector", flat=True)):
        version = UnitVersion.objects.filter(held_on(on), sector__in=["", sector])
        of_sector = mine.filter(sector=sector).values(f"{below}pk")
        found |= Q(pk__in=of_sector, unit__in=version.values("unit"))
    return UnitClosure.objects.filter(found)


def units_called(words: str, units: Iterable[Unit]) -> list[Unit]:
    """Of these (named) the one of that code, else those whose name or code holds every word."""
    units, wanted = list(units), folded(words).split()
    exact = [unit for unit in units if folded(unit.code) == folded(words)]
    if exact or not wanted:
        return exact
    return [
        unit
        for unit in units
        if all(word in folded(f"{unit.name} {unit.code}") for word in wanted)  # type: ignore[attr-defined]
    ]


def accounts_called(words: str) -> QuerySet[User]:
    """By the name or code of their person in any word order without marks, by what signs them in,
    or by e-mail."""
    words = words.strip()
    return User.objects.filter(
        Q(person__in=Person.objects.found_by(words).values("pk"))
        | Q(username__icontains=words)
        | Q(email__icontains=words)
        | Q(person__email__icontains=words)
    )


def accounts_to_grant_to(viewer: User, *, on: date) -> QuerySet[User]:
    """Open accounts of people whom the viewer manages that day, not her own; superusers: any."""
    accounts = User.objects.select_related("person").exclude(pk=viewer.pk).filter(is_active=True)
    if viewer.is_unlimited:
        return accounts
    managed = Person.objects.managed_by(viewer, on=on)
    return accounts.filter(person__in=managed.values("pk")).exclude(person=viewer.person_id)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody found; `account` is None where there is none that a scope can be granted to.

    `rank` is 0 where every word is a whole one of name or code, else 1.
    """

    person: Person | None
    account: User | None
    rank: int
    is_closed: bool = False

    @property
    def name(self) -> str:
        return self.person.full_name if self.person else str(self.account)

    @property
    def code(self) -> str:
        return self.person.masked_code if self.person else getattr(self.account, "username", "")


def is_too_short(words: str) -> bool:
    return len(folded(words).replace(" ", "")) < FEWEST_LETTERS


def candidates(words: str, viewer: User, *, on: date) -> list[Candidate]:
    """Whole words first ("hau" is Hậu before Châu), then accounts before people who have none yet
    or a closed one, then by name (2 queries)."""
    if is_too_short(words):
        return []
    found = [*_with_account(words, viewer, on=on), *_without_account(words, viewer, on=on)]
    return sorted(found, key=lambda each: each.rank)[: MOST_ACCOUNTS + 1]


def _with_account(words: str, viewer: User, *, on: date) -> Iterator[Candidate]:
    called = accounts_called(words).values("pk")
    said = Q(username__iexact=words.strip()) | Q(email__iexact=words.strip())
    accounts = (
        accounts_to_grant_to(viewer, on=on)
        .filter(pk__in=called)
        .annotate(rank=_rank(words, said, path="person__"))
        .order_by("rank", "person__sort_key", "username")
    )
    for account in accounts[: MOST_ACCOUNTS + 1]:
        yield Candidate(account.person, account, account.rank)


def _without_account(words: str, viewer: User, *, on: date) -> Iterator[Candidate]:
    managed = Person.objects.managed_by(viewer, on=on)
    by_name = Person.objects.found_by(words).values("pk")
    people = (
        Person.objects.filter(Q(pk__in=by_name) | Q(email__icontains=words.strip()))
        .filter(Q(user__isnull=True) | Q(user__is_active=False), pk__in=managed.values("pk"))
        .select_related("user")
        .annotate(rank=_rank(words, Q(email__iexact=words.strip())))
        .order_by("rank", "sort_key", "code")
    )
    for person in people[: MOST_ACCOUNTS + 1]:
        yield Candidate(person, None, person.rank, is_closed=hasattr(person, "user"))


def _rank(words: str, said: Q, *, path: str = "") -> Case:
    """`said`: whoever is called so in another way than by name or code."""
    padded = Concat(Value(" "), f"{path}search_text", Value(" "))
    whole = Q(*(Contains(padded, f" {word} ") for word in folded(words).split()))
    return Case(When(whole | said, then=0), default=1, output_field=IntegerField())
