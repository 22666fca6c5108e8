"""XLSX and ODS by calamine, which the guards of `archive` let near a file only when it is safe."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from people.sheets.archive import check_archive
from people.sheets.table import Cell, Sheet, SheetError, SheetRow


def read_workbook(content: bytes) -> Sheet:
    check_archive(content)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        visible = [
            each.name
            for each in workbook.sheets_metadata
            if each.visible == SheetVisibleEnum.Visible
        ]
        if not visible:
            raise SheetError(_("Tệp không có trang tính nào hiện: hãy bỏ ẩn trang danh sách."))
        values = workbook.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise SheetError(
            _("Không đọc được bảng tính (tệp có thể hỏng): hãy mở bằng Excel và lưu lại .xlsx.")
        ) from error
    rows = [SheetRow(number, [_cell(v) for v in row]) for number, row in enumerate(values, 1)]
    return Sheet([row for row in rows if not row.is_blank], ignored=tuple(visible[1:]))


def _cell(value: Any) -> Cell:
    """Text as written, whole numbers without ".0", days without a time."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, (str, date)):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return str(value)
