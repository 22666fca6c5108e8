"""What a change makes of one person's memberships. Pure: no database."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.imports.roster_plan import END_OF_TIME, Stay
from people.stays import (
    Difference,
    Ended,
    Redated,
    Restated,
    Returned,
    RosterError,
    Withdrawn,
    differences,
    held_on_day,
    rows_to_write,
)

A_FIRST, A_LAST, B_FIRST = date(2020, 1, 1), date(2026, 8, 31), date(2026, 9, 1)


def stay(unit: str, first: date, last: date | None = None, pk: int | None = None, **facts) -> Stay:
    usual = {
        "staff_group": "teacher",
        "position": "teacher",
        "position_title": "",
        "status": "working",
    }
    return Stay(unit=unit, started_on=first, ended_on=last, pk=pk, **{**usual, **facts})


@pytest.fixture
def moved() -> list[Stay]:
    """In A to the end of August 2026, in B from September."""
    return [stay("A", A_FIRST, A_LAST, pk=1), stay("B", B_FIRST, pk=2)]


def days(stays: list[Stay]) -> list[tuple]:
    return [(each.unit, each.started_on, each.ended_on) for each in stays]


class TestRestated:
    def test_ends_what_was_the_day_before(self):
        stays = Restated(B_FIRST, {"unit": "B"}).applied_to([stay("A", A_FIRST, pk=1)])
        assert days(stays) == [("A", A_FIRST, A_LAST), ("B", B_FIRST, None)]
        assert [each.pk for each in stays] == [1, None]

    def test_on_the_first_day_corrects_in_place(self, moved):
        stays = Restated(B_FIRST, {"status": "seconded"}).applied_to(moved)
        assert [(each.pk, each.status) for each in stays] == [(1, "working"), (2, "seconded")]

    def test_ends_where_a_later_one_begins(self, moved):
        stays = Restated(date(2026, 1, 1), {"unit": "C"}).applied_to(moved)
        assert days(stays)[1] == ("C", date(2026, 1, 1), A_LAST)

    def test_is_refused_on_a_day_that_nothing_is_known_of(self, moved):
        with pytest.raises(RosterError, match="31/12/2019 người này không thuộc"):
            Restated(date(2019, 12, 31), {}).applied_to(moved)


class TestEnded:
    def test_the_day_before_is_the_last(self):
        stays = Ended(B_FIRST).applied_to([stay("A", A_FIRST, pk=1)])
        assert days(stays) == [("A", A_FIRST, A_LAST)]

    def test_whoever_began_that_very_day_never_was_there(self):
        with pytest.raises(RosterError, match="không thuộc"):
            Ended(A_FIRST).applied_to([stay("A", A_FIRST, pk=1)])


class TestReturned:
    def test_lasts_until_a_known_one_begins(self, moved):
        back = Returned(stay("C", date(2019, 1, 1)))
        assert days(back.applied_to(moved))[0] == ("C", date(2019, 1, 1), date(2019, 12, 31))

    def test_is_refused_where_she_is_somewhere(self, moved):
        with pytest.raises(RosterError, match="đang thuộc"):
            Returned(stay("C", A_LAST)).applied_to(moved)


class TestRedated:
    def test_moves_the_neighbour_along(self, moved):
        stays = Redated(2, date(2026, 8, 15), None).applied_to(moved)
        assert days(stays) == [
            ("A", A_FIRST, date(2026, 8, 14)),
            ("B", date(2026, 8, 15), None),
        ]

    def test_leaves_a_fixed_neighbour_and_so_a_gap(self, moved):
        stays = Redated(2, date(2026, 9, 15), None).applied_to(moved, fixed=frozenset({1}))
        assert days(stays)[0] == ("A", A_FIRST, A_LAST)

    def test_never_into_a_fixed_one(self, moved):
        with pytest.raises(RosterError, match="Trùng ngày"):
            Redated(2, date(2026, 8, 15), None).applied_to(moved, fixed=frozenset({1}))

    def test_never_over_the_whole_of_another(self, moved):
        with pytest.raises(RosterError, match="không còn ngày nào"):
            Redated(2, date(2019, 1, 1), None).applied_to(moved)

    def test_of_one_that_is_gone_says_so(self, moved):
        with pytest.raises(RosterError, match="mở lại trang"):
            Redated(7, B_FIRST, None).applied_to(moved)

    def test_ends_after_it_begins(self, moved):
        with pytest.raises(RosterError, match="trước ngày đầu"):
            Redated(2, B_FIRST, A_LAST).applied_to(moved)


class TestWithdrawn:
    def test_what_led_up_to_it_goes_on(self, moved):
        assert days(Withdrawn(2).applied_to(moved)) == [("A", A_FIRST, None)]

    def test_or_ends_as_it_did(self, moved):
        assert days(Withdrawn(2, joins=False).applied_to(moved)) == [("A", A_FIRST, A_LAST)]


class TestDifferences:
    def test_are_the_days_that_change(self, moved):
        after = Redated(2, date(2026, 8, 15), None).applied_to(moved)
        [found] = differences(moved, after)
        assert (found.first, found.last) == (date(2026, 8, 15), A_LAST)
        assert (found.before.unit, found.after.unit) == ("A", "B")

    def test_a_mere_split_is_none(self, moved):
        assert differences(moved, Restated(date(2025, 1, 1), {}).applied_to(moved)) == []

    def test_of_an_end_go_on_for_ever(self):
        before = [stay("A", A_FIRST, pk=1)]
        [found] = differences(before, Ended(B_FIRST).applied_to(before))
        assert found == Difference(B_FIRST, END_OF_TIME, before[0], None)


A_DAY = st.dates(date(2018, 1, 1), date(2028, 12, 31))
A_CHANGE = st.one_of(
    st.builds(Restated, A_DAY, st.fixed_dictionaries({"unit": st.sampled_from("ABCD")})),
    st.builds(Ended, A_DAY),
    st.builds(Returned, st.builds(stay, st.sampled_from("CD"), A_DAY)),
    st.builds(Redated, st.sampled_from([1, 2, 3]), A_DAY, st.none() | A_DAY, st.booleans()),
    st.builds(Withdrawn, st.sampled_from([1, 2, 3]), st.booleans()),
)


class TestAnyChange:
    """Of three stays, two of them side by side."""

    stays = (
        stay("A", A_FIRST, A_LAST, pk=1),
        stay("B", B_FIRST, date(2027, 3, 31), pk=2),
        stay("A", date(2027, 6, 1), pk=3),
    )

    @given(A_CHANGE)
    def test_leaves_nobody_in_two_places_on_one_day(self, change):
        after = self.changed(change)
        for first, second in pairwise(after):
            assert first.started_on <= first.last_day < second.started_on <= second.last_day

    @given(A_CHANGE, A_DAY)
    def test_differs_on_the_days_it_says_and_on_no_other(self, change, day):
        after = self.changed(change)
        was, now = held_on_day(self.stays, day), held_on_day(after, day)
        told = any(each.first <= day <= each.last for each in differences(self.stays, after))
        assert told == ((was and was.unit) != (now and now.unit))

    @given(A_CHANGE)
    def test_can_be_written_row_by_row(self, change):
        """No statement ever puts two rows on one day: the database would refuse it."""
        after = self.changed(change)
        rows = rows_to_write(self.stays, after)
        table = {each.pk: each for each in self.stays if each.pk not in rows.deleted}
        for number, row in enumerate([*rows.shortened, *rows.changed, *rows.opened]):
            table[row.pk or -number] = row
            self.refuse_overlaps(list(table.values()))
        assert sorted(map(days_of, table.values())) == sorted(map(days_of, after))

    def changed(self, change) -> list[Stay]:
        try:
            return list(change.applied_to(self.stays))
        except RosterError:
            return list(self.stays)

    def refuse_overlaps(self, stays: list[Stay]) -> None:
        for one in stays:
            assert not any(
                other is not one and other.shares_a_day(one.started_on, one.last_day)
                for other in stays
            )


def days_of(each: Stay) -> tuple[str, date, date]:
    return each.unit, each.started_on, each.last_day
