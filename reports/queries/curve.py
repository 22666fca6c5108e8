"""Coverage on several days from one statement: the question of the headline, asked of each day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, DateField, Exists, Q, QuerySet, Value

from people.dates import held_on
from people.models import Membership, RosterList, Unit, UnitClosure
from reports.coverage import Coverage, is_small
from reports.models import Target
from reports.periods import Period, days_through
from reports.queries.audience import Question, is_complete, members
from reports.queries.coverage import AXES, FEW, inside

MOST_DAYS = 24  # beside the ends and the days named
MANY = 20_000  # people: above it a day costs so much that a curve has fewer of them
MOST_DAYS_OF_MANY = 6


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """`coverage` is None where it would tell of recognisable people, or there is nobody."""

    day: date
    coverage: Coverage | None
    is_marked: bool

    @property
    def tenths(self) -> int | None:
        """Tenths of a per cent, rounded down, for the line."""
        return self.coverage.percent_tenths if self.coverage else None


@dataclass(frozen=True, slots=True)
class Curve:
    """Coverage over time, for one unit. `known_until`: later days of the period are to come."""

    period: Period
    points: list[CurvePoint]
    due_on: date
    known_until: date

    @property
    def is_drawable(self) -> bool:
        return sum(point.coverage is not None for point in self.points) > 1

    def on(self, day: date) -> Coverage | None:
        return next((point.coverage for point in self.points if point.day == day), None)


@dataclass(frozen=True, slots=True)
class CurveQuestion:
    """`marked` days are always points of the curve, and labelled."""

    target: Target
    period: Period
    marked: Collection[date]
    sector: str = ""


def unit_curve(
    asked: CurveQuestion, unit: Unit, *, today: date, people: int, smallest: int
) -> Curve:
    """`people`: roughly how many it is about; `smallest`: below it a figure is left out."""
    most = MOST_DAYS if people < MANY else MOST_DAYS_OF_MANY
    last = min(asked.period.last, today)
    days = {*days_through(asked.period, most=most, until=today)}
    days |= {day for day in asked.marked if asked.period.first <= day <= last}
    figures = coverage_on(
        days,
        question=Question(asked.target, today, sector=asked.sector),
        unit=unit,
        people=people,
    )
    points = [
        CurvePoint(day, _shown(figures.get(day), smallest), day in asked.marked)
        for day in sorted(days)
    ]
    return Curve(asked.period, points, asked.target.due_on, today)


def coverage_on(
    days: Iterable[date], *, question: Question, unit: Unit, people: int
) -> dict[date, Coverage]:
    """Of each day what `coverage_by` says of it (1 query); days with nobody are left out."""
    counts = [_on_one_day(replace(question, as_of=day), unit, is_few=people < FEW) for day in days]
    if not counts:
        return {}
    rows = counts[0].union(*counts[1:], all=True)
    return {day: Coverage(required, complete) for day, required, complete in rows}


def _on_one_day(
    question: Question, unit: Unit, *, is_few: bool
) -> QuerySet[Membership, tuple[date, int, int]]:
    """One row; none when there is nobody, or no roster yet: grouping spares the row of zeros."""
    rows = inside(members(question), unit).filter(_has_roster(unit, question.as_of))
    return (
        rows.values(AXES["unit"])
        .annotate(
            day=Value(question.as_of, output_field=DateField()),
            required=Count("pk"),
            complete=Count("pk", filter=is_complete(question, is_few=is_few)),
        )
        .values_list("day", "required", "complete")
    )


def _has_roster(unit: Unit, day: date) -> Q:
    """What `RosterList.objects.first_day_of` says of the day, without a statement of its own."""
    below = UnitClosure.objects.filter(held_on(day), ancestor=unit).values("unit")
    anywhere = RosterList.objects.all()
    here = anywhere.filter(unit__in=below)
    return Q(Exists(here.by(day))) | (~Q(Exists(here)) & Q(Exists(anywhere.by(day))))


def _shown(coverage: Coverage | None, smallest: int) -> Coverage | None:
    return None if coverage is None or is_small(coverage, smallest=smallest) else coverage
