"""The closure table: which unit stood under which ancestor, from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.dates import day_before
from people.models import UnitClosure, UnitVersion

END_OF_TIME = date.max
A_BATCH = 500  # keys in one statement; SQLite takes about a thousand


class UnitTreeError(Exception):
    """The change would break the tree of units; the message says what to do."""


class _Place(NamedTuple):
    """Where a unit hangs from a day to a day; without a parent it is the root."""

    parent: int | None
    first: date
    last: date


class _Row(NamedTuple):
    ancestor: int
    unit: int
    first: date
    last: date
    distance: int


_Places = dict[int, list[_Place]]


@transaction.atomic
def rebuild_closure(*, changed: Collection[int] | None = None) -> int:
    """Derive the closure anew from the versions; returns the number of rows.

    With the keys of the units whose versions `changed`, only of these and of what is or was below
    them. Only rows that differ are written: a city of two thousand units has some fifteen thousand.
    Raises `UnitTreeError` when units contain each other on some day.
    """
    places = _places()
    units = set(places) if changed is None else _reached(set(changed), places)
    known = _known(None if changed is None else units)
    wanted = set(_joined(row for unit in units for row in _ancestors(unit, places)))
    stale = [key for row, keys in known.items() for key in keys[row in wanted :]]
    for start in range(0, len(stale), A_BATCH):
        UnitClosure.objects.filter(pk__in=stale[start : start + A_BATCH]).delete()
    missing = sorted(wanted - known.keys())
    UnitClosure.objects.bulk_create([_written(row) for row in missing], batch_size=A_BATCH)
    return len(wanted)


def _places() -> _Places:
    versions = UnitVersion.objects.order_by("unit_id", "started_on")
    places: _Places = defaultdict(list)
    rows = versions.values_list("unit", "parent", "started_on", "ended_on")
    for unit, parent, first, last in rows:
        places[unit].append(_Place(parent, first, last or END_OF_TIME))
    return dict(places)


def _reached(changed: set[int], places: _Places) -> set[int]:
    """The units themselves and whatever hangs from them, or did by the closure of before."""
    below: dict[int | None, set[int]] = defaultdict(set)
    for unit, several in places.items():
        for place in several:
            below[place.parent].add(unit)
    was_below = UnitClosure.objects.filter(ancestor__in=changed).values_list("unit", flat=True)
    found, fresh = set(changed), changed | set(was_below)
    while fresh:
        found |= fresh
        fresh = {unit for above in fresh for unit in below[above]} - found
    return found


def _known(units: set[int] | None) -> dict[_Row, list[int]]:
    """The keys of the rows that are there; None: of every unit."""
    fields = ("pk", "ancestor", "unit", "started_on", "ended_on", "distance")
    keys = sorted(units) if units is not None else []
    slices = [Q(unit__in=keys[at : at + A_BATCH]) for at in range(0, len(keys), A_BATCH)]
    known: dict[_Row, list[int]] = defaultdict(list)
    for chosen in slices if units is not None else [Q()]:
        for pk, above, unit, first, last, far in UnitClosure.objects.filter(chosen).values_list(
            *fields
        ):
            known[_Row(above, unit, first, last or END_OF_TIME, far)].append(pk)
    return known


def _ancestors(unit: int, places: _Places) -> Iterator[_Row]:
    """The unit itself included; those of units without any version are none."""
    stack = [(unit, place.first, place.last, 0) for place in places.get(unit, [])]
    while stack:
        ancestor, first, last, distance = stack.pop()
        yield _Row(ancestor, unit, first, last, distance)
        if distance > len(places):
            raise UnitTreeError(_("Các đơn vị chứa lẫn nhau: hãy sửa đơn vị cấp trên."))
        for place in places.get(ancestor, []):
            begins, ends = max(first, place.first), min(last, place.last)
            if place.parent is not None and begins <= ends:
                stack.append((place.parent, begins, ends, distance + 1))


def _joined(rows: Iterable[_Row]) -> Iterator[_Row]:
    """Rows that follow each other without a gap become one: a mere renaming splits nothing."""
    previous: _Row | None = None
    for row in sorted(rows):
        if previous is not None and _follows(row, previous):
            previous = previous._replace(last=row.last)
            continue
        if previous is not None:
            yield previous
        previous = row
    if previous is not None:
        yield previous


def _follows(row: _Row, previous: _Row) -> bool:
    return (
        row.ancestor == previous.ancestor
        and row.unit == previous.unit
        and row.distance == previous.distance
        and previous.last == day_before(row.first)
    )


def _written(row: _Row) -> UnitClosure:
    return UnitClosure(
        ancestor_id=row.ancestor,
        unit_id=row.unit,
        started_on=row.first,
        ended_on=None if row.last == END_OF_TIME else row.last,
        distance=row.distance,
    )
