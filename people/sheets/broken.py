"""Cells of a workbook that hold no value though somebody put something there.

An error such as #REF!, or a formula that was never calculated: readers give both as empty.
"""

from __future__ import annotations

import re
from html import unescape

CELL_OF = rb'<c r="([A-Z]+[0-9]+)"'
FORMULA = rb"<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)"
ERROR_CELL = re.compile(CELL_OF + rb'[^>]* t="e"[^>]*>(?:' + FORMULA + rb")?<v>([^<]*)</v>")
# A formula whose text came out empty was calculated: t="str".
EMPTY_FORMULA = re.compile(
    CELL_OF + rb'(?![^>]* t="str")[^>]*>' + FORMULA + rb"(?:<v\s*/>|<v></v>)?</c>"
)
MOST = 50_000  # cells that are noted
LONGEST_CELL = 1024 * 1024  # bytes; programs allow 32,767 characters


class BrokenCells:
    """Of one part, fed in chunks. `found` maps references to what stands there.

    Only in the dialect that programs write; written otherwise, such a cell reads as empty.
    """

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """A cell is looked at whole: what may go on in the next chunk is kept for it."""
        part = self._rest + chunk
        end = max(map(part.rfind, (b"<c ", b"<row", b"<si>")))
        end = max(0, part.rfind(b"<")) if end < 0 else end
        self._rest = part[end:]
        if len(self._rest) > LONGEST_CELL:
            self._give_up()
        self._look_at(part[:end])

    def finish(self) -> None:
        self._look_at(self._rest)

    def _give_up(self) -> None:
        self._rest = b""

    def _look_at(self, part: bytes) -> None:
        if len(self.found) > MOST:
            return
        if b't="e"' in part:
            errors = ERROR_CELL.findall(part)
            self.found |= {ref.decode(): _text(value) for ref, _formula, value in errors}
        if b"<f>" in part or b"<f " in part:
            formulas = EMPTY_FORMULA.findall(part)
            self.found |= {ref.decode(): "=" + _text(formula) for ref, formula in formulas}


def _text(value: bytes) -> str:
    return unescape(value.decode("utf-8", "replace"))
