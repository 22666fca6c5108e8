"""Where one person counts, day by day, and what a change makes of it.

Pure: no query, no clock. A change takes her stays (primary memberships, by day) and gives them as
they would be; `differences` says on which days that is another place or post.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

from people.dates import day_after, day_before
from people.formats import local_date
from people.imports.roster_plan import END_OF_TIME, Stay

Stays = Sequence[Stay]
NONE: frozenset[int] = frozenset()


class RosterError(Exception):
    """The roster can't be changed so; the message says what to do."""


class Change(Protocol):
    def applied_to(self, stays: Stays, *, fixed: frozenset[int] = NONE) -> list[Stay]:
        """`fixed`: keys of stays beside the changed one that stay as they are, come what may.

        Raises `RosterError`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Restated:
    """From a day on these facts hold, to the end of the stay that holds that day."""

    on: date
    facts: Mapping[str, Any]

    def applied_to(self, stays: Stays, *, fixed: frozenset[int] = NONE) -> list[Stay]:
        current = _held(stays, self.on)
        if current.started_on == self.on:
            return _with(stays, current, replace(current, **self.facts))
        opened = replace(current, pk=None, started_on=self.on, **self.facts)
        return _with(stays, current, replace(current, ended_on=day_before(self.on)), opened)


@dataclass(frozen=True, slots=True)
class Ended:
    """She left on a day: the day before is the last."""

    left_on: date

    def applied_to(self, stays: Stays, *, fixed: frozenset[int] = NONE) -> list[Stay]:
        last = day_before(self.left_on)
        current = _held(stays, last)
        return _with(stays, current, replace(current, ended_on=last))


@dataclass(frozen=True, slots=True)
class Returned:
    """She is there again; `stay` begins on its first day and ends where a known one begins."""

    stay: Stay

    def applied_to(self, stays: Stays, *, fixed: frozenset[int] = NONE) -> list[Stay]:
        first = self.stay.started_on
        if any(each.holds(first) for each in stays):
            raise RosterError(
                _("Ngày %(day)s người này đang thuộc một đơn vị: hãy chọn ngày khác.")
                % {"day": local_date(first)}
            )
        later = [day_before(each.started_on) for each in stays if each.started_on > first]
        return _by_day([*stays, replace(self.stay, ended_on=min(later, default=None))])


@dataclass(frozen=True, slots=True)
class Redated:
    """The days of a stay were written wrong.

    With `joins`, a stay that followed on it or led up to it without a gap moves along.
    """

    pk: int
    started_on: date
    ended_on: date | None
    joins: bool = True

    def applied_to(self, stays: Stays, *, fixed: frozenset[int] = NONE) -> list[Stay]:
        current = _called(stays, self.pk)
        if self.ended_on is not None and self.ended_on < self.started_on:
            raise RosterError(_("Ngày cuối trước ngày đầu: hãy sửa một trong hai."))
        better = replace(current, started_on=self.started_on, ended_on=self.ended_on)
        changed = [better]
        before, after = _beside(stays, current, fixed) if self.joins else (None, None)
        if before is not None and better.started_on != current.started_on:
            changed.append(replace(before, ended_on=day_before(better.started_on)))
        if after is not None and better.ended_on not in (None, current.ended_on):
            changed.append(replace(after, started_on=day_after(better.last_day)))
        found = _with(stays, None, *changed)
        _refuse_overlaps(found, better)
        return found


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A stay that never was. With `joins`, the one that led up to it goes on in its place."""

    pk: int
    joins: bool = True

    def applied_to(self, stays: Stays, *, fixed: frozenset[int] = NONE) -> list[Stay]:
        current = _called(stays, self.pk)
        before, _after = _beside(stays, current, fixed) if self.joins else (None, None)
        rest = [stay for stay in stays if stay is not current]
        if before is None:
            return rest
        return _with(rest, before, replace(before, ended_on=current.ended_on))


@dataclass(frozen=True, slots=True)
class Difference:
    """From the first to the last day another place or post; None: nowhere."""

    first: date
    last: date
    before: Stay | None
    after: Stay | None

    @property
    def is_open(self) -> bool:
        return self.last == END_OF_TIME


def differences(before: Stays, after: Stays) -> list[Difference]:
    """In the order of days; what follows on each other alike is one."""
    found: list[Difference] = []
    for first, last in _stretches([*before, *after]):
        old, new = held_on_day(before, first), held_on_day(after, first)
        if _facts(old) == _facts(new):
            continue
        follows = bool(found) and found[-1].last == day_before(first)
        alike = follows and (_facts(found[-1].before), _facts(found[-1].after)) == (
            _facts(old),
            _facts(new),
        )
        if alike:
            found[-1] = replace(found[-1], last=last)
        else:
            found.append(Difference(first, last, old, new))
    return found


def held_on_day(stays: Stays, day: date) -> Stay | None:
    return next((stay for stay in stays if stay.holds(day)), None)


@dataclass(slots=True)
class Rows:
    """What to write. In this order no two stays share a day after any statement: `shortened` keeps
    of a stay the days that it has both before and after; who has none moves first of `changed`."""

    deleted: list[int] = field(default_factory=list)
    shortened: list[Stay] = field(default_factory=list)
    changed: list[Stay] = field(default_factory=list)
    opened: list[Stay] = field(default_factory=list)


def rows_to_write(before: Stays, after: Stays) -> Rows:
    known = {stay.pk: stay for stay in before}
    rows = Rows(opened=[stay for stay in after if stay.pk is None])
    kept = {stay.pk: stay for stay in after if stay.pk is not None}
    rows.deleted = [pk for pk in known if pk is not None and pk not in kept]
    for pk, stay in kept.items():
        old = known[pk]
        if stay == old:
            continue
        first, last = max(stay.started_on, old.started_on), min(stay.last_day, old.last_day)
        if first > last:
            rows.changed.insert(0, stay)
            continue
        rows.shortened.append(
            replace(stay, started_on=first, ended_on=None if last == END_OF_TIME else last)
        )
        rows.changed.append(stay)
    return rows


def _held(stays: Stays, day: date) -> Stay:
    current = held_on_day(stays, day)
    if current is None:
        raise RosterError(
            _("Ngày %(day)s người này không thuộc đơn vị nào: hãy chọn ngày khác.")
            % {"day": local_date(day)}
        )
    return current


def _called(stays: Stays, pk: int) -> Stay:
    current = next((stay for stay in stays if stay.pk == pk), None)
    if current is None:
        raise RosterError(_("Dòng này vừa được sửa hoặc bỏ: hãy mở lại trang."))
    return current


def _beside(stays: Stays, current: Stay, fixed: frozenset[int]) -> tuple[Stay | None, Stay | None]:
    """What leads up to it and what follows on it without a gap, where these may be changed."""
    free = [stay for stay in stays if stay.pk not in fixed]
    before = [stay for stay in free if stay.ended_on == day_before(current.started_on)]
    after = [stay for stay in free if current.ended_on == day_before(stay.started_on)]
    return next(iter(before), None), next(iter(after), None)


def _with(stays: Stays, replaced: Stay | None, *changed: Stay) -> list[Stay]:
    """By day, `changed` in place of `replaced` and of whatever bears the same keys."""
    keys = {stay.pk for stay in changed if stay.pk is not None}
    kept = [stay for stay in stays if stay is not replaced and stay.pk not in keys]
    return _by_day([*kept, *changed])


def _by_day(stays: Iterable[Stay]) -> list[Stay]:
    return sorted(stays, key=lambda stay: stay.started_on)


def _refuse_overlaps(stays: Stays, better: Stay) -> None:
    for other in stays:
        if other.started_on > other.last_day:
            raise RosterError(_("Dòng liền kề sẽ không còn ngày nào: hãy bỏ dòng ấy trước."))
        if other.pk != better.pk and other.shares_a_day(better.started_on, better.last_day):
            raise RosterError(
                _("Trùng ngày với nơi công tác từ %(first)s: hãy sửa hoặc bỏ dòng ấy trước.")
                % {"first": local_date(other.started_on)}
            )


def _stretches(stays: Iterable[Stay]) -> list[tuple[date, date]]:
    """From each day on which anything may change to the day before the next."""
    firsts: set[date] = set()
    for stay in stays:
        firsts.add(stay.started_on)
        if stay.ended_on is not None:
            firsts.add(day_after(stay.ended_on))
    ordered = sorted(firsts)
    lasts = [day_before(day) for day in ordered[1:]]
    return list(zip(ordered, [*lasts, END_OF_TIME], strict=True)) if ordered else []


def _facts(stay: Stay | None) -> tuple[str, ...] | None:
    if stay is None:
        return None
    return (stay.unit, stay.staff_group, stay.position, stay.position_title, stay.status)
