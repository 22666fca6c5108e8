"""Guards for workbooks: a zip file is inflated once, counted, and only then handed to a parser.

A workbook of 70 kB can hold 400,000 rows, one of 5 kB can expand entities, and two cells in
opposite corners make a reader reserve the whole grid. Everything is counted while it is inflated,
chunk by chunk, so that a lie in the zip's directory gains nothing.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from django.utils.translation import gettext as _

from people.sheets.cells import CellCounter, UnsafeXmlError
from people.sheets.limits import (
    MAX_ENTRIES,
    MAX_INFLATED_BYTES,
    MAX_RATIO,
    RATIO_COUNTS_FROM,
)
from people.sheets.table import SheetError

CHUNK = 64 * 1024
XML_BEGINNINGS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
ENCRYPTED = 0x1


def check_archive(content: bytes) -> None:
    """Raises `SheetError` unless this is a whole, modest XLSX or ODS file."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_entries(archive)
            _check_contents(archive)
    except UnsafeXmlError as error:
        raise SheetError(
            _(
                "Bảng tính chứa khai báo XML không được phép hoặc bị hỏng: hãy chép danh sách sang "
                "tệp mới, lưu thành .xlsx rồi nhập lại."
            )
        ) from error
    # Broken zips raise nearly anything: RuntimeError, NotImplementedError, struct.error, EOFError.
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError) as error:
        raise SheetError(
            _("Tệp hỏng hoặc bị cắt ngang: hãy tải hoặc xuất lại tệp rồi nhập lại.")
        ) from error


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise SheetError(_("Tệp có mật khẩu: hãy bỏ mật khẩu, lưu lại rồi nhập lại."))
    if len(entries) > MAX_ENTRIES or len(names) != len(entries):
        raise too_big()
    if sum(entry.file_size for entry in entries) > MAX_INFLATED_BYTES:
        raise too_big()
    is_ods = "mimetype" in names and archive.open("mimetype").read(100).strip() == ODS_TYPE
    if "xl/workbook.xml" not in names and not is_ods:
        raise SheetError(
            _("Tệp không phải bảng tính .xlsx hoặc .ods: hãy mở bằng Excel và lưu lại thành .xlsx.")
        )


def _check_contents(archive: zipfile.ZipFile) -> None:
    total = 0
    cells = CellCounter()
    for entry in archive.infolist():
        size = 0
        is_xml = False
        for chunk in _chunks(archive, entry):
            if size == 0:
                is_xml = chunk.lstrip().startswith(XML_BEGINNINGS)
                if is_xml:
                    cells.begin()
            size += len(chunk)
            _check_size(size, total + size, entry.compress_size)
            if is_xml:
                cells.feed(chunk)
        if is_xml:
            cells.finish()
        total += size


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _check_size(size: int, total: int, compressed: int) -> None:
    if total > MAX_INFLATED_BYTES:
        raise too_big()
    if size > RATIO_COUNTS_FROM and size > MAX_RATIO * max(compressed, 1):
        raise too_big()


def too_big() -> SheetError:
    return SheetError(
        _(
            "Bảng tính bung ra quá lớn: hãy chép riêng danh sách sang tệp mới, bỏ hình ảnh và dòng "
            "thừa, rồi nhập lại."
        )
    )
