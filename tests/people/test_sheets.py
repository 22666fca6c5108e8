"""Reading tables: what schools send, and what nobody should."""

from __future__ import annotations

import tracemalloc
import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from people.sheets import SheetError, read_path, read_sheet
from people.sheets.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from tests.people.sheet_builders import (
    csv_of,
    ods_of,
    with_part,
    worksheet,
    xlsx_of,
    zip_of,
)

ROWS = [["mã", "tên"], ["000101", "Trần Ngọc Hạnh"]]
SHEET_PART = "xl/worksheets/sheet1.xml"


def cells(content: bytes, name: str) -> list[list]:
    return [row.cells for row in read_sheet(content, name=name).rows]


class TestAnnouncements:
    @pytest.mark.parametrize("attribute", ["count", "uniqueCount"])
    def test_a_table_of_strings_announced_as_huge_is_refused_before_it_is_read(self, attribute):
        """The reader would reserve a hundred gigabytes and abort the process."""
        strings = (
            '<?xml version="1.0"?><sst '
            'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'{attribute}="4294967295"></sst>'
        )
        with pytest.raises(SheetError):
            read_sheet(with_part(xlsx_of(ROWS), "xl/sharedStrings.xml", strings), name="a.xlsx")


class TestGoodFiles:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("bom", [True, False])
    def test_csv_with_any_delimiter_with_or_without_a_mark(self, delimiter, bom):
        assert cells(csv_of(ROWS, delimiter=delimiter, bom=bom), "a.csv") == ROWS

    def test_xlsx_and_ods_read_alike(self):
        assert cells(xlsx_of(ROWS), "a.xlsx") == cells(ods_of(ROWS), "a.ods") == ROWS

    def test_the_name_does_not_decide_what_a_workbook_is(self):
        assert cells(xlsx_of(ROWS), "a.csv") == ROWS

    def test_blank_rows_are_skipped_and_numbers_stay_those_of_the_spreadsheet(self):
        for content, name in [
            (csv_of([[], *ROWS, ["", " "], ["x", "y"]]), "a.csv"),
            (xlsx_of([[], *ROWS, [], ["x", "y"]]), "a.xlsx"),
        ]:
            assert [row.number for row in read_sheet(content, name=name).rows] == [2, 3, 5]

    def test_days_and_whole_numbers_keep_their_kind(self):
        row = [date(1985, 4, 5), datetime(1985, 4, 5), 101, 1.5]
        assert cells(xlsx_of([row]), "a.xlsx") == [[date(1985, 4, 5), date(1985, 4, 5), 101, 1.5]]

    def test_a_quoted_name_may_hold_the_delimiter_and_a_line_break(self):
        row = ["Trần, Ngọc", "Hạnh\nBình"]
        assert cells(csv_of([row]), "a.csv") == [row]

    def test_only_the_first_visible_sheet_is_read_and_the_others_are_named(self):
        sheet = read_sheet(xlsx_of(ROWS, more_sheets=["Danh mục"]), name="a.xlsx")
        assert [row.cells for row in sheet.rows] == ROWS
        assert sheet.ignored == ("Danh mục",)

    def test_millions_of_formatted_empty_cells_do_no_harm(self):
        book = openpyxl.load_workbook(BytesIO(xlsx_of(ROWS)))
        book.active.cell(1_048_576, 700).font = openpyxl.styles.Font(bold=True)
        saved = BytesIO()
        book.save(saved)
        assert cells(saved.getvalue(), "a.xlsx") == ROWS

    def test_the_empty_rest_that_libreoffice_repeats_does_no_harm(self):
        rest = (
            '<table:table-row table:number-rows-repeated="1048574">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        )
        assert cells(ods_of(ROWS, after=rest), "a.ods") == ROWS

    def test_a_file_is_read_from_its_path(self, tmp_path):
        path = tmp_path / "danh sách.csv"
        path.write_bytes(csv_of(ROWS))
        assert len(read_path(path).rows) == 2


def far_row() -> bytes:
    rows = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    return with_part(xlsx_of(ROWS), SHEET_PART, worksheet(rows))


def opposite_corners() -> bytes:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
    return with_part(xlsx_of(ROWS), SHEET_PART, worksheet(rows))


def unreadable_reference() -> bytes:
    rows = '<row r="1"><c r="A00000000000009"><v>1</v></c></row>'
    return with_part(xlsx_of(ROWS), SHEET_PART, worksheet(rows))


def too_many_short_rows() -> bytes:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n * 7919}</v></c></row>' for n in range(1, 60_000)
    )
    return with_part(xlsx_of(ROWS), SHEET_PART, worksheet(rows))


def entities() -> bytes:
    tenfold = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)]
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
        f"{''.join(tenfold)}]><worksheet><sheetData><row><c><v>&a8;</v></c></row></sheetData>"
        "</worksheet>"
    )
    return with_part(xlsx_of(ROWS), SHEET_PART, bomb)


def outside_entity() -> bytes:
    part = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><sst>&f;</sst>'
    return with_part(xlsx_of(ROWS), "xl/sharedStrings.xml", part)


def zip_bomb() -> bytes:
    return with_part(xlsx_of(ROWS), "xl/media/image1.png", "0" * (200 * 1024 * 1024))


def lying_zip_bomb() -> bytes:
    """The directory claims ten bytes; what is inflated tells otherwise."""
    content = with_part(xlsx_of(ROWS), "xl/media/image1.png", "0" * (20 * 1024 * 1024))
    size = (20 * 1024 * 1024).to_bytes(4, "little")
    assert content.count(size) == 2
    return content.replace(size, (10).to_bytes(4, "little"))


def repeated_content() -> bytes:
    row = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    return ods_of(ROWS, after=row)


def repeated_far_content() -> bytes:
    """Empty rows alone do no harm; a cell after a million of them reserves them all."""
    rows = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row><table:table-row>'
        "<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"
    )
    return ods_of(ROWS, after=rows)


def many_entries() -> bytes:
    return zip_of({"xl/workbook.xml": "<a/>"} | {f"x{n}": "" for n in range(2000)})


BAD_FILES = {
    "empty": (b"", "a.csv", "trống"),
    "blank": (b" \n\n", "a.csv", "trống"),
    "web page named xlsx": (b"<html><table><tr><td>x</td></tr></table>", "a.xlsx", "trang web"),
    "web page named csv": (b"\xef\xbb\xbf\n <!doctype html>", "a.csv", "trang web"),
    "text named xlsx": (csv_of(ROWS), "a.xlsx", "không phải bảng tính"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "a.png", "không phải bảng tính"),
    "picture named csv": (b"\x89PNG\r\n\x1a\n" + bytes(200), "a.csv", "UTF-8"),
    "old Excel or locked": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", ".xls"),
    "UTF-16": ("mã;tên\n1;Hạnh".encode("utf-16"), "a.csv", "UTF-8"),
    "UTF-16 without a mark": ("ma;ten\n1;Hanh".encode("utf-16-le"), "a.csv", "CSV"),
    "Windows-1258": ("mã;tên\n1;Trần".encode("cp1258", "replace"), "a.csv", "UTF-8"),
    "cut inside a letter": (csv_of(ROWS)[: csv_of(ROWS).index("ọ".encode()) + 1], "a.csv", "UTF-8"),
    "cut inside quotes": (b'a,b\n1,"Tr', "a.csv", "hỏng"),
    "cut workbook": (xlsx_of(ROWS)[:-300], "a.xlsx", "cắt ngang"),
    "workbook of junk": (b"PK\x03\x04" + b"junk" * 100, "a.xlsx", "cắt ngang"),
    "a letter, not a table": (zip_of({"word/document.xml": "<a/>"}), "a.xlsx", ".xlsx"),
    "workbook without sheets": (zip_of({"xl/workbook.xml": "<a/>"}), "a.xlsx", "hỏng"),
    "malformed XML": (with_part(xlsx_of(ROWS), SHEET_PART, "<a><b></a>"), "a.xlsx", "XML"),
    "too many entries": (many_entries(), "a.xlsx", "quá lớn"),
    "entity bomb": (entities(), "a.xlsx", "XML"),
    "outside entity": (outside_entity(), "a.xlsx", "XML"),
    "zip bomb": (zip_bomb(), "a.xlsx", "quá lớn"),
    "zip bomb that lies": (lying_zip_bomb(), "a.xlsx", ""),
    "row a million": (far_row(), "a.xlsx", "dòng"),
    "opposite corners": (opposite_corners(), "a.xlsx", "cột"),
    "unreadable reference": (unreadable_reference(), "a.xlsx", "cột"),
    "too many rows": (too_many_short_rows(), "a.xlsx", "dòng"),
    "repeated content": (repeated_content(), "a.ods", "dòng"),
    "content after a million empty rows": (repeated_far_content(), "a.ods", "dòng"),
    "too many rows of text": (b"a\n" * (MAX_ROWS + 1), "a.csv", "dòng"),
    "too many columns of text": (b"a," * (MAX_COLUMNS + 1), "a.csv", "cột"),
}


class TestBadFiles:
    @pytest.mark.parametrize("kind", BAD_FILES)
    def test_is_refused_in_words(self, kind):
        content, name, words = BAD_FILES[kind]
        with pytest.raises(SheetError) as refusal:
            read_sheet(content, name=name)
        assert words in str(refusal.value)

    @pytest.mark.parametrize("kind", ["zip bomb", "zip bomb that lies", "entity bomb"])
    def test_a_bomb_takes_little_memory(self, kind):
        content, name, _words = BAD_FILES[kind]
        tracemalloc.start()
        try:
            with pytest.raises(SheetError):
                read_sheet(content, name=name)
            assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
        finally:
            tracemalloc.stop()

    def test_a_file_over_the_limit_is_not_looked_into(self):
        with pytest.raises(SheetError, match="10 MB"):
            read_sheet(b"PK" + bytes(MAX_BYTES), name="a.xlsx")

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(SheetError, match=r"thiếu\.xlsx"):
            read_path(tmp_path / "thiếu.xlsx")

    def test_a_workbook_with_a_password_says_so(self):
        content = bytearray(zip_of({"xl/workbook.xml": "<a/>"}))
        directory = content.index(b"PK\x01\x02")
        content[directory + 8] |= 1
        with pytest.raises(SheetError, match="mật khẩu"):
            read_sheet(bytes(content), name="a.xlsx")

    @pytest.mark.parametrize("kept", range(10, 5000, 250))
    def test_no_truncation_gives_rows(self, kept):
        content = xlsx_of([*ROWS, *([str(n), f"Trần Văn {n}"] for n in range(200))])
        assert kept < len(content)
        with pytest.raises(SheetError):
            read_sheet(content[:kept], name="a.xlsx")

    def test_the_corpus_itself_holds_real_zips(self):
        """Else every hostile file would be refused as broken, and nothing would be proven."""
        for kind in ["entity bomb", "zip bomb", "row a million", "opposite corners"]:
            assert zipfile.ZipFile(BytesIO(BAD_FILES[kind][0])).testzip() is None
