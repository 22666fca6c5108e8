"""Counting the cells of a workbook's XML element by element, without keeping any of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from people.sheets.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TEXT_BYTES,
    MAX_XML_ELEMENTS,
)
from people.sheets.refusals import too_big, too_many_columns, too_many_rows
from people.sheets.unsafe import guarded_parser, parse

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
FAR_AWAY = 10**9
NOWHERE = -1
ROWS_REPEATED, COLUMNS_REPEATED = "number-rows-repeated", "number-columns-repeated"
VALUE_TYPE = "value-type"


class CarefulPart:
    """One part, fed in chunks. Refuses as soon as the furthest cell with content lies outside the
    limits: readers reserve the whole rectangle from A1 to that cell. Formatted but empty cells,
    which spreadsheet programs write by the million, don't count.

    `longest_string` and `string_cells` as in `PlainPart`.
    """

    def __init__(self, *, elements: int = 0) -> None:
        self.elements = elements  # also of the parts before
        self.longest_string = self.string_cells = 0
        self.row = self.column = 0
        self.furthest_row = self.furthest_column = 0
        self.repeated_rows = self.repeated_columns = 1
        self._has_content = False
        self._text_bytes = 0
        self._string_at = self._cell_at = NOWHERE  # where it begins
        self._notes: dict[str, Callable[[dict[str, str]], None]] = {}
        self._parser = guarded_parser()
        self._parser.StartElementHandler = self._start

    def feed(self, chunk: bytes) -> None:
        parse(self._parser, chunk)

    def finish(self) -> None:
        parse(self._parser, b"", is_last=True)
        if self._string_at != NOWHERE:
            self._note_string({})
        self._note_text()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_XML_ELEMENTS:
            raise too_many_rows()
        note = self._notes.get(name)
        if note is None:
            note = self._notes[name] = self._note_of(name.rpartition(":")[2])
        note(attributes)

    def _note_of(self, local_name: str) -> Callable[[dict[str, str]], None]:
        """What is to be done about elements of this name, whatever its namespace."""
        if local_name in ("v", "is", "f", "p"):
            return self._content
        notes: dict[str, Callable[[dict[str, str]], None]] = {
            "c": self._xlsx_cell,
            "row": self._xlsx_row,
            "si": self._note_string,
            "sst": _check_announced,
            "table": self._ods_table,
            "table-row": self._ods_row,
            "table-cell": self._ods_cell,
            "covered-table-cell": self._ods_cell,
        }
        return notes.get(local_name, _nothing)

    def _xlsx_row(self, attributes: dict[str, str]) -> None:
        self.row = _number(attributes.get("r"), self.row + 1)
        self.column = 0

    def _xlsx_cell(self, attributes: dict[str, str]) -> None:
        self.string_cells += attributes.get("t") == "s"
        reference = attributes.get("r", "")
        match = REFERENCE.match(reference.upper())
        if match is None:
            # Without a reference a cell follows its neighbour; one that can't be read is far away.
            self.column = FAR_AWAY if reference else self.column + 1
            return
        self.column = 0
        for letter in match[1]:
            self.column = self.column * 26 + ord(letter) - ord("A") + 1
        self.row = int(match[2])

    def _ods_table(self, attributes: dict[str, str]) -> None:
        self.row = self.column = self.furthest_row = self.furthest_column = 0
        self.repeated_rows = 1

    def _ods_row(self, attributes: dict[str, str]) -> None:
        self._note_text()
        self.row += self.repeated_rows
        self.column, self.repeated_columns = 0, 1
        self.repeated_rows = _ending(attributes, ROWS_REPEATED)

    def _ods_cell(self, attributes: dict[str, str]) -> None:
        self._note_text()
        self.column += self.repeated_columns
        self.repeated_columns = 1
        if attributes:
            self.repeated_columns = _ending(attributes, COLUMNS_REPEATED)
            if any(key.endswith(VALUE_TYPE) for key in attributes):
                self._content(attributes)

    def _content(self, attributes: dict[str, str]) -> None:
        self._has_content = True
        row = self.row + self.repeated_rows - 1
        column = self.column + self.repeated_columns - 1
        if row > MAX_ROWS:
            raise too_many_rows()
        if column > MAX_COLUMNS:
            raise too_many_columns()
        self.furthest_row = max(row, self.furthest_row)
        self.furthest_column = max(column, self.furthest_column)
        if self.furthest_row * self.furthest_column > MAX_CELLS:
            raise too_big()

    def _note_string(self, attributes: dict[str, str]) -> None:
        """The string before is over."""
        place = self._parser.CurrentByteIndex
        if self._string_at != NOWHERE:
            self.longest_string = max(self.longest_string, place - self._string_at)
        self._string_at = place

    def _note_text(self) -> None:
        """The cell before is over. A long text in a cell that is repeated comes out many times."""
        place = self._parser.CurrentByteIndex
        if self._has_content:
            times = self.repeated_columns * self.repeated_rows
            self._text_bytes += (place - self._cell_at) * times
            if self._text_bytes > MAX_TEXT_BYTES:
                raise too_big()
        self._cell_at = place
        self._has_content = False


def _check_announced(attributes: dict[str, str]) -> None:
    """The reader allocates what is announced before it has read anything."""
    for announced in ("count", "uniqueCount"):
        if _number(attributes.get(announced), 0) > MAX_XML_ELEMENTS:
            raise too_many_rows()


def _nothing(attributes: dict[str, str]) -> None:
    pass


def _ending(attributes: dict[str, str], name: str) -> int:
    """How often, by the attribute of this name in any namespace; once without it."""
    for key, value in attributes.items():
        if key.endswith(name):
            return _number(value, 1)
    return 1


def _number(text: str | None, otherwise: int) -> int:
    """What can't be read as a modest number counts as a huge one: calamine may read it so."""
    if text is None:
        return otherwise
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else FAR_AWAY
