"""What a viewer may see of a unit: figures or people, of which sector."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from people.dates import held_on
from people.models import Scope, ScopeRole, Sector, Unit, UnitClosure, UnitVersion, User


@dataclass(frozen=True, slots=True)
class Reach:
    """Empty `sector`: every sector. Who sees no people sees figures with small cells withheld."""

    sees_people: bool
    sector: str = ""


def has_scope(viewer: User) -> bool:
    """Whether the manager's pages are for this account at all."""
    if viewer.is_superuser and viewer.is_active:
        return True
    return Scope.objects.granted_to(viewer).exists()


def reach_of(viewer: User, unit: Unit, *, on: date) -> Reach | None:
    """The widest of the viewer's scopes over the unit as the tree stood that day; None: nothing.

    One scope that opens people outweighs all that open figures only: figures of a sector beside it
    stay out of sight rather than mix with people.
    """
    if viewer.is_superuser and viewer.is_active:
        return Reach(sees_people=True)
    above = UnitClosure.objects.filter(held_on(on), unit=unit).values("ancestor")
    scopes = list(Scope.objects.granted_to(viewer).filter(unit__in=above))
    with_people = [scope for scope in scopes if scope.role != ScopeRole.AGGREGATE_VIEWER]
    if not scopes:
        return None
    sectors = {scope.sector for scope in with_people or scopes}
    every = "" in sectors or sectors == set(Sector.values)
    return Reach(sees_people=bool(with_people), sector="" if every else min(sectors))


def top_units(viewer: User, *, on: date) -> list[Unit]:
    """Units that the viewer's scopes name and that stand under no other of them; named, by code."""
    units = Unit.objects.visible_to(viewer, on=on)
    if viewer.is_superuser:
        roots = UnitVersion.objects.filter(held_on(on), parent=None)
        units = units.filter(pk__in=roots.values("unit"))
    else:
        named = Scope.objects.granted_to(viewer).values("unit")
        below = UnitClosure.objects.filter(held_on(on), ancestor__in=named, distance__gt=0)
        units = units.filter(pk__in=named).exclude(pk__in=below.values("unit"))
    return list(units.named_on(on).order_by("code"))


def crumbs(viewer: User, unit: Unit, *, on: date) -> list[Unit]:
    """Units above this one that the viewer may open, the highest first."""
    above = held_on(on, "closure_below__") & Q(
        closure_below__unit=unit, closure_below__distance__gt=0
    )
    units = Unit.objects.visible_to(viewer, on=on).named_on(on)
    return list(units.filter(above).order_by("-closure_below__distance"))
