"""Coverage as it may leave the system: every figure, or none that tells of recognisable people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from people.models import Unit
from reports.coverage import CoverageTable, is_small, withheld
from reports.models import Target
from reports.queries.coverage import coverage_by
from reports.queries.figures import smallest_cell
from reports.queries.reach import Sighted

Keys = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class SharedTable:
    """`hidden` are the keys of rows that are withheld."""

    table: CoverageTable
    hidden: frozenset[Keys] = frozenset()
    is_total_hidden: bool = False


def shared_coverage(
    target: Target,
    seen: Sighted,
    *,
    as_of: date,
    by: Sequence[str] = (),
    is_strict: bool = False,
) -> SharedTable:
    """`coverage_by` of the unit, and which of it is withheld from whoever may see figures only.

    Beside the total the rows are guarded as the tables of a unit's page are: along one axis small
    rows and what would give them away, along several everything as soon as one row is small, since
    the single axes stand beside it. A unit that is withheld among its neighbours has no figures of
    its own either: they would give away the small one beside it.
    """
    table = coverage_by(
        target,
        as_of=as_of,
        unit=seen.unit,
        by=by,
        is_strict=is_strict,
        sector=seen.reach.sector,
    )
    if seen.reach.sees_people or table.note:
        return SharedTable(table)
    filled = {row.keys: row.coverage for row in table.rows if row.coverage.required}
    smallest = smallest_cell()
    is_total_hidden = is_small(table.total, smallest=smallest) or _is_withheld_above(
        target, seen, as_of=as_of
    )
    hidden = withheld(filled, smallest=smallest)
    if is_total_hidden or (hidden and len(table.by) > 1):
        hidden = frozenset(filled)
    return SharedTable(table, hidden, is_total_hidden)


def _is_withheld_above(target: Target, seen: Sighted, *, as_of: date) -> bool:
    """Whether the unit, or one over it, is a withheld row of the table above it."""
    chain: list[Unit] = [*seen.crumbs, seen.unit]
    for parent, child in pairwise(chain):
        table = coverage_by(
            target, as_of=as_of, unit=parent, by=("unit",), sector=seen.reach.sector
        )
        cells = {row.keys: row.coverage for row in table.rows}
        if (child.code,) in withheld(cells, smallest=smallest_cell()):
            return True
    return False
