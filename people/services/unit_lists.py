"""Applying a list of units as they stand on a day: all of it in one transaction, or nothing.

Each row is applied first and the tree that results is checked after, since parents may stand below
their children in the file and a unit may close because the same file moves what was in it.
Whatever is rejected rolls everything back; so does a dry run.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.formats import local_date
from people.imports.reading import Reading
from people.imports.rejections import Rejection, as_json
from people.imports.unit_rows import UnitRow, read_units
from people.models import Membership, Unit, UnitClosure, UnitVersion, User
from people.queries.units import day_within
from people.services.unit_list_checks import check_tree
from people.services.unit_refusals import sector_of_others, sectors_watched
from people.services.unit_timelines import Timeline, timelines_of, write_timelines
from people.sheets import Sheet
from people.signals import memberships_changed

VERDICTS = ("new", "changed", "unchanged", "closed")


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What becomes of one unit: by the name of each fact what it was and what it will be."""

    code: str
    name: str
    verdict: str
    since: date
    facts: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class UnitsOutcome:
    """What a list did, or would do. Anything rejected: it did nothing, and all counts are 0.

    `has_changed`: it did nothing either, since that is not what was seen of it.
    """

    as_of: date | None
    is_dry_run: bool
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    changes: list[UnitChange] = field(default_factory=list)
    ignored_sheets: tuple[str, ...] = ()
    has_changed: bool = False

    @property
    def fingerprint(self) -> str:
        """Of what is shown of it: what is applied is that."""
        told = [(each.code, each.verdict, sorted(each.facts.items())) for each in self.changes]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    def as_json(self) -> dict[str, Any]:
        return {
            **{verdict: self.counts[verdict] for verdict in VERDICTS},
            "rejected": as_json(self.rejected),
            "as_of": self.as_of and self.as_of.isoformat(),
            "dry_run": self.is_dry_run,
        }


@dataclass(slots=True)
class Applied:
    """What one row came to. `since` is the day its facts hold from."""

    row: UnitRow
    timeline: Timeline
    since: date
    verdict: str = "unchanged"
    facts: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def unit(self) -> Unit:
        return self.timeline.unit

    @property
    def is_regrouped(self) -> bool:
        """Another kind or parent: what is asked of its people may change."""
        return self.verdict != "new" and not self.facts.keys().isdisjoint({"kind", "parent_code"})


def import_units(
    sheet: Sheet,
    *,
    today: date,
    as_of: date | None = None,
    is_dry_run: bool = False,
    by: User | None = None,
    seen: str | None = None,
) -> UnitsOutcome:
    """What differs becomes a new version from `as_of`; without it, from the unit's opening.

    Units that the file leaves out stay as they are. Of what `by` may not change every row that
    differs is rejected; None is the system. With `seen`, the fingerprint of an outcome that was
    shown, nothing is done that comes to something else. Never raises for what is wrong with the
    list.
    """
    reading = read_units(sheet)
    outcome = UnitsOutcome(as_of, is_dry_run, ignored_sheets=sheet.ignored)
    with transaction.atomic():
        units = {unit.code: unit for unit in _locked_units()}
        _check_references(reading, units, as_of)
        if not reading.rejected:
            reach = _Reach(by, as_of or today, today) if by else None
            if reach:
                reach.look(units.values())
            applied = _apply(reading, units, as_of)
            check_tree(reading, applied, as_of=as_of, today=today)
            if reach:
                _check_reach(reading, applied, reach)
        outcome.rejected = sorted(reading.rejected)
        if not outcome.rejected:
            outcome.counts = Counter(each.verdict for each in applied)
            outcome.changes = [_change(each) for each in applied if each.verdict != "unchanged"]
        outcome.has_changed = seen not in (None, outcome.fingerprint)
        if outcome.rejected or outcome.has_changed or is_dry_run:
            transaction.set_rollback(True)
        else:
            _tell(applied)
    return outcome


def _locked_units() -> list[Unit]:
    """In the order in which every act on units takes them: two that meet wait in turn."""
    return list(Unit.objects.order_by("pk").select_for_update())


class _Reach:
    """What the importer may change, looked at before anything changes."""

    def __init__(self, by: User, on: date, today: date) -> None:
        self.by, self.on, self.today = by, on, today
        self.hers: set[int] = set()
        self.watched: dict[int, set[str]] = {}

    def look(self, units: Iterable[Unit]) -> None:
        """Hers are those that she may change today, and on the list's day if that is past: then
        others may have been in charge. Of a unit's life the nearest day counts."""
        units = list(units)
        days = {self.today, min(self.on, self.today)}
        self.hers = set.intersection(*(self._changeable(units, day) for day in days))
        self.watched = sectors_watched(self.by, on=self.on, today=self.today)

    def keeps(self) -> set[int]:
        """What is hers once everything is applied."""
        mine = Unit.objects.restructurable_by(self.by, on=self.on)
        return set(mine.values_list("pk", flat=True))

    def _changeable(self, units: Iterable[Unit], day: date) -> set[int]:
        """One query for each day on which some of them are nearest: most are open."""
        near: dict[date, set[int]] = defaultdict(set)
        for unit in units:
            near[day_within(unit, day)].add(unit.pk)
        found: set[int] = set()
        for each, keys in near.items():
            mine = Unit.objects.restructurable_by(self.by, on=each)
            found |= keys & set(mine.values_list("pk", flat=True))
        return found


def _check_reach(reading: Reading[UnitRow], applied: list[Applied], reach: _Reach) -> None:
    """Whatever differs was hers to change, and stays so: nothing is handed to others by a list."""
    kept = reach.keeps()
    for one in applied:
        was = one.verdict == "new" or one.unit.pk in reach.hers
        remains = one.unit.closed_on is not None or one.unit.pk in kept
        if one.verdict != "unchanged" and not (was and remains):
            message = _(
                "Đơn vị này ngoài phạm vi được thay đổi: hãy bỏ dòng này, hoặc nhờ quản trị hệ "
                "thống nhập."
            )
            reading.reject(one.row.number, "code", message)
        elif reach.watched.get(one.unit.pk, set()) & set(one.facts.get("sector", ())):
            reading.reject(one.row.number, "sector", sector_of_others(one.unit.code))


def _check_references(
    reading: Reading[UnitRow], units: dict[str, Unit], as_of: date | None
) -> None:
    """What can be said of each row before anything is written."""
    listed = {row.code for row in reading.rows}
    for row in reading.rows:
        unit = units.get(row.code)
        if row.parent_code and row.parent_code not in listed and row.parent_code not in units:
            message = _(
                "Chưa có đơn vị cấp trên %(code)s: hãy sửa mã, hoặc thêm đơn vị đó vào tệp."
            )
            reading.reject(row.number, "parent_code", message % {"code": row.parent_code})
        if unit is None:
            _check_new(reading, row, as_of)
        else:
            _check_known(reading, row, unit)


def _check_new(reading: Reading[UnitRow], row: UnitRow, as_of: date | None) -> None:
    if row.opened_on is None and as_of is None:
        message = _("Đơn vị mới cần ngày thành lập: hãy điền, hoặc nhập với ngày của danh sách.")
        reading.reject(row.number, "opened_on", message)
    if row.opened_on is None and row.closed_on and as_of and row.closed_on < as_of:
        message = _("Đơn vị mới đã ngừng hoạt động cần ngày thành lập: hãy điền.")
        reading.reject(row.number, "opened_on", message)


def _check_known(reading: Reading[UnitRow], row: UnitRow, unit: Unit) -> None:
    day = local_date(unit.opened_on)
    if row.opened_on is not None and row.opened_on > unit.opened_on:
        message = _("Đơn vị đã ghi nhận thành lập ngày %(day)s: hãy ghi ngày đó hoặc để trống.")
        reading.reject(row.number, "opened_on", message % {"day": day})
    elif row.closed_on is not None and row.closed_on < unit.opened_on:
        message = _("Ngày cuối cùng trước ngày thành lập đã ghi nhận (%(day)s): hãy sửa.")
        reading.reject(row.number, "closed_on", message % {"day": day})


def _apply(reading: Reading[UnitRow], units: dict[str, Unit], as_of: date | None) -> list[Applied]:
    """Units first, so that each finds its parent; then their facts, then their last days."""
    new = {row.code: _new_unit(row, as_of) for row in reading.rows if row.code not in units}
    Unit.objects.bulk_create(new.values())
    units = {**units, **new}
    codes = {unit.pk: unit.code for unit in units.values()}
    timelines = timelines_of([units[row.code] for row in reading.rows])
    applied = []
    for row in reading.rows:
        timeline = timelines[units[row.code].pk]
        since = _since(row, timeline.unit, as_of, is_new=row.code in new)
        one = Applied(row, timeline, since)
        _apply_facts(one, parent=units.get(row.parent_code), codes=codes, is_new=row.code in new)
        applied.append(one)
    for one in applied:
        _apply_last_day(one, reading, codes)
    write_timelines(timelines.values())
    return applied


def _new_unit(row: UnitRow, as_of: date | None) -> Unit:
    opened_on = row.opened_on or as_of
    assert opened_on is not None  # checked with the references
    return Unit(code=row.code, opened_on=opened_on, closed_on=row.closed_on)


def _since(row: UnitRow, unit: Unit, as_of: date | None, *, is_new: bool) -> date:
    """The day of the list, but within the unit's life; without one, the day it opened."""
    opened_on = min(row.opened_on or unit.opened_on, unit.opened_on)
    if as_of is None or (is_new and row.closed_on is not None and row.closed_on < as_of):
        return opened_on
    return max(as_of, opened_on)


def _apply_facts(one: Applied, *, parent: Unit | None, codes: dict[int, str], is_new: bool) -> None:
    row, unit = one.row, one.unit
    if row.opened_on is not None and row.opened_on < unit.opened_on:
        one.facts["opened_on"] = (unit.opened_on, row.opened_on)
        one.timeline.open_from(row.opened_on)
        one.verdict = "changed"
    if _is_over(one):
        return  # what the list says of a unit that is no more changes nothing of what it was
    current = one.timeline.on(one.since)
    facts = {"name": row.name, "kind": row.kind, "parent_id": parent.pk if parent else None}
    facts["sector"] = row.sector or (current.sector if current else row.implied_sector)
    different = {
        name: (getattr(current, name, None), value)
        for name, value in facts.items()
        if current is None or getattr(current, name) != value
    }
    if different:
        one.timeline.change(on=one.since, **facts)
        one.verdict = "new" if is_new else "changed"
        one.facts |= _by_code(different, codes)


def _by_code(
    facts: dict[str, tuple[Any, Any]], codes: dict[int, str]
) -> dict[str, tuple[Any, Any]]:
    """As people know them: a parent by its code."""
    if "parent_id" in facts:
        before, after = facts.pop("parent_id")
        facts["parent_code"] = (codes.get(before, ""), codes.get(after, ""))
    return facts


def _is_over(one: Applied) -> bool:
    last_day = one.row.closed_on or one.unit.closed_on
    return last_day is not None and last_day < one.since


def _apply_last_day(one: Applied, reading: Reading[UnitRow], codes: dict[int, str]) -> None:
    row, unit = one.row, one.unit
    if row.closed_on is None and _is_over(one) and not _stands_as_it_ended(one, codes):
        message = _(
            "Đơn vị đã ngừng hoạt động sau ngày %(day)s: hãy ghi ngày đó, hoặc bỏ dòng này."
        )
        day = local_date(unit.closed_on)
        reading.reject(row.number, "closed_on", message % {"day": day})
    if row.closed_on is None or row.closed_on == unit.closed_on:
        return
    one.verdict = "changed" if unit.closed_on else "closed"
    one.facts["closed_on"] = (unit.closed_on, row.closed_on)
    one.timeline.end(row.closed_on)


def _stands_as_it_ended(one: Applied, codes: dict[int, str]) -> bool:
    """An old list that still names a closed unit is no news; one that renames it is a mistake."""
    last = one.timeline.last
    parent = codes.get(last.parent_id, "") if last and last.parent_id else ""
    return last is not None and (last.name, last.kind, parent) == (
        one.row.name,
        one.row.kind,
        one.row.parent_code,
    )


def _change(one: Applied) -> UnitChange:
    return UnitChange(one.row.code, one.row.name, one.verdict, one.since, one.facts)


def _tell(applied: list[Applied]) -> None:
    """People whose unit, or whatever it stands in, has another kind or place from some day on."""
    reach = Q(pk__in=[])
    for one in applied:
        if one.is_regrouped:
            below = UnitClosure.objects.filter(ancestor=one.unit)
            below = below.exclude(ended_on__lt=one.since)
            reach |= Q(unit__in=below.values("unit")) & ~Q(ended_on__lt=one.since)
    people = set(Membership.objects.filter(reach, is_primary=True).values_list("person", flat=True))
    if people:
        memberships_changed.send(sender=UnitVersion, person_ids=people)
