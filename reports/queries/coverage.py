"""Coverage of a target on a day, from one grouped query. Every figure anywhere is from here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from people.dates import held_on
from people.formats import local_date
from people.models import (
    Membership,
    RosterList,
    Sector,
    Sex,
    StaffGroup,
    Unit,
    UnitKind,
    UnitVersion,
)
from reports.coverage import NOBODY, Coverage, CoverageRow, CoverageTable
from reports.models import Target
from reports.queries.audience import Audience, Question, is_complete, members

NO_ROSTER = "no roster"
UNIT_NOT_OPEN = "unit not open"

# Where each axis is found on `members`; the unit is that of the closure row, not the workplace.
AXES = {
    "unit": "place__ancestor",
    "workplace": "unit__code",
    "sex": "person__sex",
    "group": "staff_group",
    "kind": "version__kind",
    "sector": "version__sector",
}
ORDER = {
    "sex": Sex.values,
    "group": StaffGroup.values,
    "kind": UnitKind.values,
    "sector": Sector.values,
}


FEW = 3000  # people: up to here it is quicker to look each of them up


class RootUnitError(Exception):
    """No single unit stands above all others that day, so the caller must name one."""


def coverage_by(
    target: Target,
    *,
    as_of: date,
    unit: Unit | None = None,
    by: Sequence[str] = (),
    is_strict: bool = False,
    audience: Audience = "target",
    sector: str = "",
) -> CoverageTable:
    """Coverage in the unit's subtree of that day, broken down by any of `AXES`.

    Without a unit: the root of that day. By unit means by its direct children, each with its whole
    subtree; people directly in it count under its own code. Children with nobody are listed, other
    combinations with nobody are not. `audience="others"`: the staff groups that the target does not
    name, under the same other conditions. Raises `RootUnitError`, and KeyError on an unknown axis.
    """
    by = tuple(dict.fromkeys(by))
    lists = RosterList.objects
    first_roster = lists.first_day_of(unit, on=as_of) if unit else lists.first_day()
    if first_roster is None or first_roster > as_of:
        return CoverageTable(target.code, as_of, unit.code if unit else None, by, (), NO_ROSTER)
    unit = unit or root_on(as_of)
    rows = count(Question(target, as_of, audience, sector, is_strict), unit=unit, by=by)
    is_empty = not any(row.coverage.required for row in rows)
    note = UNIT_NOT_OPEN if is_empty and unit.version_on(as_of) is None else ""
    return CoverageTable(target.code, as_of, unit.code, by, tuple(rows), note)


def count(
    question: Question, *, unit: Unit, by: Sequence[str], people: int | None = None
) -> list[CoverageRow]:
    """The rows of `coverage_by`, for callers that know of a roster.

    `people`: roughly how many it is about, for callers that know; it only chooses the plan.
    """
    if people is None:
        people = inside(members(question), unit).count()
    children = children_of(unit, on=question.as_of) if "unit" in by else {}
    rows = _rows(
        _counts(question, unit, by, children, people), by, {**children, unit.pk: unit.code}
    )
    return sorted([*rows, *_empty(rows, by, children.values())], key=lambda row: _rank(row, by))


def root_on(day: date) -> Unit:
    """The unit that has no parent on that day."""
    roots = Unit.objects.filter(
        pk__in=UnitVersion.objects.filter(held_on(day), parent=None).values("unit")
    )[:2]
    if len(roots) != 1:
        raise RootUnitError(
            _("Ngày %(day)s không có đúng một đơn vị cao nhất: hãy nêu mã đơn vị.")
            % {"day": local_date(day)}
        )
    return roots[0]


def children_of(unit: Unit, *, on: date) -> dict[int, str]:
    """Direct children of that day, key → code."""
    return dict(Unit.objects.directly_below(unit, on=on).values_list("pk", "code"))


def inside(
    rows: QuerySet[Membership], unit: Unit, *, children: Iterable[int] = ()
) -> QuerySet[Membership]:
    """The rows below the unit, each once.

    With children, each row's `place` is the child it falls under, or the unit when it is directly
    in it: in a tree exactly one of these stands above any workplace.
    """
    children = list(children)
    if not children:
        return rows.filter(place__ancestor=unit)  # type: ignore[misc]
    directly = Q(place__ancestor=unit, place__distance=0)
    return rows.filter(directly | Q(place__ancestor__in=children))


def _counts(
    question: Question, unit: Unit, by: Sequence[str], children: dict[int, str], people: int
) -> Iterable[dict[str, Any]]:
    """The query."""
    complete = is_complete(question, is_few=people < FEW)
    counts = {"required": Count("pk"), "complete": Count("pk", filter=complete)}
    rows = inside(members(question), unit, children=children)
    if not by:
        return [rows.aggregate(**counts)]
    return rows.values(*(AXES[axis] for axis in by)).annotate(**counts)


def _rows(
    counts: Iterable[dict[str, Any]], by: Sequence[str], codes: dict[int, str]
) -> list[CoverageRow]:
    return [
        CoverageRow(
            keys=tuple(
                codes[count[AXES[axis]]] if axis == "unit" else count[AXES[axis]] for axis in by
            ),
            coverage=Coverage(count["required"], count["complete"]),
        )
        for count in counts
    ]


def _empty(
    rows: list[CoverageRow], by: Sequence[str], children: Iterable[str]
) -> list[CoverageRow]:
    """Children with nobody, once for each combination of the other keys that occurs at all."""
    if "unit" not in by:
        return []
    place = by.index("unit")
    seen = {row.keys[place] for row in rows}
    others = {row.keys[:place] + row.keys[place + 1 :] for row in rows}
    others = others or {(None,) * (len(by) - 1)}
    return [
        CoverageRow((*other[:place], child, *other[place:]), NOBODY)
        for child, other in product(children, others)
        if child not in seen
    ]


def _rank(row: CoverageRow, by: Sequence[str]) -> list[tuple[int, str]]:
    """Units by code, everything else in the order of its choices."""
    return [
        (ORDER[axis].index(key) if axis in ORDER and key in ORDER[axis] else 0, key or "")
        for axis, key in zip(by, row.keys, strict=True)
    ]
