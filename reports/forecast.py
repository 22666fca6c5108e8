"""Where a figure is heading: the pace that is needed, the pace of late, and what follows from both.

Pure. It is a straight line through two days, no more: as many people required as now, as many a
week as in the weeks between. Whoever reads it is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from reports.coverage import DAYS_A_WEEK, Coverage, weekly_pace

FURTHEST = timedelta(days=36_525)  # a hundred years: what would take longer never comes


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of one unit on a day.

    `missing`: people who must still complete to reach the target. `needed`: how many a week, None
    once the due day is past. `rate`: how many more a week were complete of late, below zero when
    certificates lapse faster than they are earned. `expected_on`: the day the target is reached at
    that rate, None when never. `short_by`: people missing at the end of the due day at that rate.
    """

    missing: int
    needed: int | None
    rate: Fraction
    expected_on: date | None
    short_by: int

    @property
    def will_miss(self) -> bool:
        return self.short_by > 0

    @property
    def rate_tenths(self) -> int:
        """Tenths of a person a week, rounded towards zero, so that no pace looks better."""
        return int(self.rate * 10)


def weekly_rate(before: Coverage, now: Coverage, *, weeks: int) -> Fraction:
    """How many more people a week were complete, over the weeks between the two."""
    return Fraction(now.complete - before.complete, weeks)


def forecast(now: Coverage, *, rate: Fraction, percent: int, as_of: date, due_on: date) -> Forecast:
    missing = now.missing_for(percent)
    days = max(0, (due_on - as_of).days)
    by_then = max(0, int(rate * days / DAYS_A_WEEK))
    return Forecast(
        missing=missing,
        needed=weekly_pace(missing, as_of=as_of, due_on=due_on),
        rate=rate,
        expected_on=_expected_on(missing, rate, as_of),
        short_by=max(0, missing - by_then),
    )


def _expected_on(missing: int, rate: Fraction, as_of: date) -> date | None:
    """The day on which the last of them would complete; the as-of day when nobody is missing."""
    if not missing:
        return as_of
    if rate <= 0:
        return None
    days = -(-missing * DAYS_A_WEEK // rate)
    return as_of + timedelta(days=days) if days <= FURTHEST.days else None
