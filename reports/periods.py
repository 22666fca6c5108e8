"""Which days a curve is drawn through, and from when to when. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = [1, 3, 6, 12]  # of one step, the finest first
WEEKS_UP_TO = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Period:
    """The axis of a curve; both days are drawn."""

    first: date
    last: date


def days_through(period: Period, *, most: int, until: date) -> list[date]:
    """Both ends and the ends of weeks, months, quarters, half-years or years between them.

    The finest step is taken that gives no more than `most` days between the ends; `until` cuts off
    what is not yet known. Empty when all of the period is still to come.
    """
    last = min(period.last, until)
    if last < period.first:
        return []
    steps = [list(_between(period.first, last, ends)) for ends in _every_step(period.first, last)]
    chosen = next((days for days in steps if len(days) <= most), steps[-1][-most:])
    return sorted({period.first, *chosen, last})


def _every_step(first: date, last: date) -> Iterator[Iterator[date]]:
    if last - first <= WEEKS_UP_TO:
        yield (last - timedelta(weeks=number) for number in range(WEEKS_UP_TO.days // 7 + 1))
    for months in MONTHS:
        yield _ends_of(months, first.year, last.year)


def _between(first: date, last: date, days: Iterable[date]) -> Iterator[date]:
    return (day for day in days if first < day < last)


def _ends_of(months: int, first_year: int, last_year: int) -> Iterator[date]:
    """Last days of every so many months, counted from January."""
    for year in range(first_year, last_year + 1):
        for month in range(months, 13, months):
            yield date(year, month, monthrange(year, month)[1])


def usual_day(due_on: date, *, today: date) -> date:
    """The day that a target is looked at when none is named: its due day once that is past."""
    return min(due_on, today)


def usual_period(started_on: date, *, due_on: date, known_due: Iterable[date]) -> Period:
    """From the target's first day to its due day, or to the last past due day of `known_due`.

    So the curve of a target that is over goes on to the due day of the one that followed it.
    """
    return Period(started_on, max([due_on, *known_due]))


def holding(period: Period, days: Iterable[date]) -> Period:
    """The period, widened where one of the days lies outside it."""
    every = [period.first, period.last, *days]
    return Period(min(every), max(every))


def calendar_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def school_year(first: int) -> Period:
    """From 1 September of its first year: when schools begin; the summer belongs to it."""
    return Period(date(first, 9, 1), date(first + 1, 8, 31))


def school_year_of(day: date) -> int:
    """The first year of the school year that the day lies in."""
    return day.year if day.month >= 9 else day.year - 1
