"""Every place of work below a unit with its figure: those at 100 %, and those that are behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from people.dates import held_on
from people.models import Unit, UnitVersion
from people.names import title_key
from reports.models import Target
from reports.queries.coverage import coverage_by
from reports.queries.figures import Guard, Line
from reports.queries.reach import Reach


class Standing(StrEnum):
    FULL = "full"  # everybody is complete
    BEHIND = "behind"  # below the target; once its due day is past, overdue
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Workplace:
    """`has_units`: units stand below it, whose people are in a list of its people too."""

    line: Line
    standing: Standing
    has_units: bool


@dataclass(frozen=True, slots=True)
class Workplaces:
    """`note`: as in `CoverageTable`."""

    note: str
    all: list[Workplace]

    def of(self, standing: Standing) -> list[Workplace]:
        """Those behind with most people missing first, the others by name."""
        found = [each for each in self.all if each.standing == standing]
        if standing == Standing.BEHIND:
            found.sort(key=lambda each: -each.line.everyone.coverage.missing_for(100))
        return found


def workplaces(unit: Unit, *, target: Target, as_of: date, reach: Reach) -> Workplaces:
    """Where somebody of the target works, by name; for whoever sees people: each is few people."""
    table = coverage_by(
        target, as_of=as_of, unit=unit, by=("workplace", "sex"), sector=reach.sector
    )
    codes = [code for (code,) in table.along("workplace") if code]
    named = Unit.objects.filter(code__in=codes).named_on(as_of)
    names = {each.code: each.name or each.code for each in named}  # type: ignore[attr-defined]
    lines = Guard.of(reach).lines(table, ("workplace",), names)
    lines.sort(key=lambda line: (title_key(line.label), line.code))
    above = UnitVersion.objects.filter(held_on(as_of), parent__code__in=codes)
    parents = set(above.values_list("parent__code", flat=True))
    found = [Workplace(line, _standing(line, target), line.code in parents) for line in lines]
    return Workplaces(table.note, found)


def _standing(line: Line, target: Target) -> Standing:
    coverage = line.everyone.coverage
    if not coverage.missing:
        return Standing.FULL
    return Standing.REACHED if coverage.reaches(target.percent) else Standing.BEHIND
