"""Who may see a run, and who may change it. Both ask about units, so no view can forget a scope."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from courses.models import CourseRun, RunTerms
from people.dates import held_on
from people.models import Scope, Unit, UnitClosure, User


def units_managed_by(viewer: User, *, on: date) -> QuerySet[Unit]:
    """Units for which the viewer may open a run: those below her managing scopes that day."""
    if viewer.is_superuser and viewer.is_active:
        return Unit.objects.open_on(on)
    roots = Scope.objects.granted_to(viewer).managing_people().values("unit")
    below = UnitClosure.objects.filter(held_on(on), ancestor__in=roots).values("unit")
    return Unit.objects.open_on(on).filter(pk__in=below)


def visible_runs(viewer: User, *, on: date) -> QuerySet[CourseRun]:
    """Runs whose audience lies in, above or below a unit the viewer sees."""
    if viewer.is_superuser and viewer.is_active:
        return CourseRun.objects.all()
    seen = Unit.objects.visible_to(viewer, on=on)
    above = UnitClosure.objects.filter(held_on(on), unit__in=seen.values("pk")).values("ancestor")
    return CourseRun.objects.filter(terms__units__in=above).distinct()


def can_change_run(viewer: User, terms: RunTerms, *, on: date) -> bool:
    """Whether every unit of the run's audience is the viewer's to manage."""
    units = terms.units.all()
    if viewer.is_superuser and viewer.is_active:
        return True
    mine = units_managed_by(viewer, on=on)
    return units.exists() and not units.exclude(pk__in=mine.values("pk")).exists()
