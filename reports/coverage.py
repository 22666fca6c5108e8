"""Coverage: of the people required on a day, how many hold a certificate that counts.

Pure: whole numbers in, whole numbers and fractions out. A figure always carries its numerator and
denominator; a percentage is only a way to show it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

DAYS_A_WEEK = 7

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the people required on a day, how many hold a valid certificate."""

    required: int
    complete: int

    def __post_init__(self) -> None:
        if not 0 <= self.complete <= self.required:
            raise ValueError(f"{self.complete} of {self.required} people can't be complete.")

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(self.required + other.required, self.complete + other.complete)

    @property
    def ratio(self) -> Fraction | None:
        """None, not 0, when nobody is required."""
        return Fraction(self.complete, self.required) if self.required else None

    @property
    def missing(self) -> int:
        """People who are required and not complete."""
        return self.required - self.complete

    @property
    def percent_tenths(self) -> int | None:
        """Tenths of a per cent, rounded down: 79,96 % is 799 and never passes for 80,0 %."""
        return self.complete * 1000 // self.required if self.required else None

    def reaches(self, percent: int) -> bool:
        """Exactly, without rounding. Nobody required reaches nothing."""
        return bool(self.required) and self.complete * 100 >= percent * self.required

    def missing_for(self, percent: int) -> int:
        """How many more of the same people must complete to reach the percentage."""
        enough = -(-percent * self.required // 100)
        return max(0, enough - self.complete)


NOBODY = Coverage(0, 0)


def total(parts: Iterable[Coverage]) -> Coverage:
    return sum(parts, NOBODY)


def weekly_pace(missing: int, *, as_of: date, due_on: date) -> int | None:
    """People a week, rounded up, so that nobody is missing when the due day ends; None once past.

    The as-of day itself is over: the first day that still counts is the next one.
    """
    days = (due_on - as_of).days
    return -(-missing * DAYS_A_WEEK // max(days, DAYS_A_WEEK)) if days > 0 else None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One cell of a breakdown; `keys` are codes in the order of the table's `by`."""

    keys: tuple[str | None, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """Coverage of one target, unit and day, broken down. The rows share nobody and miss nobody.

    `note` says why there is no figure ("no roster", "unit not open").
    """

    target: str
    as_of: date
    unit: str | None
    by: tuple[str, ...]
    rows: tuple[CoverageRow, ...]
    note: str = ""

    @property
    def total(self) -> Coverage:
        return total(row.coverage for row in self.rows)

    def along(self, *axes: str) -> dict[tuple[str | None, ...], Coverage]:
        """The rows added up over every other axis, in the order in which they first occur."""
        places = [self.by.index(axis) for axis in axes]
        sums: dict[tuple[str | None, ...], Coverage] = {}
        for row in self.rows:
            key = tuple(row.keys[place] for place in places)
            sums[key] = sums.get(key, NOBODY) + row.coverage
        return sums


def is_small(coverage: Coverage, *, smallest: int) -> bool:
    """Whether the figure says something about recognisable people.

    So does a complement: "all 40 but 2" is as telling as "2". Nobody at all tells nothing.
    """
    parts = (coverage.required, coverage.complete, coverage.missing)
    return coverage.required > 0 and min(parts) < smallest


def withheld(cells: Mapping[Key, Coverage], *, smallest: int) -> frozenset[Key]:
    """Cells that someone who may see figures only must not see, beside their published total.

    After the small ones themselves go the next smallest, until what is hidden can't be had by
    taking the shown ones from the total.
    """
    hidden = {key for key, cell in cells.items() if is_small(cell, smallest=smallest)}
    spare = sorted(
        (key for key, cell in cells.items() if key not in hidden and cell.required),
        key=lambda key: cells[key].required,
        reverse=True,
    )
    while hidden and spare and _is_derivable([cells[key] for key in hidden], smallest):
        hidden.add(spare.pop())
    return frozenset(hidden)


def _is_derivable(hidden: list[Coverage], smallest: int) -> bool:
    return len(hidden) == 1 or is_small(total(hidden), smallest=smallest)
