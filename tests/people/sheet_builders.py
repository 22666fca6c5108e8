"""Files as schools send them, built by the tests: good ones, damaged ones, hostile ones."""

from __future__ import annotations

import csv
import io
import struct
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import openpyxl

ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="S">'
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
ODS_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


TONES = "\u0300\u0309\u0303\u0301\u0323"


def csv_of(rows: Iterable[Sequence[Any]], *, delimiter: str = ",", bom: bool = False) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def xlsx_of(rows: Iterable[Sequence[Any]], *, more_sheets: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for name in more_sheets:
        book.create_sheet(name).append(["x"])
    return _saved(book)


def ods_of(rows: Iterable[Sequence[str]], *, after: str = "") -> bytes:
    """`after` is raw XML behind the rows, such as the empty ones that LibreOffice repeats."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        "<table:table-row>" + "".join(cell.format(text) for text in row) + "</table:table-row>"
        for row in rows
    )
    return zip_of(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": ODS_MANIFEST,
            "content.xml": ODS_HEAD + body + after + ODS_TAIL,
        }
    )


def zip_of(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(workbook: bytes, name: str, content: str) -> bytes:
    """The same workbook with one part replaced or added."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {each: archive.read(each).decode() for each in archive.namelist()}
    return zip_of({**parts, name: content})


def worksheet(rows: str) -> str:
    return (
        '<?xml version="1.0"?><worksheet '
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows}</sheetData></worksheet>"
    )


def _saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def windows_1258_of(text: str) -> bytes:
    """As old Vietnamese Windows saves it: a letter, then its tone."""
    return "".join(map(_tone_apart, text)).encode("cp1258")


def _tone_apart(letter: str) -> str:
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in marks if mark in TONES)
        return unicodedata.normalize("NFC", marks.replace(tone, "")) + tone
    return letter


# XLS: records of BIFF8 in a compound file of 512-byte sectors.

SECTOR = 512
END_OF_CHAIN, FAT_SECTOR, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
SMALLEST_STREAM = 4096  # shorter ones would need a table of their own
GENERAL, DAY = 0, 1  # the two cell formats


def xls_of(rows: Iterable[Sequence[Any]], *, before: bytes = b"", hidden: int = 0) -> bytes:
    """`before` are records ahead of the first sheet's; `hidden`: 1 for a hidden sheet."""
    bound = xls_record(0x85, struct.pack("<IBBBB", 0, hidden, 0, 1, 1) + "S".encode("utf-16-le"))
    formats = b"".join(
        xls_record(0xE0, struct.pack("<HHHHHHHHI", 0, number, 0, 0, 0, 0, 0, 0, 0))
        for number in (GENERAL, 14)
    )
    head = xls_record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + before + formats
    end = xls_record(0x0A, b"")
    place = len(head) + len(bound) + len(end)
    bound = bound[:4] + struct.pack("<I", place) + bound[8:]
    sheet = xls_record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 0, 0, 0)) + b"".join(
        _xls_cell(row, column, value)
        for row, cells in enumerate(rows)
        for column, value in enumerate(cells)
        if value not in ("", None)
    )
    return compound_file({"Workbook": head + bound + end + sheet + end})


def xls_record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _xls_cell(row: int, column: int, value: Any) -> bytes:
    if isinstance(value, date):
        number = (value - date(1899, 12, 30)).days
        return xls_record(0x203, struct.pack("<HHHd", row, column, DAY, number))
    if isinstance(value, (int, float)):
        return xls_record(0x203, struct.pack("<HHHd", row, column, GENERAL, value))
    text = str(value).encode("utf-16-le")
    return xls_record(0x204, struct.pack("<HHHHB", row, column, GENERAL, len(text) // 2, 1) + text)


def compound_file(streams: dict[str, bytes]) -> bytes:
    """What old office programs save in, and new ones whatever has a password."""
    entries, body, table = [_entry("Root Entry", 5, child=1)], b"", []
    for number, (name, content) in enumerate(streams.items(), 1):
        padded = content.ljust(max(SMALLEST_STREAM, -(-len(content) // SECTOR) * SECTOR), b"\0")
        right = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, 2, start=len(table), size=len(padded), right=right))
        sectors = len(padded) // SECTOR
        table += [*range(len(table) + 1, len(table) + sectors), END_OF_CHAIN]
        body += padded
    directory = b"".join(entries).ljust(-(-len(entries) * 128 // SECTOR) * SECTOR, b"\0")
    first = len(table)
    count = len(directory) // SECTOR
    table += [*range(first + 1, first + count), END_OF_CHAIN]
    fats = 1
    while len(table) + fats > fats * SECTOR // 4:
        fats += 1
    places = list(range(len(table), len(table) + fats))
    table += [FAT_SECTOR] * fats
    table += [FREE] * (fats * SECTOR // 4 - len(table))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, first, 0)
    header += struct.pack("<IIIII", SMALLEST_STREAM, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    header += struct.pack("<109I", *places, *[FREE] * (109 - fats))
    return header + body + directory + struct.pack(f"<{len(table)}I", *table)


def _entry(
    name: str, kind: int, *, start: int = END_OF_CHAIN, size: int = 0, right: int = FREE,
    child: int = FREE,
) -> bytes:  # fmt: skip
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III36xIII", FREE, right, child, start, size, 0)
