"""Applying a list of units as they stand on a day: all of it in one transaction, or nothing.

Each row is applied first and the tree that results is checked after, since parents may stand below
their children in the file and a unit may close because the same file moves what was in it.
Whatever is rejected rolls everything back; so does a dry run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.formats import local_date
from people.imports.reading import Reading
from people.imports.rejections import Rejection, as_json
from people.imports.unit_checks import check_tree
from people.imports.unit_rows import UnitRow, read_units
from people.models import Membership, Unit, UnitClosure, UnitVersion
from people.services.units import change_unit, set_last_day
from people.sheets import Sheet
from people.signals import memberships_changed

VERDICTS = ("new", "changed", "unchanged", "closed")


@dataclass(slots=True)
class UnitsOutcome:
    """What a list did, or would do. Anything rejected: it did nothing, and all counts are 0."""

    as_of: date | None
    is_dry_run: bool
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    ignored_sheets: tuple[str, ...] = ()

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
    unit: Unit
    since: date
    verdict: str = "unchanged"
    is_regrouped: bool = False  # another kind or parent: what is asked of its people may change


def import_units(
    sheet: Sheet, *, today: date, as_of: date | None = None, is_dry_run: bool = False
) -> UnitsOutcome:
    """What differs becomes a new version from `as_of`; without it, from the unit's opening.

    Units that the file leaves out stay as they are. Never raises for what is wrong with the list.
    """
    reading = read_units(sheet)
    outcome = UnitsOutcome(as_of, is_dry_run, ignored_sheets=sheet.ignored)
    with transaction.atomic():
        units = {unit.code: unit for unit in Unit.objects.select_for_update()}
        _check_references(reading, units, as_of)
        if not reading.rejected:
            applied = _apply(reading, units, as_of)
            check_tree(reading, applied, as_of=as_of, today=today)
        outcome.rejected = sorted(reading.rejected)
        if outcome.rejected or is_dry_run:
            transaction.set_rollback(True)
        else:
            _tell(applied)
    if not outcome.rejected:
        outcome.counts = Counter(each.verdict for each in applied)
    return outcome


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
    applied = []
    for row in reading.rows:
        unit = units[row.code]
        one = Applied(row, unit, since=_since(row, unit, as_of, is_new=row.code in new))
        _apply_facts(one, parent=units.get(row.parent_code), is_new=row.code in new)
        applied.append(one)
    for one in applied:
        _apply_last_day(one, reading)
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


def _apply_facts(one: Applied, *, parent: Unit | None, is_new: bool) -> None:
    row, unit = one.row, one.unit
    if row.opened_on is not None and row.opened_on < unit.opened_on:
        unit.opened_on = row.opened_on
        unit.save(update_fields=["opened_on"])
        one.verdict = "changed"
    if _is_over(one):
        return  # what the list says of a unit that is no more changes nothing of what it was
    current = unit.version_on(one.since)
    facts = {"name": row.name, "kind": row.kind, "parent_id": parent.pk if parent else None}
    facts["sector"] = row.sector or (current.sector if current else row.implied_sector)
    different = {
        name for name, value in facts.items() if current is None or getattr(current, name) != value
    }
    if different:
        change_unit(unit, on=one.since, **facts)
        one.verdict = "new" if is_new else "changed"
        one.is_regrouped = not is_new and not different.isdisjoint({"kind", "parent_id"})


def _is_over(one: Applied) -> bool:
    last_day = one.row.closed_on or one.unit.closed_on
    return last_day is not None and last_day < one.since


def _apply_last_day(one: Applied, reading: Reading[UnitRow]) -> None:
    row, unit = one.row, one.unit
    if row.closed_on is None and _is_over(one) and not _stands_as_it_ended(one):
        message = _(
            "Đơn vị đã ngừng hoạt động sau ngày %(day)s: hãy ghi ngày đó, hoặc bỏ dòng này."
        )
        day = local_date(unit.closed_on)
        reading.reject(row.number, "closed_on", message % {"day": day})
    if row.closed_on is None or row.closed_on == unit.closed_on:
        return
    one.verdict = "changed" if unit.closed_on else "closed"
    set_last_day(unit, row.closed_on)


def _stands_as_it_ended(one: Applied) -> bool:
    """An old list that still names a closed unit is no news; one that renames it is a mistake."""
    last = one.unit.versions.order_by("-started_on").select_related("parent").first()
    parent = last.parent.code if last and last.parent else ""
    return last is not None and (last.name, last.kind, parent) == (
        one.row.name,
        one.row.kind,
        one.row.parent_code,
    )


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
