"""Proving a part of a workbook harmless at a glance, in the dialect that programs write.

Nothing is counted: a part is plain if no cell of it stands outside a modest rectangle, which a few
searches of its bytes tell, well formed or not. What is written otherwise may be harmless too;
`cells` looks at that with care, which takes ten times as long.
"""

from __future__ import annotations

import re
from typing import NoReturn

from people.sheets.broken import BrokenCells
from people.sheets.unsafe import guarded_parser, parse

# Columns A to AN, rows 1 to 120000: `MAX_ROWS`, and not more cells than `MAX_CELLS`.
NEAR_CELL = rb' r="(?:[A-Z]|A[A-N])(?:[1-9][0-9]{0,4}|1[01][0-9]{4}|120000)"'
EMPTY_CELL = rb' r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")? ?/>'  # formatted, wherever it stands
STRANGE_CELL = re.compile(rb"<c(?=[\s/>])(?!" + NEAR_CELL + rb"|" + EMPTY_CELL + rb")")
PREFIXED = re.compile(rb"<[^\s<>]*:(?:c|si|sst)[\s/>]")
TABLE = b"table-"  # rows and cells of ODS
PLAIN_STRINGS = re.compile(
    rb'<sst(?: (?:count|uniqueCount)="[0-4]?[0-9]{1,6}"| (?!count|uniqueCount)[\w:]+="[^"<>]*")*>'
)
STRANGE_STRING = re.compile(rb"<si(?=[\s/])")
# Bytes of a part up to which it must be well formed. It takes as long as reading, and what guards
# us, the searches above, holds for any bytes.
PARSED = 4 * 1024 * 1024


class CareNeededError(Exception):
    """Not the plain dialect: to be looked at element by element."""


class PlainPart(BrokenCells):
    """One part, fed in chunks. Raises `CareNeededError` at the first thing that isn't plain."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_string = 0  # bytes
        self.string_cells = 0  # that point at one of the strings
        self._has_strings = False
        self._parser = guarded_parser()
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size <= PARSED:
            parse(self._parser, chunk)
        super().feed(chunk)

    def finish(self) -> None:
        if self._size <= PARSED:
            parse(self._parser, b"", is_last=True)
        super().finish()

    def _give_up(self) -> NoReturn:
        raise CareNeededError

    def _look_at(self, part: bytes) -> None:
        if b"<!" in part or b"\0" in part or TABLE in part or STRANGE_CELL.search(part):
            raise CareNeededError
        if b":" in part and PREFIXED.search(part):
            raise CareNeededError
        self._look_at_strings(part)
        super()._look_at(part)

    def _look_at_strings(self, part: bytes) -> None:
        self.string_cells += part.count(b' t="s"')
        if b"<sst" in part:
            self._has_strings = True
            if not PLAIN_STRINGS.search(part):
                raise CareNeededError
        if self._has_strings:
            if STRANGE_STRING.search(part):
                raise CareNeededError
            self.longest_string = max(self.longest_string, *map(len, part.split(b"</si>")))
