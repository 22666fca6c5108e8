"""Leave, study, secondment: a change of status closes a stay and opens another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lms.demo.staff import Someone, Stay

# Of those employed today; maternity leave is of the women young enough.
AWAY_TODAY = {
    "maternity_leave": 0.04,
    "seconded": 0.007,
    "study_leave": 0.006,
    "sick_leave": 0.004,
    "unpaid_leave": 0.003,
}
LONGEST_DAYS = {"maternity_leave": 178, "sick_leave": 300}  # so far; others up to two years
MATERNITY_DAYS = 182
MATERNITY_BEFORE = 0.25  # of the women who were young enough, once, in the past
YOUNG = 41 * 365  # days of age
CAST_UNITS = {"TH01", "TH02", "CS01", "BT01"}  # the accounts to try belong to people of these


def give_leaves(people: Iterable[Someone], *, random: Random, until: date) -> None:
    for someone in people:
        for place in range(len(someone.stays) - 1, -1, -1):
            stay = someone.stays[place]
            if _is_of_the_cast(stay):
                continue
            parts = _with_leave(someone, stay, random=random, until=until)
            someone.stays[place : place + 1] = parts


def _is_of_the_cast(stay: Stay) -> bool:
    """Whoever could be one of those whose accounts are tried works without a break."""
    has_long_been_there = stay.started_on.year <= 2016
    leads = stay.group == "manager" or stay.position == "team_leader"
    return stay.unit in CAST_UNITS and (has_long_been_there or leads)


def _with_leave(someone: Someone, stay: Stay, *, random: Random, until: date) -> list[Stay]:
    if stay.ended_on is None:
        status = _status_today(someone, random, until)
        if status is not None:
            days = random.randrange(5, LONGEST_DAYS.get(status, 700))
            return _split(stay, status, first=until - timedelta(days=days), last=None)
    return _with_past_leave(someone, stay, random=random, until=until)


def _status_today(someone: Someone, random: Random, until: date) -> str | None:
    for status, share in AWAY_TODAY.items():
        if status == "maternity_leave" and not _may_be_a_mother(someone, until):
            continue
        if random.random() < share:
            return status
    return None


def _with_past_leave(someone: Someone, stay: Stay, *, random: Random, until: date) -> list[Stay]:
    days = ((stay.ended_on or until) - stay.started_on).days - 2 * MATERNITY_DAYS
    if days <= 0 or random.random() >= MATERNITY_BEFORE:
        return [stay]
    first = stay.started_on + timedelta(days=random.randrange(30, 30 + days))
    if not _may_be_a_mother(someone, first):
        return [stay]
    last = first + timedelta(days=MATERNITY_DAYS - 1)
    return _split(stay, "maternity_leave", first=first, last=last)


def _may_be_a_mother(someone: Someone, day: date) -> bool:
    return someone.sex == "female" and (day - someone.birth_date).days < YOUNG


def _split(stay: Stay, status: str, *, first: date, last: date | None) -> list[Stay]:
    """The stay before, the leave, and the stay after it if it is over."""
    if first <= stay.started_on:
        return [replace(stay, status=status)] if last is None else [stay]
    before = replace(stay, ended_on=first - timedelta(days=1))
    if last is None:
        return [before, replace(stay, started_on=first, status=status)]
    away = replace(stay, started_on=first, ended_on=last, status=status)
    return [before, away, replace(stay, started_on=last + timedelta(days=1))]
