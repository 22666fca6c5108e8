"""One figure taken apart by staff group, kind of unit and sector, each line total, male, female."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.models import Sector, StaffGroup, Unit, UnitKind
from reports.models import Target
from reports.queries.coverage import coverage_by
from reports.queries.figures import Guard, Line
from reports.queries.people import SHARED
from reports.queries.reach import Reach

LABELS: dict[str, Any] = {
    "group": _("Nhóm"),
    "kind": _("Loại đơn vị"),
    "sector": _("Ngành"),
}
NAMES: dict[str, dict[str, Any]] = {
    "group": dict(StaffGroup.choices),
    "kind": dict(UnitKind.choices),
    "sector": {**dict(Sector.choices), "": _("Chung hai ngành")},
}
# To whoever sees figures only: kinds and sectors cut across the units below, whose figures she has
# too, and what is hidden among these could be had by subtracting.
WITHOUT_PEOPLE = ("group",)


@dataclass(frozen=True, slots=True)
class BreakdownLine:
    """`filters` are what a list of the people behind it is asked by."""

    line: Line
    filters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`note`: as in `CoverageTable`. The lines share nobody and miss nobody of the headline."""

    note: str
    by: tuple[str, ...]
    headline: Line
    lines: list[BreakdownLine]


def axes_for(reach: Reach) -> tuple[str, ...]:
    """What the viewer may break a figure down by."""
    return tuple(LABELS) if reach.sees_people else WITHOUT_PEOPLE


def breakdown(
    unit: Unit, *, target: Target, as_of: date, reach: Reach, by: Sequence[str]
) -> Breakdown:
    """By those of the axes that the viewer may ask for, in their order; by group when none is."""
    allowed = axes_for(reach)
    axes = tuple(axis for axis in allowed if axis in by) or WITHOUT_PEOPLE
    table = coverage_by(target, as_of=as_of, unit=unit, by=(*axes, "sex"), sector=reach.sector)
    guard = Guard.of(reach)
    names = {code: str(name) for axis in axes for code, name in NAMES[axis].items()}
    lines = guard.lines(table, axes, names)
    return Breakdown(
        note=table.note,
        by=axes,
        headline=guard.headline(table),
        lines=[
            BreakdownLine(line, _filters(axes, keys))
            for line, keys in zip(lines, table.along(*axes), strict=True)
        ],
    )


def _filters(axes: Sequence[str], keys: Sequence[str | None]) -> dict[str, str]:
    asked = dict(zip(axes, keys, strict=True))
    return {axis: code or SHARED for axis, code in asked.items()}
