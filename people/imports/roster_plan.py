"""Reconciling: what a list says of people × what is known of them → what is to be done.

Pure: no query, no clock. A list says how things stand on its day, `as_of`:

- listed and not known there: her membership starts on the day the list gives, if nothing else is
  known of her between that day and the list's; else on the list's day;
- listed in another unit than the one she is active in: moved, as of the list's day;
- another group, position or status: the row closes and another opens, as of the list's day;
- listed as gone, or not listed though her unit is: left, so the last day is the one before;
- a membership that began on the very day of the list is corrected in place, or withdrawn: a row
  can't end before it begins, and the list of that day knows best. Later ones are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from people.dates import day_before
from people.imports.columns import normalised
from people.imports.positions import position_meant
from people.imports.roster_rows import RosterRow
from people.models import MembershipStatus, Position, StaffGroup, Verdict

END_OF_TIME = date.max
STATUSES = frozenset(MembershipStatus.values)
GROUP_NAMES = {group.value: normalised(str(group.label)) for group in StaffGroup}
OUR_NAMES = {position.value: normalised(str(position.label)) for position in Position}


@dataclass(frozen=True, slots=True)
class Stay:
    """A primary membership; `pk` is None until it is stored."""

    unit: str
    staff_group: str
    position: str
    position_title: str
    status: str
    started_on: date
    ended_on: date | None = None
    pk: int | None = None

    @property
    def last_day(self) -> date:
        return self.ended_on or END_OF_TIME

    def holds(self, day: date) -> bool:
        return self.started_on <= day <= self.last_day

    def shares_a_day(self, first: date, last: date) -> bool:
        return self.started_on <= last and first <= self.last_day

    def stands_as(self, other: Stay) -> bool:
        """Same group, status and position; a title matters only where it is all there is."""
        return (
            (self.staff_group, self.position, self.status)
            == (other.staff_group, other.position, other.status)
        ) and (self.position != Position.OTHER or self.position_title == other.position_title)


@dataclass(slots=True)
class Steps:
    """What to do with one person's memberships, and what to call it.

    `problem` is a sentence for the user: then nothing is to be done.
    """

    verdict: Verdict = Verdict.UNCHANGED
    opened: list[Stay] = field(default_factory=list)
    rewritten: list[Stay] = field(default_factory=list)  # with the pk of the row they replace
    withdrawn: list[Stay] = field(default_factory=list)
    problem: Problem | None = None

    @property
    def touches_memberships(self) -> bool:
        return bool(self.opened or self.rewritten or self.withdrawn)

    def unit_on(self, day: date, stays: Sequence[Stay]) -> str | None:
        """Where she counts that day once this is done to her `stays`."""
        replaced = {stay.pk for stay in (*self.rewritten, *self.withdrawn)}
        kept = [stay for stay in stays if stay.pk not in replaced]
        there = (s.unit for s in (*kept, *self.rewritten, *self.opened) if s.holds(day))
        return next(there, None)


class Problem(StrEnum):
    ENDS_BEFORE_IT_BEGAN = "ended_on"


@dataclass(frozen=True, slots=True)
class ListDay:
    """The day of the list, and from when to when the unit of the row exists."""

    as_of: date
    unit_opened_on: date = date.min
    unit_closed_on: date | None = None


def reconcile(row: RosterRow, stays: Sequence[Stay], day: ListDay) -> Steps:
    """`stays` are all primary memberships of the person, by day."""
    if row.is_gone_by(day.as_of):
        return _gone(row, stays, day)
    current = next((stay for stay in stays if stay.holds(day.as_of)), None)
    if current is None:
        return _arrived(row, stays, day)
    if current.unit != row.unit_code:
        return _restated(row, current, stays, day, verdict=Verdict.MOVED)
    if not current.stands_as(_listed(row, current)):
        return _restated(row, current, stays, day, verdict=Verdict.CHANGED)
    return _corrected(row, current, stays, day)


def leave(current: Stay, *, last_day: date) -> Steps:
    """Her membership ends; one that began only after that day never held."""
    if current.started_on > last_day:
        return Steps(Verdict.LEFT, withdrawn=[current])
    return Steps(Verdict.LEFT, rewritten=[replace(current, ended_on=last_day)])


def _gone(row: RosterRow, stays: Sequence[Stay], day: ListDay) -> Steps:
    """Concerns the unit of the row only: she may be active elsewhere."""
    last_day = row.ended_on or day_before(day.as_of)
    there = [s for s in stays if s.unit == row.unit_code and s.started_on <= day.as_of]
    if not there:
        return _was_there(row, stays, day)
    latest = there[-1]
    if not latest.holds(day.as_of) and (row.ended_on is None or latest.ended_on == last_day):
        return Steps()
    if row.ended_on is not None and row.ended_on < latest.started_on:
        return Steps(problem=Problem.ENDS_BEFORE_IT_BEGAN)
    if latest.holds(day.as_of):
        return leave(latest, last_day=last_day)
    if _is_free(stays, latest.started_on, last_day, but=latest):
        return Steps(Verdict.CHANGED, rewritten=[replace(latest, ended_on=last_day)])
    return Steps()


def _was_there(row: RosterRow, stays: Sequence[Stay], day: ListDay) -> Steps:
    """A past that is told whole, from a day to a day, is recorded; less says nothing."""
    if row.started_on is None or row.ended_on is None:
        return Steps()
    start = max(row.started_on, day.unit_opened_on)
    if start > row.ended_on or not _is_free(stays, start, row.ended_on):
        return Steps()
    end = min(row.ended_on, day.unit_closed_on or END_OF_TIME)
    if start > end:
        return Steps()
    past = replace(_listed(row, None), started_on=start, ended_on=end)
    return Steps(Verdict.CHANGED if stays else Verdict.NEW, opened=[past])


def _arrived(row: RosterRow, stays: Sequence[Stay], day: ListDay) -> Steps:
    start = day.as_of
    if row.started_on is not None:
        given = max(row.started_on, day.unit_opened_on)
        if given <= day.as_of and _is_free(stays, given, day.as_of):
            start = given
    stay = replace(_listed(row, None), started_on=start, ended_on=_end(row.ended_on, stays, day))
    return Steps(Verdict.NEW, opened=[stay])


def _restated(
    row: RosterRow, current: Stay, stays: Sequence[Stay], day: ListDay, *, verdict: Verdict
) -> Steps:
    """From the list's day on she stands as listed; what was before stays as it was."""
    planned = row.ended_on
    if planned is None and current.unit == row.unit_code:
        planned = current.ended_on
    stay = replace(_listed(row, current), started_on=day.as_of, ended_on=_end(planned, stays, day))
    if current.started_on == day.as_of:
        return Steps(verdict, rewritten=[replace(stay, pk=current.pk)])
    closed = replace(current, ended_on=day_before(day.as_of))
    return Steps(verdict, rewritten=[closed], opened=[stay])


def _corrected(row: RosterRow, current: Stay, stays: Sequence[Stay], day: ListDay) -> Steps:
    """She stands as listed; the wording of her position and the days may be known better now.

    A start that the list puts earlier is taken when nothing else is known of her in between; one
    that it puts later lies inside the membership, and changes nothing.
    """
    better = replace(current, position_title=_wording(row, current))
    if row.ended_on is not None:
        better = replace(better, ended_on=_end(row.ended_on, stays, day))
    if row.started_on is not None:
        given = max(row.started_on, day.unit_opened_on)
        if given < current.started_on and _is_free(stays, given, day_before(current.started_on)):
            better = replace(better, started_on=given)
    if better == current:
        return Steps()
    return Steps(Verdict.CHANGED, rewritten=[better])


def _wording(row: RosterRow, current: Stay) -> str:
    """How the list words her position. Our own name for it is none where none was known: a list
    that was taken from here and brought in again changes nobody."""
    title = _listed(row, current).position_title
    is_our_own = not current.position_title and normalised(title) == OUR_NAMES[current.position]
    return "" if is_our_own else title


def _listed(row: RosterRow, current: Stay | None) -> Stay:
    """How the list says she stands; what its blanks leave open stays as it is in that unit."""
    known = current if current is not None and current.unit == row.unit_code else None
    position, title = row.position, row.position_title
    says_nothing = not position or _is_name_of_group(title, row.staff_group)
    if says_nothing and known is not None and known.staff_group == row.staff_group:
        position, title = known.position, known.position_title
    elif not position:
        is_teacher = row.staff_group == StaffGroup.TEACHER
        position = Position.TEACHER if is_teacher else Position.OTHER
    if title == position:  # the list wrote our own code for it, which is no wording
        title = ""
    status = row.status if row.status in STATUSES else ""
    return Stay(
        unit=row.unit_code,
        staff_group=row.staff_group,
        position=position,
        position_title=title,
        status=status or (known.status if known else MembershipStatus.WORKING),
        started_on=date.min,
    )


@lru_cache(maxsize=4096)  # titles are few
def _is_name_of_group(title: str, group: str) -> bool:
    """ "Nhân viên" says no more of somebody than that she is of the group. "Giáo viên" does: that
    she leads no team."""
    return normalised(title) == GROUP_NAMES.get(group) and position_meant(title) == Position.OTHER


def _end(planned: date | None, stays: Sequence[Stay], day: ListDay) -> date | None:
    """The planned last day, cut where a membership known to start later begins, and where the
    unit ends: of a list of the past its last day may be known."""
    later = [day_before(stay.started_on) for stay in stays if stay.started_on > day.as_of]
    known = [each for each in (planned, day.unit_closed_on) if each is not None]
    return min([*later, *known], default=None)


def _is_free(stays: Sequence[Stay], first: date, last: date, *, but: Stay | None = None) -> bool:
    return not any(stay.shares_a_day(first, last) for stay in stays if stay is not but)
