"""How many people a run has, and how many a change of a module touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from courses.models import CourseRun, Enrolment, Module, ModuleCompletion, RunTerms
from people.dates import local_day


def people_in_progress(modules: Iterable[Module], *, at: datetime) -> int:
    """People who have one of the modules still to complete, in a run that is not over."""
    day = local_day(at)
    current = [each for each in RunTerms.objects.in_force(at=at) if each.last_day >= day]
    people: set[int] = set()
    for module in modules:
        runs = RunTerms.objects.filter(pk__in=[each.pk for each in current], modules=module)
        people |= set(
            Enrolment.objects.filter(run__terms__in=runs, course_completion__isnull=True)
            .exclude(module_completions__module=module)
            .values_list("person", flat=True)
        )
    return len(people)


def people_complete(modules: Iterable[Module]) -> int:
    """People whose completion of one of the modules stays whatever changes."""
    return (
        ModuleCompletion.objects.filter(module__in=modules)
        .values("enrolment__person")
        .distinct()
        .count()
    )


@dataclass(frozen=True, slots=True)
class RunFigures:
    """People of a run on a day: due, begun, complete."""

    due: int
    begun: int
    complete: int


def run_figures(run: CourseRun, terms: RunTerms, *, on: date) -> RunFigures:
    """Three counts; whoever began counts as begun even if she has left the audience since."""
    enrolments = Enrolment.objects.filter(run=run)
    return RunFigures(
        due=terms.audience(on=on).count(),
        begun=enrolments.count(),
        complete=enrolments.filter(course_completion__isnull=False).count(),
    )
