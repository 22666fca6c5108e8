"""Who may set targets, and which figures a change of one would move."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from people.dates import held_on
from people.grants import Grants
from people.models import Unit, UnitVersion
from people.models.scope import MANAGING_PEOPLE
from people.names import title_key
from reports.coverage import NOBODY, Coverage, CoverageTable
from reports.models import Target
from reports.queries.coverage import RootUnitError, coverage_by

MOST_UNITS = 20  # that a preview names


def may_set_targets(grants: Grants, *, on: date) -> bool:
    """Administrators, and who manages a unit that stands under no other, for every sector: a
    target is everybody's."""
    if grants.is_unlimited:
        return True
    managed = [
        scope.unit_id
        for scope in grants.scopes
        if scope.role in MANAGING_PEOPLE and not scope.sector
    ]
    return UnitVersion.objects.filter(held_on(on), parent=None, unit__in=managed).exists()


@dataclass(frozen=True, slots=True)
class Move:
    """A figure as it is and as it would be; `before` is None of a new target."""

    label: str
    before: Coverage | None
    after: Coverage

    @property
    def is_one(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class DayMove:
    """Of the whole, on one day; whether the percentage is reached then, before and after."""

    day: date
    whole: Move
    was_reached: bool
    is_reached: bool

    @property
    def is_one(self) -> bool:
        return self.whole.is_one or self.was_reached != self.is_reached


@dataclass(frozen=True, slots=True)
class TargetEffects:
    """`days`: today and the days, past, at which the target is looked at. `units`: those directly
    below the root whose figure of today moves; `more_units`: how many of them are not named."""

    days: list[DayMove]
    units: list[Move]
    more_units: int = 0
    fingerprint: str = field(default="")

    @property
    def moves(self) -> bool:
        return any(each.is_one for each in self.days)


def target_effects(draft: Target, stored: Target | None, *, today: date) -> TargetEffects:
    """Both counted by the one query, over everybody there is."""
    tables = {
        day: (_table(stored, day) if stored else None, _table(draft, day))
        for day in _days(draft, stored, today)
    }
    days = [_day_move(day, before, after, draft, stored) for day, (before, after) in tables.items()]
    units = _units(*tables[today], today=today)
    return TargetEffects(
        days=days,
        units=units[:MOST_UNITS],
        more_units=max(0, len(units) - MOST_UNITS),
        fingerprint=_fingerprint(days, units),
    )


def _days(draft: Target, stored: Target | None, today: date) -> list[date]:
    targets = [draft, stored] if stored else [draft]
    named = {day for each in targets for day in (each.due_on, each.looked_at_on)}
    return sorted({day for day in named if day < today} | {today}, reverse=True)


def _table(target: Target, day: date) -> CoverageTable | None:
    """None where no single unit stands above all others that day."""
    try:
        return coverage_by(target, as_of=day, by=("unit",))
    except RootUnitError:
        return None


def _day_move(
    day: date,
    before: CoverageTable | None,
    after: CoverageTable | None,
    draft: Target,
    stored: Target | None,
) -> DayMove:
    was, now = before.total if before else None, after.total if after else NOBODY
    return DayMove(
        day=day,
        whole=Move("", was, now),
        was_reached=bool(was and stored and was.reaches(stored.percent)),
        is_reached=now.reaches(draft.percent),
    )


def _units(before: CoverageTable | None, after: CoverageTable | None, *, today: date) -> list[Move]:
    """By name; of a new target none, as each would be listed."""
    if before is None or after is None:
        return []
    was, now = before.along("unit"), after.along("unit")
    moved = [
        code
        for (code,) in {**was, **now}
        if code and was.get((code,), NOBODY) != now.get((code,), NOBODY)
    ]
    names = {
        unit.code: unit.name or unit.code  # type: ignore[attr-defined]
        for unit in Unit.objects.filter(code__in=moved).named_on(today)
    }
    moves = [
        Move(names.get(code, code), was.get((code,), NOBODY), now.get((code,), NOBODY))
        for code in moved
    ]
    return sorted(moves, key=lambda move: title_key(move.label))


def _fingerprint(days: Iterable[DayMove], units: Iterable[Move]) -> str:
    """Of the figures shown, so that nobody confirms others than she saw."""
    said = [(str(each.day), str(each.whole), each.was_reached, each.is_reached) for each in days]
    text = json.dumps([said, [str(each) for each in units]])
    return hashlib.sha256(text.encode()).hexdigest()
