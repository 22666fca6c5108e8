"""How many people a run has, and how many a change of a module touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, FilteredRelation, IntegerField, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment, Module, ModuleCompletion, RunTerms
from courses.models.runs import members_of_audience
from people.dates import local_day
from people.models import Person, StaffGroup, Unit


def people_in_progress(modules: Iterable[Module], *, at: datetime) -> int:
    """People who have one of the modules still to complete, in a run that is not over."""
    day = local_day(at)
    current = [each for each in RunTerms.objects.in_force(at=at) if each.last_day >= day]
    people: set[int] = set()
    for module in modules:
        runs = RunTerms.objects.filter(pk__in=[each.pk for each in current], modules=module)
        people |= set(
            Enrolment.objects.unmerged()
            .filter(run__terms__in=runs, course_completion__isnull=True)
            .exclude(module_completions__module=module)
            .values_list("person", flat=True)
        )
    return len(people)


def people_complete(modules: Iterable[Module]) -> int:
    """People whose completion of one of the modules stays whatever changes."""
    return (
        ModuleCompletion.objects.filter(
            module__in=modules, enrolment__person__merged_into__isnull=True
        )
        .values("enrolment__person")
        .distinct()
        .count()
    )


@dataclass(frozen=True, slots=True)
class RunFigures:
    """People of a run: those its audience holds, and those who began it before they left."""

    total: int
    begun: int
    complete: int
    is_over: bool = False

    @property
    def in_progress(self) -> int:
        return self.begun - self.complete

    @property
    def not_started(self) -> int:
        return self.total - self.begun

    @property
    def not_complete(self) -> int:
        return self.total - self.complete

    @property
    def parts(self) -> list[tuple[str, Any, int]]:
        """For a bar: they add up to the total."""
        if self.is_over:
            return [
                ("complete", _("Đã hoàn thành"), self.complete),
                ("overdue", _("Chưa hoàn thành"), self.not_complete),
            ]
        return [
            ("complete", _("Đã hoàn thành"), self.complete),
            ("in-progress", _("Đang học"), self.in_progress),
            ("not-started", _("Chưa học"), self.not_started),
        ]


def run_figures(
    terms: Sequence[RunTerms], *, people: QuerySet[Person], on: date
) -> dict[int, RunFigures]:
    """By run, of these people; one query however many runs."""
    if not terms:
        return {}
    counts = [_counts(each, people, on=on) for each in terms]
    rows = counts[0].union(*counts[1:], all=True)
    last_days = {each.run_id: each.last_day for each in terms}
    return {
        run: RunFigures(total, begun, complete, is_over=on > last_days[run])
        for run, total, begun, complete in rows
    }


def _counts(
    terms: RunTerms, people: QuerySet[Person], *, on: date
) -> QuerySet[Person, tuple[int, ...]]:
    """One row: (run, total, begun, complete)."""
    due = terms.audience(on=terms.counted_on(on))
    hers = FilteredRelation("enrolments", condition=Q(enrolments__run=terms.run_id))
    return (
        people.order_by()
        .alias(enrolment=hers)
        .filter(Q(enrolment__isnull=False) | Q(pk__in=due.values("pk")))
        .values(of_run=Value(terms.run_id, output_field=IntegerField()))
        .annotate(
            total=Count("pk"),
            begun=Count("enrolment"),
            complete=Count("enrolment__course_completion"),
        )
        .values_list("of_run", "total", "begun", "complete")
    )


@dataclass(frozen=True, slots=True)
class AudienceSize:
    """How many people an audience would hold on a day; by staff group, the largest first."""

    on: date
    by_group: list[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(count for _label, count in self.by_group)


def audience_size(
    *,
    units: Iterable[Unit],
    sectors: Collection[str],
    staff_groups: Collection[str],
    unit_kinds: Collection[str],
    on: date,
) -> AudienceSize:
    """Of terms not yet set, before additions by name (1 query)."""
    members = members_of_audience(
        units=[unit.pk for unit in units],
        sectors=sectors,
        staff_groups=staff_groups,
        unit_kinds=unit_kinds,
        on=on,
    )
    rows = members.order_by().values_list("staff_group").annotate(count=Count("pk"))
    by_group = [(str(StaffGroup(group).label), count) for group, count in rows]
    return AudienceSize(on, sorted(by_group, key=lambda each: -each[1]))
