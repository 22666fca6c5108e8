"""Reading tables that people upload: CSV, XLSX, XLS and ODS, guarded before anything is parsed.

The kind of file is told by its content; the name only says what the sender believes it is.
"""

from pathlib import Path

from django.utils.translation import gettext as _

from people.sheets.delimited import read_delimited
from people.sheets.kinds import is_picture
from people.sheets.limits import MAX_BYTES
from people.sheets.old_excel import read_old_excel
from people.sheets.table import Cell, Sheet, SheetError, SheetRow, Uncalculated
from people.sheets.workbook import read_workbook

__all__ = [
    "MAX_BYTES",
    "Cell",
    "Sheet",
    "SheetError",
    "SheetRow",
    "Uncalculated",
    "read_path",
    "read_sheet",
]

ZIP = b"PK"
OLE = b"\xd0\xcf\x11\xe0"  # the old .xls, and whatever Excel locks with a password
PDF = b"%PDF-"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TEXT_NAMES = (".csv", ".txt")


def read_path(path: str | Path) -> Sheet:
    """Like `read_sheet`, for a file on this machine."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SheetError(
            _("Không mở được tệp %(name)s: hãy kiểm tra đường dẫn.") % {"name": path.name}
        ) from error
    return read_sheet(content, name=path.name)


def read_sheet(content: bytes, *, name: str) -> Sheet:
    """The first visible sheet, with the row numbers that a spreadsheet program shows.

    Raises `SheetError`, whose message says what to do.
    """
    if len(content) > MAX_BYTES:
        raise SheetError(
            _("Tệp lớn hơn %(limit)s MB: hãy bỏ hình ảnh hoặc chia thành nhiều tệp.")
            % {"limit": MAX_BYTES // 1024 // 1024}
        )
    if not content.strip():
        raise SheetError(_("Tệp trống: hãy chọn lại tệp có danh sách."))
    if content.startswith(ZIP):
        return read_workbook(content)
    if content.startswith(OLE):
        return read_old_excel(content)
    _refuse_what_is_no_table(content, name)
    return read_delimited(content)


def _refuse_what_is_no_table(content: bytes, name: str) -> None:
    beginning = _beginning(content)
    if beginning.startswith("<"):
        raise SheetError(
            _(
                "Tệp là trang web (HTML/XML), không phải bảng tính: hãy mở bằng Excel rồi lưu lại "
                "thành .xlsx."
            )
        )
    if content.startswith(PDF) or is_picture(content):
        raise SheetError(
            _(
                "Tệp %(name)s là ảnh hoặc PDF, không phải bảng tính: hãy dùng tệp Excel gốc, hoặc "
                "gõ danh sách vào tệp mẫu."
            )
            % {"name": name}
        )
    if not name.lower().endswith(TEXT_NAMES):
        raise SheetError(
            _(
                "Tệp %(name)s không phải bảng tính đọc được (có thể bị cắt ngang hoặc hỏng): hãy "
                "lưu lại thành .xlsx, .ods hoặc .csv rồi nhập lại."
            )
            % {"name": name}
        )


def _beginning(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(UTF_16_MARKS) else "latin-1"
    text = content[:500].removeprefix(b"\xef\xbb\xbf").decode(encoding, "replace")
    return text.lstrip()
