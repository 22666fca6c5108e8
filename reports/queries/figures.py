"""The figures of one unit's page: the headline, the groups beside it, the units below."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from people.models import Sex, StaffGroup, Unit
from people.names import title_key
from reports.coverage import NOBODY, Coverage, CoverageTable, is_small, total, withheld
from reports.models import Target
from reports.queries.audience import Question
from reports.queries.coverage import NO_ROSTER, count, coverage_by
from reports.queries.reach import Reach

DEFAULT_SMALLEST_CELL = 5

Keys = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    coverage: Coverage
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: everyone, men, women."""

    code: str
    label: str
    everyone: Cell
    male: Cell
    female: Cell

    @property
    def cells(self) -> tuple[tuple[str, Cell], ...]:
        """With the sex that a list of the people behind the figure is filtered by."""
        return (
            ("", self.everyone),
            (Sex.MALE.value, self.male),
            (Sex.FEMALE.value, self.female),
        )


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """`headline` is the target's audience; `others` are staff groups that it leaves out.

    `strict` is None for whoever sees figures only, as beside the headline it would give away who,
    and where the target doesn't show it.
    """

    note: str
    headline: Line
    groups: list[Line]
    others: list[Line]
    below: list[Line]
    strict: Coverage | None
    smallest: int


def unit_figures(unit: Unit, *, target: Target, as_of: date, reach: Reach) -> UnitFigures:
    """Headline, groups and units below are sums of the same rows, so they can't disagree."""
    table = coverage_by(
        target, as_of=as_of, unit=unit, by=("group", "unit", "sex"), sector=reach.sector
    )
    asked = Question(target, as_of, sector=reach.sector)
    others, strict, people = table.rows[:0], None, table.total.required
    if table.note != NO_ROSTER:
        others = tuple(
            count(replace(asked, audience="others"), unit=unit, by=("group", "sex"), people=people)
        )
    if table.note != NO_ROSTER and reach.sees_people and target.shows_strict:
        strict = total(
            row.coverage
            for row in count(replace(asked, is_strict=True), unit=unit, by=(), people=people)
        )
    guard = Guard.of(reach)
    groups = {group.value: str(group.label) for group in StaffGroup}
    return UnitFigures(
        note=table.note,
        headline=guard.headline(table),
        groups=guard.lines(table, ("group",), groups),
        others=guard.lines(
            replace(table, by=("group", "sex"), rows=others), ("group",), groups, has_total=False
        ),
        below=_ranked(guard.lines(table, ("unit",), _names(table, as_of)), unit),
        strict=strict,
        smallest=smallest_cell(),
    )


@dataclass(frozen=True, slots=True)
class HeadlineAndBelow:
    """What `unit_figures` says of the unit and of those below it, and nothing else."""

    note: str
    headline: Line
    below: list[Line]


def headline_and_below(
    unit: Unit, *, target: Target, as_of: date, reach: Reach
) -> HeadlineAndBelow:
    table = coverage_by(target, as_of=as_of, unit=unit, by=("unit", "sex"), sector=reach.sector)
    guard = Guard.of(reach)
    below = _ranked(guard.lines(table, ("unit",), _names(table, as_of)), unit)
    return HeadlineAndBelow(table.note, guard.headline(table), below)


def smallest_cell() -> int:
    """Figures about fewer people are withheld from whoever may see figures only."""
    return int(getattr(settings, "SMALLEST_CELL", DEFAULT_SMALLEST_CELL))


@dataclass(frozen=True, slots=True)
class Guard:
    """Builds lines and withholds what would tell of recognisable people; `smallest` 0: nothing."""

    smallest: int

    @classmethod
    def of(cls, reach: Reach) -> Guard:
        return cls(0 if reach.sees_people else smallest_cell())

    def headline(self, table: CoverageTable) -> Line:
        sexes = table.along("sex")
        return self._line("", "", sexes, is_hidden=False, is_split_hidden=self._is_telling(sexes))

    def lines(
        self,
        table: CoverageTable,
        axes: tuple[str, ...],
        labels: dict[str, str],
        *,
        has_total: bool = True,
    ) -> list[Line]:
        """One line a key. If a single split by sex tells too much, the table shows none at all:
        the splits shown would give it away beside the total's."""
        whole = {key: cell for key, cell in table.along(*axes).items() if None not in key}
        hidden = (
            withheld(whole, smallest=self.smallest)
            if has_total
            else {key for key, cell in whole.items() if is_small(cell, smallest=self.smallest)}
        )
        splits = self._splits(table, axes)
        telling = bool(hidden) or any(self._is_telling(splits[key]) for key in whole)
        return [
            self._line(
                " · ".join(map(str, key)),
                " · ".join(labels.get(str(code), str(code)) for code in key),
                splits[key],
                is_hidden=key in hidden,
                is_split_hidden=telling,
            )
            for key in whole
        ]

    def _splits(
        self, table: CoverageTable, axes: tuple[str, ...]
    ) -> dict[Keys, dict[Keys, Coverage]]:
        cells = table.along(*axes, "sex")
        return {
            key: {(sex,): cells.get((*key, sex), NOBODY) for sex in Sex.values}
            for key in table.along(*axes)
        }

    def _is_telling(self, cells: dict[Keys, Coverage]) -> bool:
        return any(is_small(cell, smallest=self.smallest) for cell in cells.values())

    def _line(
        self,
        code: str,
        label: str,
        sexes: dict[Keys, Coverage],
        *,
        is_hidden: bool,
        is_split_hidden: bool,
    ) -> Line:
        everyone = total(sexes.values())
        is_hidden = is_hidden or is_small(everyone, smallest=self.smallest)
        male, female = (
            Cell(sexes.get((sex,), NOBODY), is_hidden or is_split_hidden) for sex in Sex.values
        )
        return Line(code, label, Cell(everyone, is_hidden), male, female)


def _names(table: CoverageTable, as_of: date) -> dict[str, str]:
    """By code; a unit without units below is not listed, so its name isn't asked for."""
    codes = [code for (code,) in table.along("unit") if code]
    if codes == [table.unit]:
        return {}
    units = Unit.objects.filter(code__in=codes).named_on(as_of)
    return {unit.code: unit.name or unit.code for unit in units}  # type: ignore[attr-defined]


def _ranked(lines: list[Line], unit: Unit) -> list[Line]:
    """Most people still missing first; what is withheld comes last, in the order of names.

    A unit without units below has nothing to rank.
    """
    if all(line.code == unit.code for line in lines):
        return []
    return sorted(
        lines,
        key=lambda line: (
            line.everyone.is_withheld,
            0 if line.everyone.is_withheld else -line.everyone.coverage.missing,
            title_key(line.label),
            line.code,
        ),
    )
