"""Guards for workbooks: a zip file is inflated once, counted, and only then handed to a parser.

A workbook of 70 kB can hold 400,000 rows, one of 5 kB can expand entities, and two cells in
opposite corners make a reader reserve the whole grid. Everything is counted while it is inflated,
chunk by chunk, so that a lie in the zip's directory gains nothing.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol

from django.utils.translation import gettext as _

from people.sheets.broken import BrokenCells
from people.sheets.cells import CarefulPart
from people.sheets.limits import (
    MAX_ENTRIES,
    MAX_INFLATED_BYTES,
    MAX_RATIO,
    MAX_TEXT_BYTES,
    RATIO_COUNTS_FROM,
)
from people.sheets.plain import CareNeededError, PlainPart
from people.sheets.refusals import too_big
from people.sheets.strings import text_bytes
from people.sheets.table import SheetError
from people.sheets.unsafe import UnsafeXmlError, check_encoding, is_xml

CHUNK = 256 * 1024
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
ENCRYPTED = 0x1
# Of these alone a chunk is inflated at a time; others unpack all they were given at once.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Part(Protocol):
    def feed(self, chunk: bytes) -> None: ...

    def finish(self) -> None: ...


@dataclass(slots=True)
class Checked:
    """What was met on the way. `broken`: by part, the cells that a reader gives as empty."""

    broken: dict[str, dict[str, str]] = field(default_factory=dict)
    size: int = 0
    elements: int = 0
    longest_string: int = 0
    string_cells: int = 0


def check_archive(content: bytes) -> Checked:
    """Raises `SheetError` unless this is a whole, modest XLSX or ODS file."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_entries(archive)
            return _check_contents(archive)
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
    if any(entry.compress_type not in METHODS for entry in entries):
        raise SheetError(
            _("Tệp nén theo cách lạ: hãy mở bằng Excel, lưu lại thành .xlsx rồi nhập lại.")
        )
    is_ods = "mimetype" in names and archive.open("mimetype").read(100).strip() == ODS_TYPE
    if "xl/workbook.xml" not in names and not is_ods:
        raise SheetError(
            _("Tệp không phải bảng tính .xlsx hoặc .ods: hãy mở bằng Excel và lưu lại thành .xlsx.")
        )


def _check_contents(archive: zipfile.ZipFile) -> Checked:
    checked = Checked()
    for entry in archive.infolist():
        plain = PlainPart()
        part: PlainPart | CarefulPart = plain
        broken: BrokenCells = plain
        try:
            size = _feed(archive, entry, [plain], checked.size)
        except CareNeededError:
            careful, broken = CarefulPart(elements=checked.elements), BrokenCells()
            size = _feed(archive, entry, [careful, broken], checked.size)
            part, checked.elements = careful, careful.elements
        checked.size += size
        if broken.found:
            checked.broken[entry.filename] = broken.found
        checked.longest_string = max(checked.longest_string, part.longest_string)
        checked.string_cells = max(checked.string_cells, part.string_cells)
    most = checked.longest_string * checked.string_cells
    if most > MAX_TEXT_BYTES and text_bytes(archive) > MAX_TEXT_BYTES:
        raise too_big()
    return checked


def _feed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, parts: list[Part], before: int) -> int:
    """Its size. Only XML is looked at; a picture is counted."""
    size = 0
    for chunk in _chunks(archive, entry):
        if size == 0:
            if is_xml(chunk):
                check_encoding(chunk)
            else:
                parts = []
        size += len(chunk)
        _check_size(size, before + size, entry.compress_size)
        for part in parts:
            part.feed(chunk)
    if size:
        for part in parts:
            part.finish()
    return size


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _check_size(size: int, total: int, compressed: int) -> None:
    if total > MAX_INFLATED_BYTES:
        raise too_big()
    if size > RATIO_COUNTS_FROM and size > MAX_RATIO * max(compressed, 1):
        raise too_big()
