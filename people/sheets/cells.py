"""Counting the cells of a workbook's XML as it streams past, without keeping any of it."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat  # nosec B405: document types, hence entities, are refused

from people.sheets.delimited import too_many_columns, too_many_rows
from people.sheets.limits import MAX_COLUMNS, MAX_ROWS, MAX_XML_ELEMENTS

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
NAMESPACE_SEPARATOR = " "
FAR_AWAY = 10**9


class UnsafeXmlError(Exception):
    """Not well formed, or with a document type."""


class CellCounter:
    """Refuses as soon as the furthest cell with content lies outside the limits.

    Readers reserve the whole rectangle from A1 to that cell. Formatted but empty cells, which
    spreadsheet programs write by the million, don't count.
    """

    def __init__(self) -> None:
        self.elements = 0

    def begin(self) -> None:
        """The next part of the workbook begins."""
        self.row = self.column = 0
        self.repeated_rows = self.repeated_columns = 1
        self.parser = expat.ParserCreate(namespace_separator=NAMESPACE_SEPARATOR)
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.buffer_text = True

    def feed(self, chunk: bytes) -> None:
        self._parse(chunk, is_last=False)

    def finish(self) -> None:
        self._parse(b"", is_last=True)

    def _parse(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            self.parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise UnsafeXmlError(str(error)) from error

    def _refuse(self, *declaration: Any) -> None:
        raise UnsafeXmlError("document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_XML_ELEMENTS:
            raise too_many_rows()
        local_name = name.rpartition(NAMESPACE_SEPARATOR)[2]
        if local_name == "c":
            self._xlsx_cell(attributes.get("r", ""))
        elif local_name in ("v", "is", "f"):
            self._content()
        elif local_name == "sst":
            # The reader allocates what is announced before it has read anything.
            for announced in ("count", "uniqueCount"):
                if _number(attributes.get(announced), 0) > MAX_XML_ELEMENTS:
                    raise too_many_rows()
        elif local_name == "row":
            self.row = _number(attributes.get("r"), self.row + 1)
            self.column = 0
        elif local_name in ("table-row", "table-cell", "covered-table-cell", "p", "table"):
            self._ods_element(local_name, attributes)

    def _xlsx_cell(self, reference: str) -> None:
        match = REFERENCE.match(reference.upper())
        if match is None:
            # Without a reference a cell follows its neighbour; one that can't be read is far away.
            self.column = FAR_AWAY if reference else self.column + 1
            return
        self.column = 0
        for letter in match[1]:
            self.column = self.column * 26 + ord(letter) - ord("A") + 1
        self.row = int(match[2])

    def _ods_element(self, local_name: str, attributes: dict[str, str]) -> None:
        if local_name == "p":
            self._content()
        elif local_name == "table":
            self.row = self.column = 0
            self.repeated_rows = 1
        elif local_name == "table-row":
            self.row += self.repeated_rows
            self.column, self.repeated_columns = 0, 1
            self.repeated_rows = _repeats(attributes, "rows")
        else:
            self.column += self.repeated_columns
            self.repeated_columns = _repeats(attributes, "columns")
            if any(key.endswith("value-type") for key in attributes):
                self._content()

    def _content(self) -> None:
        if self.row + self.repeated_rows - 1 > MAX_ROWS:
            raise too_many_rows()
        if self.column + self.repeated_columns - 1 > MAX_COLUMNS:
            raise too_many_columns()


def _repeats(attributes: dict[str, str], what: str) -> int:
    for key, value in attributes.items():
        if key.endswith(f"number-{what}-repeated"):
            return _number(value, 1)
    return 1


def _number(text: str | None, otherwise: int) -> int:
    """What can't be read as a modest number counts as a huge one: calamine may read it so."""
    if text is None:
        return otherwise
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else FAR_AWAY
