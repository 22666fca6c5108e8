"""Where a unit and those below it are heading, from the figures of two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from people.models import Unit
from reports.forecast import Forecast, forecast, weekly_rate
from reports.models import Target
from reports.queries.figures import Cell, Line, headline_and_below
from reports.queries.reach import Reach


@dataclass(frozen=True, slots=True)
class Outlook:
    """`forecast` is None where one of the two figures is withheld, or nobody was there before."""

    line: Line
    before: Cell | None
    forecast: Forecast | None

    @property
    def short_by(self) -> int:
        return self.forecast.short_by if self.forecast else 0


@dataclass(frozen=True, slots=True)
class Outlooks:
    """`note`: as in `CoverageTable`. Of the units below, whoever misses by most people leads."""

    note: str
    since: date
    unit: Outlook
    below: list[Outlook]

    @property
    def missing_units(self) -> list[Outlook]:
        return [each for each in self.below if each.short_by]


@dataclass(frozen=True, slots=True)
class ForecastQuestion:
    """`weeks`: over how many the pace of late is measured."""

    target: Target
    as_of: date
    weeks: int

    @property
    def since(self) -> date:
        return self.as_of - timedelta(weeks=self.weeks)


def outlooks(unit: Unit, asked: ForecastQuestion, *, reach: Reach) -> Outlooks:
    now, then = (
        headline_and_below(unit, target=asked.target, as_of=day, reach=reach)
        for day in (asked.as_of, asked.since)
    )
    before = {} if then.note else {line.code: line.everyone for line in then.below}
    below = [_outlook(line, before.get(line.code), asked) for line in now.below]
    return Outlooks(
        note=now.note,
        since=asked.since,
        unit=_outlook(now.headline, None if then.note else then.headline.everyone, asked),
        below=sorted(below, key=lambda each: -each.short_by),
    )


def _outlook(line: Line, before: Cell | None, asked: ForecastQuestion) -> Outlook:
    now = line.everyone
    is_known = before is not None and bool(before.coverage.required) and not before.is_withheld
    if before is None or not is_known or now.is_withheld or not now.coverage.required:
        return Outlook(line, before, None)
    found = forecast(
        now.coverage,
        rate=weekly_rate(before.coverage, now.coverage, weeks=asked.weeks),
        percent=asked.target.percent,
        as_of=asked.as_of,
        due_on=asked.target.due_on,
    )
    return Outlook(line, before, found)
