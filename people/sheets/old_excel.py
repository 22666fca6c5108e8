"""The old .xls, read in a process of its own: a hostile one can make the reader abort."""

from __future__ import annotations

import json
import struct
import subprocess  # nosec B404: a fixed command, and the file comes in by a pipe
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from people.sheets import old_excel_child as child
from people.sheets.limits import (
    MAX_CELLS,
    MAX_CHILD_MEMORY,
    MAX_CHILD_SECONDS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TEXT_BYTES,
)
from people.sheets.refusals import too_big, too_many_columns, too_many_rows
from people.sheets.table import Cell, Sheet, SheetError, SheetRow

WRAPPED = "EncryptedPackage".encode("utf-16-le")  # an .xlsx with a password is wrapped like an .xls
FIRST_RECORD = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # of a workbook
PASSWORD_RECORD, LAST_RECORD = 0x2F, 0x0A
LIMITS = (MAX_CHILD_MEMORY, MAX_CHILD_SECONDS, MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_TEXT_BYTES)
REFUSALS = {
    child.TOO_MANY_ROWS: too_many_rows,
    child.TOO_MANY_COLUMNS: too_many_columns,
    child.TOO_BIG: too_big,
}


def read_old_excel(content: bytes) -> Sheet:
    if WRAPPED in content or _has_password(content):
        raise SheetError(
            _("Tệp Excel có mật khẩu: hãy mở bằng Excel, bỏ mật khẩu và lưu lại rồi nhập lại.")
        )
    output, exit_code = _read_apart(content)
    if exit_code == child.NOTHING_VISIBLE:
        raise SheetError(_("Tệp không có trang tính nào hiện: hãy bỏ ẩn trang danh sách."))
    if exit_code in REFUSALS or exit_code < 0:  # below 0: it died of its limits
        raise REFUSALS.get(exit_code, too_big)()
    if exit_code:
        raise SheetError(
            _(
                "Không đọc được tệp Excel kiểu cũ (.xls), có thể tệp hỏng hoặc là loại tệp khác: "
                "hãy mở bằng Excel và lưu lại thành .xlsx."
            )
        )
    visible, *lines = output.splitlines()
    rows = [_row(line) for line in lines]
    return Sheet(rows, ignored=tuple(json.loads(visible)[1:]))


def _has_password(content: bytes) -> bool:
    """Whether one of the workbook's own records says so; the reader would only call it broken."""
    place = content.find(FIRST_RECORD)
    while 0 <= place <= len(content) - 4:
        kind, length = struct.unpack_from("<HH", content, place)
        if kind in (PASSWORD_RECORD, LAST_RECORD):
            return kind == PASSWORD_RECORD
        place += 4 + length
    return False


def _read_apart(content: bytes) -> tuple[bytes, int]:
    """What the child wrote, and how it ended."""
    script = Path(child.__file__)
    command = [sys.executable, "-I", str(script), *map(str, LIMITS)]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, input=content, capture_output=True, timeout=2 * MAX_CHILD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return b"", child.TOO_BIG
    return done.stdout, done.returncode


def _row(line: bytes) -> SheetRow:
    number, cells = json.loads(line)
    return SheetRow(number, [_cell(cell) for cell in cells])


def _cell(value: Any) -> Cell:
    """A day comes in a list of its own."""
    return date.fromisoformat(value[0]) if isinstance(value, list) else value
