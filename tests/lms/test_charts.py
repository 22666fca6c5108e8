"""Where the marks of a chart stand: geometry without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.charts import (
    LABEL_HEIGHT,
    MOST_MONTHS,
    MOST_YEARS,
    Scale,
    area_paths,
    bars,
    labels_on,
    line_paths,
    steps_beside,
    tick_format,
    ticks_on,
    time_ticks,
)

FIRST, LAST = date(2016, 1, 1), date(2020, 12, 31)
SCALE = Scale(FIRST, LAST, height=300)


@dataclass(frozen=True)
class At:
    day: date
    tenths: int | None
    is_marked: bool = False


class TestScale:
    def test_begins_at_zero_and_ends_at_a_hundred_per_cent(self):
        assert (SCALE.y(0), SCALE.y(1000)) == ("300.0", "0.0")
        assert (SCALE.x(FIRST), SCALE.x(LAST)) == ("0.00%", "100.00%")

    def test_a_single_day_divides_nothing_by_zero(self):
        assert Scale(FIRST, FIRST, height=300).x(FIRST) == "0.00%"


class TestLine:
    def test_goes_through_every_point(self):
        points = [At(FIRST, 0), At(LAST, 500)]
        assert line_paths(points, SCALE) == ["M0.0 300.0 L1000.0 150.0"]

    def test_breaks_at_a_gap(self):
        days = [FIRST + timedelta(days=100 * number) for number in range(5)]
        tenths = [100, 200, None, 300, 400]
        points = [At(day, each) for day, each in zip(days, tenths, strict=True)]
        assert len(line_paths(points, SCALE)) == 2

    def test_a_point_between_gaps_makes_no_line(self):
        assert line_paths([At(FIRST, None), At(LAST, 3)], SCALE) == []

    def test_the_area_stands_on_the_zero_line(self):
        (area,) = area_paths([At(FIRST, 800), At(LAST, 900)], SCALE)
        assert area.startswith("M0.0 300 L0.0 60.0")
        assert area.endswith("L1000.0 300 Z")


class TestLabels:
    def test_stand_clear_of_the_thresholds(self):
        points = [At(date(2017, 12, 31), 832, is_marked=True), At(LAST, 958, is_marked=True)]
        lines = [SCALE.down(800), SCALE.down(950)]
        for label in labels_on(points, SCALE, thresholds=[80, 95]):
            top = float(label.y) - 14
            assert not any(top < line < top + LABEL_HEIGHT - 2 for line in lines)

    def test_only_marked_points_have_one(self):
        points = [At(FIRST, 0), At(LAST, 900, is_marked=True)]
        assert [label.point.day for label in labels_on(points, SCALE)] == [LAST]

    def test_of_two_in_one_place_the_last_keeps_its_words_or_both_fit(self):
        crowd = [At(LAST - timedelta(days=each), 500, is_marked=True) for each in range(12)]
        labels = labels_on(crowd[::-1], SCALE)
        assert len(labels) == 12
        assert labels[-1].y
        assert not all(label.y for label in labels)

    @given(st.lists(st.tuples(st.integers(0, 1826), st.integers(0, 1000)), max_size=6))
    def test_words_never_cover_each_other_and_stay_inside(self, places):
        points = [At(FIRST + timedelta(days=day), tenths, is_marked=True) for day, tenths in places]
        worded = [label for label in labels_on(points, SCALE, thresholds=[80, 95]) if label.y]
        for number, one in enumerate(worded):
            assert 0 <= float(one.y) - 14 <= SCALE.height - LABEL_HEIGHT
            for other in worded[number + 1 :]:
                is_apart = abs(float(one.y) - float(other.y)) >= LABEL_HEIGHT - 0.2
                if one.anchor == other.anchor and one.x == other.x:
                    assert is_apart


class TestTicks:
    def test_of_several_years_are_new_years(self):
        days = time_ticks(FIRST, LAST)
        assert [day.year for day in days] == [2016, 2017, 2018, 2019, 2020]
        assert tick_format(days) == "Y"

    def test_of_two_years_are_months(self):
        days = time_ticks(date(2026, 1, 1), date(2027, 12, 31))
        assert [(day.month, day.year) for day in days] == [
            (1, 2026),
            (7, 2026),
            (1, 2027),
            (7, 2027),
        ]
        assert tick_format(days) == "n/Y"

    def test_of_some_days_are_days(self):
        assert tick_format(time_ticks(date(2026, 1, 5), date(2026, 2, 20))) == "j/n"

    def test_at_the_right_edge_the_words_end_there(self):
        assert [tick.anchor for tick in ticks_on([FIRST, LAST], SCALE)] == ["middle", "end"]

    @given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 12000))
    def test_there_are_few_all_inside_and_in_order(self, first, days):
        last = first + timedelta(days=days)
        ticks = time_ticks(first, last)
        assert 1 <= len(ticks) <= max(MOST_YEARS, MOST_MONTHS)
        assert all(first <= tick <= last for tick in ticks)
        assert ticks == sorted(ticks)


class TestSteps:
    def test_make_room_for_the_thresholds(self):
        assert steps_beside([80, 95]) == [0, 200, 400, 600]

    def test_without_thresholds_are_even(self):
        assert steps_beside([]) == [0, 200, 400, 600, 800, 1000]


class TestBars:
    def test_are_shares_of_the_largest_from_zero(self):
        assert [bar.length for bar in bars([("a", 5, "5"), ("b", 20, "20"), ("c", 0, "0")])] == [
            "25.00%",
            "100.00%",
            "0.00%",
        ]

    def test_or_of_a_whole_that_they_share(self):
        assert [bar.length for bar in bars([("a", 5, "5")], whole=50)] == ["10.00%"]

    def test_of_nothing_are_empty(self):
        assert [bar.length for bar in bars([("a", 0, "0")])] == ["0.00%"]
