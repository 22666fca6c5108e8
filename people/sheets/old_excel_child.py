"""The process that reads an .xls: by itself, without Django, within limits that the kernel holds.

Takes the file on its standard input and the limits as arguments; writes a line with the names of
the visible sheets, then a line for each row that isn't blank: its number and its cells, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime
from io import BytesIO
from math import isfinite
from typing import Any

BROKEN, NOTHING_VISIBLE, TOO_MANY_ROWS, TOO_MANY_COLUMNS, TOO_BIG = range(3, 8)


def main(memory: int, seconds: int, rows: int, columns: int, cells: int, text: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        sheets = workbook.sheets_metadata
        visible = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
        if not visible:
            return NOTHING_VISIBLE
        sheet = workbook.get_sheet_by_name(visible[0])
    except CalamineError:
        return BROKEN
    except MemoryError:
        return TOO_BIG
    if sheet.total_height > rows:
        return TOO_MANY_ROWS
    if sheet.total_width > columns:
        return TOO_MANY_COLUMNS
    if sheet.total_height * sheet.total_width > cells:
        return TOO_BIG
    return write(visible, sheet, text)


def write(visible: list[str], sheet: Any, text: int) -> int:
    """Up to `text` characters: many cells may point at one long string."""
    print(json.dumps(visible))
    before = [""] * (sheet.start[1] if sheet.start else 0)
    written = 0
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = before + [plain(value) for value in values]
        if any(not isinstance(cell, str) or cell.strip() for cell in cells):
            line = json.dumps([number, cells])
            written += len(line)
            if written > text:
                return TOO_BIG
            print(line)
    return 0


def plain(value: Any) -> Any:
    """As `workbook.cell_of`; days, without a time, as lists of one."""
    if isinstance(value, float):
        if not isfinite(value):
            return str(value)
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime):
        return [value.date().isoformat()]
    if isinstance(value, date):
        return [value.isoformat()]
    return str(value).replace("\0", "")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
