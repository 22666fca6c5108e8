"""Who may give figures away, which tokens she sees, and what a token opens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from people.dates import held_on
from people.grants import Grants
from people.models import Membership, Person, Scope, ScopeRole, Unit, UnitClosure, UnitVersion, User
from people.models.person import PersonQuerySet
from people.names import title_key
from people.queries.units import day_within
from reports.models import SharedFile, SharingToken
from reports.queries.reach import Sighted, sight


def sharing_scopes(viewer: User, *, on: date) -> QuerySet[Scope]:
    """Those that manage a unit which has none above it; administrators need none."""
    tops = UnitVersion.objects.filter(held_on(on), parent=None)
    return Scope.objects.granted_to(viewer).managing_people().filter(unit__in=tops.values("unit"))


def tokens_of(viewer: User, *, on: date) -> QuerySet[SharingToken]:
    """Tokens that the viewer may see and revoke. Of a sector's manager: those of her sector."""
    tokens = SharingToken.objects.select_related("unit", "created_by__person")
    if viewer.is_unlimited:
        return tokens
    hers = Q(pk__in=[])
    for scope in sharing_scopes(viewer, on=on):
        # Of whatever day: a token outlives the unit it was made for, and must be found.
        below = UnitClosure.objects.filter(ancestor=scope.unit_id).values("unit")
        hers |= Q(unit__in=below) & (Q(sector=scope.sector) if scope.sector else Q())
    return tokens.filter(hers)


def names_of_units(tokens: Iterable[SharingToken], *, on: date) -> dict[int, str]:
    """Of the units that the tokens are for, as they are called that day; a closed one has none."""
    keys = [token.unit_id for token in tokens]
    named = Unit.objects.filter(pk__in=keys).named_on(on)
    return {unit.pk: unit.name for unit in named if unit.name}  # type: ignore[attr-defined]


def units_to_share(viewer: User, *, on: date) -> list[Unit]:
    """Open units whose figures the viewer may give away; named, by name."""
    units = Unit.objects.open_on(on)
    if not viewer.is_unlimited:
        roots = sharing_scopes(viewer, on=on).values("unit")
        below = UnitClosure.objects.filter(held_on(on), ancestor__in=roots)
        units = units.filter(pk__in=below.values("unit"))
    return sorted(
        (unit for unit in units.named_on(on) if unit.name),  # type: ignore[attr-defined]
        key=lambda unit: (title_key(unit.name), unit.code),  # type: ignore[attr-defined]
    )


def sectors_to_share(viewer: User, *, on: date) -> set[str]:
    """Empty string: figures of every sector together."""
    if viewer.is_unlimited:
        return {""}
    return set(sharing_scopes(viewer, on=on).values_list("sector", flat=True))


def sight_of_token(token: SharingToken, unit: Unit, *, on: date) -> Sighted | None:
    """The unit as a person with the token's scope would see it; for a day outside the unit's life
    the nearest day decides. None where the token doesn't lead."""
    role = ScopeRole.MONITOR if token.sees_small_cells else ScopeRole.AGGREGATE_VIEWER
    scope = Scope(unit_id=token.unit_id, role=role, sector=token.sector)
    return sight(Grants(AnonymousUser(), (scope,)), unit, on=day_within(unit, on))


def units_of_token(token: SharingToken, *, on: date) -> QuerySet[Unit]:
    """Units that `sight_of_token` opens that day, by code; named."""
    below = Q(pk__in=UnitClosure.objects.filter(held_on(on), ancestor=token.unit_id).values("unit"))
    if token.sector:
        held = UnitClosure.objects.filter(
            held_on(on), held_on(on, "unit__versions__"), unit__versions__sector=token.sector
        )
        below &= Q(pk=token.unit_id) | Q(pk__in=held.values("ancestor"))
    return Unit.objects.filter(below).named_on(on).order_by("code")


def files_for_token(token: SharingToken) -> QuerySet[SharedFile]:
    """Files made for the token that are still kept, the latest first."""
    files = SharedFile.objects.filter(schedule__token=token).exclude(file="")
    return files.select_related("schedule__token", "schedule__target")


def people_of_token(token: SharingToken, *, on: date) -> PersonQuerySet:
    """Whom figures given to the token are about: people with their primary work in its units."""
    members = Membership.objects.primary_on(on).below(token.unit, on=on)
    if token.sector:
        of_sector = UnitVersion.objects.filter(held_on(on), sector=token.sector)
        members = members.filter(unit__in=of_sector.values("unit"))
    return Person.objects.filter(pk__in=members.values("person"))
