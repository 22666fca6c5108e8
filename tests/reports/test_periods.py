"""Which days a curve is drawn through."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reports.periods import (
    Period,
    calendar_year,
    days_through,
    holding,
    school_year,
    school_year_of,
    usual_day,
    usual_period,
)

PLAN = Period(date(2016, 1, 1), date(2020, 12, 31))
LATER = date(2026, 11, 21)


class TestDaysThrough:
    def test_of_five_years_are_ends_of_quarters(self):
        days = days_through(PLAN, most=24, until=LATER)
        assert days[:3] == [date(2016, 1, 1), date(2016, 3, 31), date(2016, 6, 30)]
        assert date(2017, 12, 31) in days
        assert days[-1] == date(2020, 12, 31)

    def test_of_two_years_are_ends_of_months(self):
        days = days_through(Period(date(2016, 1, 1), date(2017, 12, 31)), most=24, until=LATER)
        assert date(2016, 2, 29) in days
        assert len(days) == 25

    def test_of_a_summer_are_weeks(self):
        days = days_through(Period(date(2026, 6, 1), date(2026, 8, 31)), most=24, until=LATER)
        assert {after - before for before, after in pairwise(days[1:])} == {timedelta(days=7)}

    def test_stop_at_what_is_known(self):
        days = days_through(Period(date(2026, 1, 1), date(2027, 12, 31)), most=24, until=LATER)
        assert days[-1] == LATER

    def test_of_the_future_there_are_none(self):
        ahead = Period(date(2027, 1, 1), date(2027, 12, 31))
        assert days_through(ahead, most=24, until=LATER) == []

    @given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 20000), st.integers(1, 40))
    def test_are_few_in_order_and_hold_both_ends(self, first, length, most):
        period = Period(first, first + timedelta(days=length))
        days = days_through(period, most=most, until=date.max)
        assert days == sorted(set(days))
        assert (days[0], days[-1]) == (period.first, period.last)
        assert len(days) <= most + 2


class TestUsual:
    def test_a_target_that_is_over_is_seen_at_its_due_day(self):
        assert usual_day(date(2017, 12, 31), today=LATER) == date(2017, 12, 31)
        assert usual_day(date(2027, 12, 31), today=LATER) == LATER

    def test_its_curve_goes_on_to_the_due_day_of_the_next(self):
        due = [date(2017, 12, 31), date(2020, 12, 31)]
        assert usual_period(date(2016, 1, 1), due_on=due[0], known_due=due) == PLAN

    def test_a_period_is_widened_to_hold_a_day(self):
        assert holding(PLAN, [LATER]) == Period(PLAN.first, LATER)
        assert holding(PLAN, [date(2018, 1, 1)]) == PLAN


class TestYears:
    def test_a_calendar_year_is_that_of_the_plan(self):
        assert calendar_year(2026) == Period(date(2026, 1, 1), date(2026, 12, 31))

    def test_a_school_year_begins_in_september(self):
        assert school_year(2026) == Period(date(2026, 9, 1), date(2027, 8, 31))

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
    def test_every_day_lies_in_its_school_year(self, day):
        year = school_year(school_year_of(day))
        assert year.first <= day <= year.last
