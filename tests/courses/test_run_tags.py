"""What is said of a run's days."""

from __future__ import annotations

from datetime import date

import pytest

from courses.models import RunTerms
from courses.templatetags.run_tags import days_left

TERMS = RunTerms(opens_on=date(2026, 6, 1), closes_on=date(2026, 12, 31), grace_days=10)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 5, 30), "còn 2 ngày thì mở"),
        (date(2026, 12, 30), "còn 1 ngày"),
        (date(2026, 12, 31), "hôm nay là ngày cuối"),
        (date(2027, 1, 1), "còn 9 ngày"),
        (date(2027, 1, 10), "hôm nay là ngày cuối"),
        (date(2027, 1, 11), ""),
    ],
)
def test_the_days_left_are_those_of_the_window_then_those_of_grace(day, said):
    assert days_left(TERMS, day) == said
