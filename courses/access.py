"""Who may see a run, and who may change it. Both ask about scopes, so that no view forgets one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from courses.models import CourseRun, RunTerms
from people.dates import held_on
from people.models import Person, Scope, Sector, Unit, UnitClosure, User
from people.models.person import PersonQuerySet
from people.trainers import is_trainer


def units_managed_by(viewer: User, *, on: date) -> QuerySet[Unit]:
    """Units for which the viewer may open a run: those below her managing scopes that day."""
    if viewer.is_unlimited:
        return Unit.objects.open_on(on)
    return Unit.objects.open_on(on).filter(_below(_managing_scopes(viewer), on=on))


def sectors_managed_by(viewer: User) -> list[str]:
    """Sectors to which the viewer's runs are confined; all of them where nothing confines her."""
    scopes = list(_managing_scopes(viewer))
    if viewer.is_superuser or any(not scope.sector for scope in scopes):
        return [str(sector) for sector in Sector]
    return sorted({scope.sector for scope in scopes})


@dataclass(frozen=True, slots=True)
class Sight:
    """What of runs, and of the work in them, an account may see on a day.

    `everyone`: administrators and trainers follow the work of all people in any run, by name. A
    trainer can only help somebody whose results she sees; beyond the run (certificates, birth date,
    posts) a person's record stays closed to her. All others see the people of their scopes; whoever
    has no scope, or may see figures only, sees nobody.
    """

    viewer: User
    on: date
    everyone: bool

    @property
    def runs(self) -> QuerySet[CourseRun]:
        """Runs whose audience lies in, above or below a unit the viewer sees."""
        if self.everyone:
            return CourseRun.objects.all()
        seen = Unit.objects.visible_to(self.viewer, on=self.on)
        held = UnitClosure.objects.filter(held_on(self.on), unit__in=seen.values("pk"))
        return CourseRun.objects.filter(terms__units__in=held.values("ancestor")).distinct()

    def includes_people(self) -> bool:
        """Whether anybody's work is shown by name (1 query for those who don't see everyone)."""
        scopes = Scope.objects.granted_to(self.viewer).seeing_people()
        return self.everyone or scopes.exists()

    @property
    def people(self) -> PersonQuerySet:
        """For whoever `includes_people`; she herself is among them."""
        if self.everyone:
            return Person.objects.unmerged()
        return Person.objects.visible_to(self.viewer, on=self.on)


def sight_of(viewer: User, *, on: date) -> Sight:
    everyone = viewer.is_active and (viewer.is_superuser or is_trainer(viewer))
    return Sight(viewer, on, everyone)


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
