"""XLSX and ODS by calamine, which the guards of `archive` let near a file only when it is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from people.sheets.archive import check_archive
from people.sheets.limits import MAX_COLUMNS, MAX_ROWS
from people.sheets.parts import part_of_sheet
from people.sheets.refusals import too_many_columns, too_many_rows
from people.sheets.table import Cell, Sheet, SheetError, SheetRow, Uncalculated

REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")
MOST_SHARED = 20_000  # different values kept to be told again: sexes, units, positions


def read_workbook(content: bytes) -> Sheet:
    checked = check_archive(content)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        visible = [
            each.name
            for each in workbook.sheets_metadata
            if each.visible == SheetVisibleEnum.Visible
        ]
        if not visible:
            raise SheetError(_("Tệp không có trang tính nào hiện: hãy bỏ ẩn trang danh sách."))
        rows = list(_rows(workbook.get_sheet_by_name(visible[0])))
    except CalamineError as error:
        raise SheetError(
            _("Không đọc được bảng tính (tệp có thể hỏng): hãy mở bằng Excel và lưu lại .xlsx.")
        ) from error
    if checked.broken:
        _put_back(rows, checked.broken.get(part_of_sheet(content, visible[0]), {}))
    return Sheet([row for row in rows if not row.is_blank], ignored=tuple(visible[1:]))


def _rows(sheet: CalamineSheet) -> Iterator[SheetRow]:
    if sheet.total_height > MAX_ROWS:
        raise too_many_rows()
    if sheet.total_width > MAX_COLUMNS:
        raise too_many_columns()
    before = [""] * (sheet.start[1] if sheet.start else 0)
    shared: dict[str, str] = {}
    for number, values in enumerate(sheet.iter_rows(), 1):
        yield SheetRow(number, before + row_of(values, shared))


def row_of(values: list[Any], shared: dict[str, str]) -> list[Cell]:
    """Text as written and, where it is told again and again, kept once."""
    share = shared.setdefault if len(shared) < MOST_SHARED else shared.get
    return [share(v, v) if type(v) is str and "\0" not in v else cell_of(v) for v in values]


def cell_of(value: Any) -> Cell:
    """Whole numbers without ".0", days without a time. What no database stores, an infinite number
    or NUL in a text, becomes text without it."""
    if isinstance(value, float):
        if not isfinite(value):
            return str(value)
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(value)


def _put_back(rows: list[SheetRow], broken: dict[str, str]) -> None:
    """Errors and formulas without a value, where the reader saw nothing."""
    for reference, text in broken.items():
        number, place = _place(reference)
        if number <= len(rows):
            cells = rows[number - 1].cells
            if place < len(cells) and cells[place] == "":
                cells[place] = Uncalculated(text) if text.startswith("=") else text


def _place(reference: str) -> tuple[int, int]:
    """ "B7" → row 7, and 1 for its second cell."""
    letters, number = REFERENCE.findall(reference)[0]
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return int(number), place - 1
