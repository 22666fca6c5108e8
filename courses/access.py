"""Who may see a run, and who may change it. Both ask about scopes, so that no view forgets one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from courses.models import CourseRun, RunTerms
from people.dates import held_on
from people.models import Scope, Sector, Unit, UnitClosure, User


def units_managed_by(viewer: User, *, on: date) -> QuerySet[Unit]:
    """Units for which the viewer may open a run: those below her managing scopes that day."""
    if viewer.is_superuser and viewer.is_active:
        return Unit.objects.open_on(on)
    return Unit.objects.open_on(on).filter(_below(_managing_scopes(viewer), on=on))


def sectors_managed_by(viewer: User) -> list[str]:
    """Sectors to which the viewer's runs are confined; all of them where nothing confines her."""
    scopes = list(_managing_scopes(viewer))
    if viewer.is_superuser or any(not scope.sector for scope in scopes):
        return [str(sector) for sector in Sector]
    return sorted({scope.sector for scope in scopes})


def visible_runs(viewer: User, *, on: date) -> QuerySet[CourseRun]:
    """Runs whose audience lies in, above or below a unit the viewer sees."""
    if viewer.is_superuser and viewer.is_active:
        return CourseRun.objects.all()
    seen = Unit.objects.visible_to(viewer, on=on)
    above = UnitClosure.objects.filter(held_on(on), unit__in=seen.values("pk")).values("ancestor")
    return CourseRun.objects.filter(terms__units__in=above).distinct()


def can_change_run(viewer: User, terms: RunTerms, *, on: date) -> bool:
    return can_offer_to(viewer, units=terms.units.all(), sectors=terms.sectors, on=on)


def can_offer_to(viewer: User, *, units: Iterable[Unit], sectors: Sequence[str], on: date) -> bool:
    """Whether everyone in such an audience is the viewer's to manage, by unit and by sector.

    Unit by unit: someone who manages one school whole and a sector elsewhere may not mix the two.
    """
    if not viewer.is_active:
        return False
    if viewer.is_superuser:
        return True
    scopes = [
        scope
        for scope in _managing_scopes(viewer)
        if not scope.sector or list(sectors) == [scope.sector]
    ]
    asked = {unit.pk for unit in units}
    mine = Unit.objects.filter(_below(scopes, on=on), pk__in=asked)
    return bool(asked) and mine.count() == len(asked)


def _managing_scopes(viewer: User) -> QuerySet[Scope]:
    return Scope.objects.granted_to(viewer).managing_people()


def _below(scopes: Iterable[Scope], *, on: date) -> Q:
    roots = {scope.unit_id for scope in scopes}
    below = UnitClosure.objects.filter(held_on(on), ancestor__in=roots)
    return Q(pk__in=below.values("unit"))
