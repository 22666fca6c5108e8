"""CSV in UTF-8, with or without a byte-order mark, split at commas, semicolons or tabs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from django.utils.translation import gettext as _

from people.formats import local_number
from people.sheets.limits import MAX_COLUMNS, MAX_ROWS
from people.sheets.table import Sheet, SheetError, SheetRow

DELIMITERS = ",;\t"


def read_delimited(content: bytes) -> Sheet:
    text = _decoded(content)
    rows = [row for row in _rows(text) if not row.is_blank]
    return Sheet(rows, has_loose_rows=True)


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(
            _(
                "Tệp không ở bảng mã UTF-8 (gần vị trí %(position)s): trong Excel hãy chọn Lưu "
                "thành → CSV UTF-8, hoặc lưu thành .xlsx."
            )
            % {"position": error.start}
        ) from error
    if "\0" in text:
        raise SheetError(_("Tệp không phải văn bản CSV: hãy lưu lại thành .xlsx hoặc CSV UTF-8."))
    return text


def _rows(text: str) -> Iterator[SheetRow]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if number > MAX_ROWS:
                raise too_many_rows()
            if len(cells) > MAX_COLUMNS:
                raise too_many_columns()
            yield SheetRow(number, list(cells))
    except csv.Error as error:
        raise SheetError(
            _(
                "Tệp CSV hỏng gần dòng %(line)s (dấu ngoặc kép không khép, hoặc tệp bị cắt "
                "ngang): hãy xuất lại tệp."
            )
            % {"line": reader.line_num}
        ) from error


def _delimiter(text: str) -> str:
    """What splits the header: Excel writes semicolons where the comma is the decimal sign."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=header.count)


def too_many_rows() -> SheetError:
    return SheetError(
        _("Bảng có hơn %(limit)s dòng: hãy xóa dòng thừa ở cuối hoặc chia thành nhiều tệp.")
        % {"limit": local_number(MAX_ROWS)}
    )


def too_many_columns() -> SheetError:
    return SheetError(
        _("Bảng có hơn %(limit)s cột: hãy chép riêng danh sách sang tệp mới rồi nhập lại.")
        % {"limit": MAX_COLUMNS}
    )
