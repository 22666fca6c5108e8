"""Files that are no list: each is refused in words that say what to do, and changes nothing.

How they are recognised is tested in `test_sheets`; here they are brought as a list is brought.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from people.imports.roster_reading import read_roster
from people.sheets import SheetError, read_sheet
from tests.people.importing import Importer, contents, counts, importer
from tests.people.sheet_builders import (
    compound_file,
    csv_of,
    ods_of,
    with_part,
    worksheet,
    xls_of,
    xls_record,
    xlsx_of,
)

__all__ = ["importer"]

HEADER = ["Mã cán bộ", "Họ và tên", "Giới tính", "Ngày sinh", "Mã trường", "Chức vụ"]
HANH = ["000101", "Trần Ngọc Hạnh", "Nữ", "05/04/1985", "TH1", "Giáo viên"]
LIST = [HEADER, HANH]
SHEET = "xl/worksheets/sheet1.xml"
MILLION = 1_048_576
PNG = b"\x89PNG\r\n\x1a\n" + bytes(400)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>" + bytes(400)
TABLE = "<html><body><table><tr><td>Họ và tên</td></tr></table></body></html>"


def entity_bomb() -> bytes:
    tenfold = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    rows = '<row r="1"><c r="A1" t="str"><v>&a8;</v></c></row>'
    document_type = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{tenfold}]>'
    return with_part(xlsx_of(LIST), SHEET, worksheet(rows).replace("?>", f"?>{document_type}", 1))


def zip_bomb() -> bytes:
    return with_part(xlsx_of(LIST), "xl/media/image1.png", "0" * (200 * 1024 * 1024))


def million_empty_rows() -> bytes:
    rows = "".join(f'<row r="{n}"/>' for n in range(1, MILLION + 1))
    return with_part(xlsx_of(LIST), SHEET, worksheet(rows))


def million_blank_texts() -> bytes:
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t> </t></is></c></row>'
        for n in range(1, 200_000)
    )
    return with_part(xlsx_of(LIST), SHEET, worksheet(cells))


def million_repeated_rows() -> bytes:
    empty = (
        f'<table:table-row table:number-rows-repeated="{MILLION}">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    return ods_of([], after=empty)


def two_cells_far_apart() -> bytes:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{MILLION}"><c r="XFD{MILLION}"><v>1</v>'
    return with_part(xlsx_of(LIST), SHEET, worksheet(f"{rows}</c></row>"))


def all_hidden() -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("B").sheet_state = "visible"
    book.worksheets[0].sheet_state = "hidden"
    content = BytesIO()
    book.save(content)
    shown = content.getvalue()
    part = '<?xml version="1.0"?><workbook xmlns="{0}"><sheets>{1}</sheets></workbook>'
    sheets = '<sheet name="A" sheetId="1" state="hidden" r:id="rId1" xmlns:r="{0}"/>'
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    workbook = part.format(namespace, sheets.format(relations))
    return with_part(shown, "xl/workbook.xml", workbook)


FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "a.xlsx", "trống"),
    "cut": (lambda: xlsx_of(LIST * 50)[:-400], "a.xlsx", "cắt ngang"),
    "cut, old": (lambda: xls_of(LIST * 50)[:4000], "a.xls", ".xls"),
    "cut, text": (lambda: csv_of(LIST) + b'000102,"L', "a.csv", "CSV"),
    "zip bomb": (zip_bomb, "a.xlsx", "quá lớn"),
    "entity bomb": (entity_bomb, "a.xlsx", "XML"),
    "two cells far apart": (two_cells_far_apart, "a.xlsx", "dòng"),
    "a million empty rows": (million_empty_rows, "a.xlsx", "trống"),
    "a million rows of blanks": (million_blank_texts, "a.xlsx", "dòng thừa"),
    "a million repeated rows": (million_repeated_rows, "a.ods", "trống"),
    "a million lines": (lambda: b";;;;;\r\n" * 300_000, "a.csv", "dòng thừa"),
    "Western text": (lambda: "Họ tên;é".encode("cp1252", "replace"), "a.csv", "UTF-8"),
    "text of an old font": (lambda: "NguyÔn V¨n".encode("latin-1"), "a.csv", "UTF-8"),
    "web page named xlsx": (TABLE.encode, "a.xlsx", "trang web"),
    "web page named xls": (lambda: TABLE.encode("utf-8-sig"), "a.xls", "trang web"),
    "text named xlsx": (lambda: csv_of(LIST), "a.xlsx", "không phải bảng tính"),
    "picture": (lambda: PNG, "a.xlsx", "không phải bảng tính"),
    "picture named csv": (lambda: PNG, "a.csv", "ảnh"),
    "PDF": (lambda: PDF, "a.xlsx", "không phải bảng tính"),
    "PDF named csv": (lambda: PDF, "a.csv", "PDF"),
    "letter named xls": (
        lambda: compound_file({"WordDocument": bytes(5000)}), "a.xls", "loại tệp khác",
    ),
    "with a password": (
        lambda: compound_file({"EncryptedPackage": bytes(5000)}), "a.xlsx", "mật khẩu",
    ),
    "with a password, old": (
        lambda: xls_of(LIST, before=xls_record(0x2F, bytes(6))), "a.xls", "mật khẩu",
    ),
    "hidden": (all_hidden, "a.xlsx", "hiện"),
    "only a header": (lambda: xlsx_of([["DANH SÁCH"], HEADER]), "a.xlsx", "tiêu đề"),
    "only titles": (lambda: xlsx_of([["DANH SÁCH"], ["Năm học"]]), "a.xlsx", "Thiếu cột"),
}  # fmt: skip


@pytest.fixture
def listed(importer, city) -> Importer:
    """Hạnh is on the list of September."""
    importer.file("import_roster", xlsx_of(LIST), "a.xlsx", as_of="2026-09-01")
    return importer


class TestBadFiles:
    @pytest.mark.parametrize("kind", FILES)
    def test_is_refused_in_words_and_changes_nothing(self, listed, kind):
        build, name, words = FILES[kind]
        before = contents()
        outcome = listed.file("import_roster", build(), name, as_of="2026-10-01")
        assert listed.exit_code == 1
        assert counts(outcome) == {}
        assert words in outcome["rejected"][0]["message"]
        assert contents() == before

    @pytest.mark.parametrize(
        ("build", "name"), [(xlsx_of, "a.xls"), (xls_of, "a.xlsx"), (ods_of, "a.xlsx")]
    )
    def test_one_kind_of_workbook_named_as_another_is_read(self, listed, build, name):
        outcome = listed.file("import_roster", build(LIST), name, as_of="2026-10-01")
        assert counts(outcome) == {"unchanged": 1}


class TestFormulas:
    def reading(self, formula: str, kind: str = "f"):
        book = openpyxl.Workbook()
        for row in LIST:
            book.active.append(row)
        book.active["B2"] = formula
        book.active["B2"].data_type = kind
        content = BytesIO()
        book.save(content)
        return read_roster(read_sheet(content.getvalue(), name="a.xlsx"), as_of=date(2026, 9, 1))

    def test_one_that_was_never_calculated_is_refused_at_its_cell(self):
        (rejection,) = self.reading("=VLOOKUP(A2,Data!A:C,2,0)").rejected
        assert (rejection.row, rejection.column) == (2, "Họ và tên")
        assert "công thức" in rejection.message

    def test_one_that_failed_is_refused_at_its_cell(self):
        (rejection,) = self.reading("#REF!", "e").rejected
        assert (rejection.row, rejection.column) == (2, "Họ và tên")
        assert "#REF!" in rejection.message

    def test_where_nobody_reads_it_it_does_no_harm(self):
        book = openpyxl.Workbook()
        for row in [[*HEADER, "Tuổi"], [*HANH, "=YEAR(TODAY())-1985"]]:
            book.active.append(row)
        content = BytesIO()
        book.save(content)
        sheet = read_sheet(content.getvalue(), name="a.xlsx")
        assert read_roster(sheet, as_of=date(2026, 9, 1)).rejected == []


@pytest.mark.parametrize("kept", range(4, 9000, 600))
def test_no_truncation_of_an_old_workbook_gives_part_of_its_rows(kept):
    content = xls_of([HEADER, *[[f"{n:06d}", *HANH[1:]] for n in range(100)]])
    assert kept < len(content)
    with suppress(SheetError):
        assert len(read_sheet(content[:kept], name="a.xls").rows) == 101
