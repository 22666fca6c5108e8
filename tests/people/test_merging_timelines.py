"""Two timelines made one, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from people.merging.timeline import END_OF_TIME, Stay, disagreements, merged

FIRST = date(2026, 1, 1)
DAYS = 30


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def stay(key: int, first: int, last: int | None, facts: str = "TH1", *, leads: bool = True) -> Stay:
    ends = END_OF_TIME if last is None else day(last)
    return Stay(key, key, facts, day(first), ends, leads)


def other(key: int, first: int, last: int | None, facts: str = "TH1") -> Stay:
    return stay(key, first, last, facts, leads=False)


def said(stays: list[Stay], when: date) -> str | None:
    held = [each.facts for each in stays if each.first <= when <= each.last]
    assert len(held) <= 1
    return str(held[0]) if held else None


def spans(stays: list[Stay]) -> list[tuple[int | None, int, int | None, str]]:
    return [
        (
            each.key,
            (each.first - FIRST).days,
            None if each.last == END_OF_TIME else (each.last - FIRST).days,
            str(each.facts),
        )
        for each in stays
    ]


class TestTheOtherTimeline:
    def test_holds_before_and_after_the_leading_one(self):
        found = merged([stay(1, 10, 19)], [other(2, 0, None, "THCS2")])
        assert spans(found) == [(2, 0, 9, "THCS2"), (1, 10, 19, "TH1"), (None, 20, None, "THCS2")]

    def test_goes_where_the_leading_one_says_all_of_it(self):
        assert spans(merged([stay(1, 0, None)], [other(2, 5, 9, "THCS2")])) == [(1, 0, None, "TH1")]

    def test_that_says_the_same_becomes_one_stay_with_it(self):
        assert spans(merged([stay(1, 10, None)], [other(2, 0, 9)])) == [(1, 0, None, "TH1")]
        assert spans(merged([stay(1, 10, 19)], [other(2, 0, None)])) == [(1, 0, None, "TH1")]

    def test_joins_two_leading_stays_across_a_gap(self):
        found = merged([stay(1, 0, 9), stay(3, 20, None)], [other(2, 0, None)])
        assert spans(found) == [(1, 0, None, "TH1")]

    def test_that_follows_with_something_else_stays_apart(self):
        found = merged([stay(1, 0, 9)], [other(2, 10, None, "THCS2")])
        assert spans(found) == [(1, 0, 9, "TH1"), (2, 10, None, "THCS2")]


class TestDisagreements:
    def test_are_days_on_which_both_say_something_else(self):
        ours, theirs = stay(1, 0, 9), other(2, 9, None, "THCS2")
        assert disagreements([ours], [theirs]) == [(ours, theirs)]

    def test_are_none_where_they_say_the_same_or_never_meet(self):
        assert disagreements([stay(1, 0, 9)], [other(2, 5, None)]) == []
        assert disagreements([stay(1, 0, 9)], [other(2, 10, None, "THCS2")]) == []


@st.composite
def timelines(draw, *, leads: bool, first_key: int):
    """Stays that share no day, as the database holds them."""
    edges = sorted(draw(st.sets(st.integers(0, DAYS), max_size=8)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    stays = [
        stay(first_key + number, first, last - 1, draw(st.sampled_from("AB")), leads=leads)
        for number, (first, last) in enumerate(pairs)
        if first < last
    ]
    if stays and draw(st.booleans()):
        stays[-1] = replace(stays[-1], last=END_OF_TIME)
    return stays


@given(timelines(leads=True, first_key=1), timelines(leads=False, first_key=100))
def test_every_day_says_what_the_leading_one_says_else_the_other(leading, following):
    found = merged(leading, following)
    for number in range(DAYS + 2):
        when = day(number)
        assert said(found, when) == (said(leading, when) or said(following, when))


@given(timelines(leads=True, first_key=1), timelines(leads=False, first_key=100))
def test_no_row_is_used_twice_and_none_of_the_leading_ones_gets_shorter(leading, following):
    found = merged(leading, following)
    keys = [each.key for each in found if each.key is not None]
    assert len(keys) == len(set(keys))
    rows = {each.key: each for each in [*leading, *following]}
    for each in found:
        if each.key is not None and rows[each.key].leads:
            assert each.first <= rows[each.key].first
            assert each.last >= rows[each.key].last
        elif each.key is not None:
            assert each.first >= rows[each.key].first
            assert each.last <= rows[each.key].last
