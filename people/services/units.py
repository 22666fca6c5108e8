"""Dated facts of units, and the closure table derived from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.dates import day_before
from people.formats import local_date
from people.models import Membership, Unit, UnitClosure, UnitVersion

END_OF_TIME = date.max
VERSION_FIELDS = (
    "name",
    "kind",
    "sector",
    "levels",
    "parent_id",
    "attributes",
    "deciding_document",
)


class UnitTreeError(Exception):
    """The change would break the tree of units; the message says what to do."""


@transaction.atomic
def change_unit(unit: Unit, *, on: date, **facts: Any) -> UnitVersion:
    """From `on`, the given facts hold; the version before ends the day before.

    A version that already starts on `on` is corrected in place. Later versions are left alone: the
    new one ends where the next begins. The caller rebuilds the closure when the tree changed.
    """
    current = unit.versions.filter(started_on__lte=on).order_by("-started_on").first()
    following = unit.versions.filter(started_on__gt=on).order_by("started_on").first()
    ended_on = day_before(following.started_on) if following else unit.closed_on
    if current is not None and current.started_on == on:
        for field, value in facts.items():
            setattr(current, field, value)
        current.save()
        return current
    known = {field: getattr(current, field) for field in VERSION_FIELDS} if current else {}
    if current is not None:
        current.ended_on = day_before(on)
        current.save(update_fields=["ended_on"])
    # A parent given as an object must win over the parent_id carried on from the version before.
    if "parent" in facts:
        known.pop("parent_id", None)
    return UnitVersion.objects.create(
        unit=unit, started_on=on, ended_on=ended_on, **{**known, **facts}
    )


@transaction.atomic
def close_unit(unit: Unit, *, last_day: date) -> None:
    """The unit's last day. Refused while people or other units stand in it after that day."""
    refuse_while_occupied(unit, last_day)
    set_last_day(unit, last_day)
    rebuild_closure()


def set_last_day(unit: Unit, last_day: date) -> None:
    """Without asking who still stands in it; the caller rebuilds the closure."""
    unit.versions.filter(started_on__gt=last_day).delete()
    # The last of what remains, whether it was open, ended at a version now gone or at an earlier
    # last day that turned out wrong.
    last = unit.versions.order_by("-started_on").first()
    if last is not None:
        last.ended_on = last_day
        last.save(update_fields=["ended_on"])
    unit.closed_on = last_day
    unit.save(update_fields=["closed_on"])


def refuse_while_occupied(unit: Unit, last_day: date) -> None:
    """Raises `UnitTreeError` when people or units stand in it after its last day."""
    still_there = Membership.objects.filter(unit=unit).exclude(ended_on__lte=last_day)
    if still_there.exists():
        raise UnitTreeError(
            _("Đơn vị %(code)s còn %(count)d người sau ngày %(day)s: hãy chuyển họ đi trước.")
            % {"code": unit.code, "count": still_there.count(), "day": local_date(last_day)}
        )
    if UnitVersion.objects.filter(parent=unit).exclude(ended_on__lte=last_day).exists():
        raise UnitTreeError(
            _("Đơn vị %(code)s còn đơn vị trực thuộc sau ngày %(day)s: hãy chuyển chúng đi trước.")
            % {"code": unit.code, "day": local_date(last_day)}
        )


@transaction.atomic
def rebuild_closure() -> int:
    """Derive the closure table anew from all versions; returns the number of rows.

    Raises `UnitTreeError` when units contain each other on some day.
    """
    versions: dict[int, list[UnitVersion]] = {}
    for version in UnitVersion.objects.order_by("unit_id", "started_on"):
        versions.setdefault(version.unit_id, []).append(version)
    found = [row for unit_id in versions for row in _ancestors(unit_id, versions)]
    rows = list(_joined(found))
    UnitClosure.objects.all().delete()
    UnitClosure.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _ancestors(
    unit_id: int, versions: dict[int, list[UnitVersion]]
) -> Iterator[tuple[int, int, date, date, int]]:
    """(ancestor, unit, first day, last day, distance), itself included."""
    stack = [
        (unit_id, version.started_on, version.ended_on or END_OF_TIME, 0)
        for version in versions[unit_id]
    ]
    while stack:
        ancestor, first, last, distance = stack.pop()
        yield ancestor, unit_id, first, last, distance
        if distance > len(versions):
            raise UnitTreeError(_("Các đơn vị chứa lẫn nhau: hãy sửa đơn vị cấp trên."))
        for version in versions.get(ancestor, []):
            begins = max(first, version.started_on)
            ends = min(last, version.ended_on or END_OF_TIME)
            if version.parent_id is not None and begins <= ends:
                stack.append((version.parent_id, begins, ends, distance + 1))


def _joined(rows: list[tuple[int, int, date, date, int]]) -> Iterator[UnitClosure]:
    """Rows that follow each other without a gap become one: a mere renaming splits nothing."""
    previous: list[Any] | None = None
    for ancestor, unit, first, last, distance in sorted(rows, key=lambda r: (r[0], r[1], r[2])):
        if (
            previous is not None
            and previous[:2] == [ancestor, unit]
            and previous[4] == distance
            and previous[3] == day_before(first)
        ):
            previous[3] = last
            continue
        if previous is not None:
            yield _row(previous)
        previous = [ancestor, unit, first, last, distance]
    if previous is not None:
        yield _row(previous)


def _row(values: list[Any]) -> UnitClosure:
    ancestor, unit, first, last, distance = values
    return UnitClosure(
        ancestor_id=ancestor,
        unit_id=unit,
        started_on=first,
        ended_on=None if last == END_OF_TIME else last,
        distance=distance,
    )
