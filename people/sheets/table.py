"""What a table is once read, whichever kind of file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date


class Uncalculated(str):
    """A formula that stands in a cell where its value should be. Text that merely looks like one
    is text."""


class SheetError(Exception):
    """The file is no table that can be read; the message, in Vietnamese, says what to do."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`number` counts from 1 as spreadsheet programs do. Empty cells are empty strings."""

    number: int
    cells: list[Cell]

    @property
    def is_blank(self) -> bool:
        return all(
            cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in self.cells
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows without the blank ones; the first is the header.

    `ignored` names the other sheets of the workbook that are visible: nothing of them was read.
    `has_loose_rows` is true of CSV, whose rows may differ in length.
    """

    rows: list[SheetRow]
    ignored: tuple[str, ...] = ()
    has_loose_rows: bool = False
