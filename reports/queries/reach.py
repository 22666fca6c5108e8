"""What a viewer may see of a unit: figures or people, of which sector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from people.dates import held_on
from people.grants import Grants
from people.models import Scope, ScopeRole, Sector, Unit, UnitClosure, UnitVersion, User
from people.names import title_key


@dataclass(frozen=True, slots=True)
class Reach:
    """Empty `sector`: every sector. Who sees no people sees figures with small cells withheld."""

    sees_people: bool
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Sighted:
    """A unit within reach. `crumbs` are the units above it that the viewer may open, highest first.

    The unit and they are `named_on` the day.
    """

    unit: Unit
    reach: Reach
    crumbs: list[Unit]


def sight(grants: Grants, unit: Unit, *, on: date) -> Sighted | None:
    """The unit as the tree stood that day (1 query, 2 of a unit of both sectors for whoever manages
    one); None where the grants don't lead."""
    chain = list(Unit.objects.above(unit, on=on).named_on(on))
    if not chain:
        return None
    if grants.is_unlimited:
        return Sighted(chain[-1], Reach(sees_people=True), chain[:-1])
    granted = {scope.unit_id for scope in grants.scopes}
    seen = next((chain[place:] for place, each in enumerate(chain) if each.pk in granted), [])
    if not seen:
        return None
    above = {each.pk for each in chain}
    scopes = [scope for scope in grants.scopes if scope.unit_id in above]
    if not _opens(scopes, seen[-1], on=on):
        return None
    return Sighted(seen[-1], _widest(scopes), seen[:-1])


def _opens(scopes: list[Scope], unit: Unit, *, on: date) -> bool:
    """`Unit.visible_to` of one unit that stands in the scopes' own: asks the tree only where every
    scope is of a sector that is not the unit's."""
    sector = unit.sector  # type: ignore[attr-defined]
    if any(scope.sector in ("", sector) or scope.unit_id == unit.pk for scope in scopes):
        return True
    of_sector = UnitVersion.objects.filter(held_on(on), sector__in={each.sector for each in scopes})
    below = UnitClosure.objects.filter(held_on(on), ancestor=unit)
    return below.filter(unit__in=of_sector.values("unit")).exists()


def _widest(scopes: list[Scope]) -> Reach:
    """One scope that opens people outweighs all that open figures only: figures of a sector beside
    it stay out of sight rather than mix with people."""
    with_people = [scope for scope in scopes if scope.role != ScopeRole.AGGREGATE_VIEWER]
    sectors = {scope.sector for scope in with_people or scopes}
    every = "" in sectors or sectors == set(Sector.values)
    return Reach(sees_people=bool(with_people), sector="" if every else min(sectors))


def top_units(grants: Grants, *, on: date) -> list[Unit]:
    """Units that the grants name and that stand under no other of them; named, by name."""
    viewer = cast(User, grants.viewer)
    units = Unit.objects.visible_to(viewer, on=on)
    if grants.is_unlimited:
        roots = UnitVersion.objects.filter(held_on(on), parent=None)
        units = units.filter(pk__in=roots.values("unit"))
    else:
        named = [scope.unit_id for scope in grants.scopes]
        below = UnitClosure.objects.filter(held_on(on), ancestor__in=named, distance__gt=0)
        units = units.filter(pk__in=named).exclude(pk__in=below.values("unit"))
    return by_name(units.named_on(on))


def by_name(units: Iterable[Unit]) -> list[Unit]:
    """Units `named_on` a day in the order of the Vietnamese alphabet, the code deciding ties."""
    return sorted(
        units,
        key=lambda unit: (title_key(unit.name or ""), unit.code),  # type: ignore[attr-defined]
    )
