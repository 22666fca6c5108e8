"""Coverage as arithmetic: no database."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.coverage import (
    NOBODY,
    Coverage,
    CoverageRow,
    CoverageTable,
    is_small,
    total,
    weekly_pace,
    withheld,
)

coverages = st.integers(0, 100_000).flatmap(
    lambda required: st.builds(Coverage, st.just(required), st.integers(0, required))
)
somebody = coverages.filter(lambda coverage: coverage.required > 0)


class TestCoverage:
    def test_ratio_is_none_when_nobody_is_required(self):
        assert NOBODY.ratio is None
        assert NOBODY.percent_tenths is None
        assert not NOBODY.reaches(80)

    def test_more_complete_than_required_is_refused(self):
        with pytest.raises(ValueError, match="3 of 2"):
            Coverage(2, 3)

    def test_79_96_percent_is_never_shown_as_80(self):
        assert Coverage(10_000, 7_996).percent_tenths == 799
        assert not Coverage(10_000, 7_996).reaches(80)

    def test_the_sentence_of_an_official(self):
        coverage = Coverage(3252, 2713)
        assert coverage.ratio == Fraction(2713, 3252)
        assert coverage.percent_tenths == 834
        assert coverage.missing_for(95) == 377

    @given(st.lists(coverages))
    def test_adds_up_whatever_the_order(self, parts):
        assert total(parts) == total(reversed(parts))
        assert total(parts).required == sum(part.required for part in parts)

    @given(somebody, st.integers(1, 100))
    def test_missing_for_is_the_least_that_reaches(self, coverage, percent):
        missing = coverage.missing_for(percent)
        after = Coverage(coverage.required, coverage.complete + missing)
        assert after.reaches(percent)
        if missing:
            assert not Coverage(coverage.required, after.complete - 1).reaches(percent)

    @given(somebody, st.integers(1, 100))
    def test_the_percentage_shown_never_reaches_what_the_figure_does_not(self, coverage, percent):
        assert (coverage.percent_tenths >= percent * 10) == coverage.reaches(percent)


class TestWeeklyPace:
    def test_is_rounded_up(self):
        assert weekly_pace(15, as_of=date(2026, 1, 1), due_on=date(2026, 1, 15)) == 8

    def test_is_none_once_the_due_day_is_over(self):
        assert weekly_pace(5, as_of=date(2026, 1, 15), due_on=date(2026, 1, 15)) is None

    def test_in_the_last_days_is_everybody_missing(self):
        assert weekly_pace(5, as_of=date(2026, 1, 14), due_on=date(2026, 1, 15)) == 5

    @given(st.integers(0, 5000), st.integers(7, 2000))
    def test_kept_up_it_is_enough(self, missing, days):
        start = date(2026, 1, 1)
        pace = weekly_pace(missing, as_of=start, due_on=start + timedelta(days=days))
        assert pace * days >= missing * 7


class TestTable:
    rows = (
        CoverageRow(("A", "male"), Coverage(3, 1)),
        CoverageRow(("A", "female"), Coverage(5, 5)),
        CoverageRow(("B", "male"), Coverage(2, 0)),
    )
    table = CoverageTable("CT", date(2026, 1, 1), "TP", ("unit", "sex"), rows)

    def test_total_is_the_sum_of_its_rows(self):
        assert self.table.total == Coverage(10, 6)

    def test_adds_up_along_one_axis(self):
        assert self.table.along("sex") == {
            ("male",): Coverage(5, 1),
            ("female",): Coverage(5, 5),
        }


class TestWithholding:
    @pytest.mark.parametrize(
        "coverage", [Coverage(4, 2), Coverage(40, 2), Coverage(40, 38), Coverage(40, 40)]
    )
    def test_a_part_or_its_complement_below_the_limit_is_small(self, coverage):
        assert is_small(coverage, smallest=5)

    def test_nobody_tells_of_nobody(self):
        assert not is_small(NOBODY, smallest=5)

    def test_takes_a_second_cell_along_so_that_the_total_gives_nothing_away(self):
        cells = {"a": Coverage(4, 2), "b": Coverage(40, 20), "c": Coverage(20, 10)}
        assert withheld(cells, smallest=5) == {"a", "c"}

    def test_without_a_limit_nothing_is_withheld(self):
        assert withheld({"a": Coverage(1, 1)}, smallest=0) == frozenset()

    @given(st.dictionaries(st.integers(), coverages, max_size=8), st.integers(0, 20))
    def test_what_is_hidden_never_follows_from_what_is_shown(self, cells, smallest):
        hidden = withheld(cells, smallest=smallest)
        shown = {key for key in cells if key not in hidden and cells[key].required}
        assert not any(is_small(cells[key], smallest=smallest) for key in shown)
        if hidden and shown:
            assert len(hidden) > 1
            assert not is_small(total(cells[key] for key in hidden), smallest=smallest)
