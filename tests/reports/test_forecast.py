"""Where a figure is heading: pure, on a straight line."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from reports.coverage import Coverage
from reports.forecast import FURTHEST, Forecast, forecast, weekly_rate

TODAY = date(2026, 11, 21)
DUE = date(2026, 12, 12)  # three weeks later


def ahead(complete: int, rate: int | Fraction, *, required: int = 100, due_on: date = DUE):
    return forecast(
        Coverage(required, complete), rate=Fraction(rate), percent=80, as_of=TODAY, due_on=due_on
    )


class TestForecast:
    def test_says_what_is_needed_and_when_it_comes(self):
        assert ahead(70, 5) == Forecast(
            missing=10, needed=4, rate=Fraction(5), expected_on=date(2026, 12, 5), short_by=0
        )

    def test_says_by_how_many_people_the_due_day_is_missed(self):
        slow = ahead(70, 2)
        assert (slow.expected_on, slow.short_by) == (date(2026, 12, 26), 4)
        assert slow.will_miss

    def test_never_comes_at_a_standstill_or_while_certificates_lapse(self):
        for rate in (0, -3):
            still = ahead(70, rate)
            assert still.expected_on is None
            assert still.short_by == 10

    def test_is_there_already_when_nobody_is_missing(self):
        done = ahead(80, -3)
        assert (done.missing, done.needed, done.expected_on, done.short_by) == (0, 0, TODAY, 0)

    def test_of_a_past_due_day_is_short_by_all_who_are_missing(self):
        late = ahead(70, 5, due_on=date(2026, 11, 20))
        assert (late.needed, late.short_by) == (None, 10)
        assert late.expected_on == date(2026, 12, 5)

    def test_of_nobody_needs_nobody(self):
        assert ahead(0, 0, required=0).short_by == 0

    def test_what_would_take_a_century_never_comes(self):
        assert ahead(0, Fraction(1, 1000)).expected_on is None


class TestWeeklyRate:
    def test_is_what_changed_over_the_weeks(self):
        rate = weekly_rate(Coverage(50, 10), Coverage(60, 22), weeks=8)
        assert rate == Fraction(3, 2)
        assert ahead(0, rate).rate_tenths == 15

    def test_is_below_zero_when_certificates_lapse(self):
        assert weekly_rate(Coverage(50, 10), Coverage(50, 9), weeks=4) == Fraction(-1, 4)

    def test_is_shown_rounded_towards_zero(self):
        assert ahead(0, Fraction(-1, 4)).rate_tenths == -2
        assert ahead(0, Fraction(1, 3)).rate_tenths == 3


coverages = st.integers(0, 5000).flatmap(
    lambda required: st.builds(Coverage, st.just(required), st.integers(0, required))
)
rates = st.fractions(min_value=-50, max_value=500, max_denominator=52)
percents = st.integers(1, 100)
due_days = st.integers(-400, 4000).map(lambda days: TODAY + timedelta(days=days))


@given(coverages, rates, percents, due_days)
def test_is_short_exactly_when_it_comes_after_the_due_day(now, rate, percent, due_on):
    found = forecast(now, rate=rate, percent=percent, as_of=TODAY, due_on=due_on)
    in_time = found.expected_on is not None and found.expected_on <= max(due_on, TODAY)
    assert found.will_miss != in_time


@given(coverages, rates, percents, due_days)
def test_stays_within_its_bounds(now, rate, percent, due_on):
    found = forecast(now, rate=rate, percent=percent, as_of=TODAY, due_on=due_on)
    assert 0 <= found.short_by <= found.missing <= now.missing
    assert found.expected_on is None or TODAY <= found.expected_on <= TODAY + FURTHEST


@given(coverages, percents, due_days)
def test_whoever_keeps_the_needed_pace_is_not_short(now, percent, due_on):
    assume(due_on >= TODAY + timedelta(days=7))
    needed = forecast(now, rate=Fraction(0), percent=percent, as_of=TODAY, due_on=due_on).needed
    kept = forecast(now, rate=Fraction(needed), percent=percent, as_of=TODAY, due_on=due_on)
    assert not kept.will_miss


@given(coverages, rates, rates, percents, due_days)
def test_a_faster_pace_is_never_later_nor_shorter(now, one, other, percent, due_on):
    slow, fast = (
        forecast(now, rate=rate, percent=percent, as_of=TODAY, due_on=due_on)
        for rate in sorted((one, other))
    )
    assert fast.short_by <= slow.short_by
    assert slow.expected_on is None or fast.expected_on <= slow.expected_on
