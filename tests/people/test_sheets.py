"""Reading tables: what schools send, and what nobody should."""

from __future__ import annotations

import tracemalloc
import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from people.sheets import SheetError, Uncalculated, read_path, read_sheet
from people.sheets.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from tests.people.sheet_builders import (
    compound_file,
    csv_of,
    ods_of,
    windows_1258_of,
    with_part,
    worksheet,
    xls_of,
    xls_record,
    xlsx_of,
    zip_of,
)

ROWS = [["mã", "tên"], ["000101", "Trần Ngọc Hạnh"]]
SHEET_PART = "xl/worksheets/sheet1.xml"
STRINGS_PART = "xl/sharedStrings.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


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

    @pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.xlsx", "a"])
    def test_the_name_does_not_decide_what_a_workbook_is(self, name):
        assert cells(xlsx_of(ROWS), name) == cells(xls_of(ROWS), name) == ROWS

    def test_old_excel_keeps_days_and_numbers(self):
        row = ["000101", "Trần Ngọc Hạnh", date(1985, 4, 5), 101, 1.5]
        assert cells(xls_of([row]), "a.xls") == [row]

    def test_text_of_other_encodings(self):
        text = csv_of(ROWS, delimiter=";").decode()
        for content in [text.encode("utf-16"), windows_1258_of(text)]:
            assert cells(content, "a.csv") == ROWS

    def test_a_delimiter_named_for_excel_is_no_row(self):
        assert cells(b"sep=;\r\n" + csv_of(ROWS, delimiter=";"), "a.csv") == ROWS

    def test_commas_of_titles_do_not_split_rows(self):
        content = "Trường A, xã B, huyện C, tỉnh D\n".encode() + csv_of(ROWS, delimiter=";")
        assert cells(content, "a.csv")[1:] == ROWS

    def test_a_table_that_begins_in_another_corner_keeps_its_places(self):
        book = openpyxl.Workbook()
        book.active["C3"] = "mã"
        assert cells(saved(book), "a.xlsx") == [["", "", "mã"]]
        assert read_sheet(saved(book), name="a.xlsx").rows[0].number == 3

    def test_elements_with_a_prefix_are_read_too(self):
        rows = (
            '<x:row r="1"><x:c t="inlineStr"><x:is><x:t>mã</x:t></x:is></x:c></x:row>'
            '<x:row r="2"><x:c s="0" r="A2"><x:v>101</x:v></x:c></x:row>'
        )
        part = f'<x:worksheet xmlns:x="{NAMESPACE}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
        assert cells(with_part(xlsx_of(ROWS), SHEET_PART, part), "a.xlsx") == [["mã"], [101]]

    def test_what_formulas_came_to_is_read(self):
        rows = (
            '<row r="1"><c r="A1"><f>100+1</f><v>101</v></c>'
            '<c r="B1" t="str"><f>"a"</f><v>a</v></c><c r="C1" t="str"><f>""</f><v></v></c></row>'
        )
        assert cells(with_part(xlsx_of(ROWS), SHEET_PART, worksheet(rows)), "a.xlsx") == [
            [101, "a", ""]
        ]

    def test_formulas_without_a_value_and_errors_are_told_from_empty_cells(self):
        book = openpyxl.Workbook()
        book.active.append(["mã", "=VLOOKUP(A1,B:C,2)", "#REF!"])
        book.active["C1"].data_type = "e"
        (row,) = cells(saved(book), "a.xlsx")
        assert row == ["mã", "=VLOOKUP(A1,B:C,2)", "#REF!"]
        assert isinstance(row[1], Uncalculated)

    def test_errors_of_other_sheets_are_none_of_ours(self):
        book = openpyxl.load_workbook(BytesIO(xlsx_of([["a", "", "c"]], more_sheets=["B"])))
        book["B"]["B1"] = "=A1"
        assert cells(saved(book), "a.xlsx") == [["a", "", "c"]]

    def test_blank_rows_are_skipped_and_numbers_stay_those_of_the_spreadsheet(self):
        for content, name in [
            (csv_of([[], *ROWS, ["", " "], ["x", "y"]]), "a.csv"),
            (xlsx_of([[], *ROWS, [], ["x", "y"]]), "a.xlsx"),
        ]:
            assert [row.number for row in read_sheet(content, name=name).rows] == [2, 3, 5]

    def test_days_and_whole_numbers_keep_their_kind(self):
        row = [date(1985, 4, 5), datetime(1985, 4, 5), 101, 1.5]
        assert cells(xlsx_of([row]), "a.xlsx") == [[date(1985, 4, 5), date(1985, 4, 5), 101, 1.5]]

    def test_what_no_database_stores_becomes_text(self):
        cells = "".join(
            f'<c r="{column}1"{kind}><v>{value}</v></c>'
            for column, kind, value in [
                ("A", "", "1e400"),
                ("B", "", "nan"),
                ("C", ' t="str"', "Trần_x0000_Hạnh"),
            ]
        )
        content = with_part(xlsx_of(ROWS), SHEET_PART, worksheet(f'<row r="1">{cells}</row>'))
        read = read_sheet(content, name="a.xlsx").rows[0].cells
        assert all(isinstance(cell, str) for cell in read)
        assert read[2] == "TrầnHạnh"

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
        assert cells(saved(book), "a.xlsx") == ROWS

    def test_a_million_empty_rows_do_no_harm(self):
        rows = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 200_000))
        first = '<row r="1"><c r="A1"><v>101</v></c></row>'
        content = with_part(xlsx_of(ROWS), SHEET_PART, worksheet(first + rows))
        assert cells(content, "a.xlsx") == [[101]]

    def test_many_columns_are_read_though_not_at_a_glance(self):
        row = [str(number) for number in range(MAX_COLUMNS)]
        assert cells(xlsx_of([row]), "a.xlsx") == [row]

    def test_one_long_note_in_a_long_list_is_no_bomb(self):
        """Its length times the number of cells would be; what is there is not."""
        content = shared_strings(["x" * 30_000, "y"], cells=[0] + [1] * 9999)
        assert len(cells(content, "a.xlsx")) == 10_000

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


def saved(book: openpyxl.Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def shared_strings(strings: list[str], *, cells: list[int]) -> bytes:
    """A column of cells that point at strings."""
    items = "".join(f"<si><t>{text}</t></si>" for text in strings)
    table = f'<sst xmlns="{NAMESPACE}" count="{len(cells)}">{items}</sst>'
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{index}</v></c></row>'
        for n, index in enumerate(cells, 1)
    )
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "text"  # so that it has a table of strings
    return with_part(with_part(saved(workbook), STRINGS_PART, table), SHEET_PART, worksheet(rows))


def one_string_for_all() -> bytes:
    """600 kB that come out as 3 GB: each cell gets its own copy."""
    return shared_strings(["x" * 30_000], cells=[0] * 100_000)


def one_text_for_all() -> bytes:
    row = (
        '<table:table-row table:number-rows-repeated="20000"><table:table-cell '
        'office:value-type="string" table:number-columns-repeated="20">'
        f"<text:p>{'x' * 30_000}</text:p></table:table-cell></table:table-row>"
    )
    return ods_of([], after=row)


def wide_and_long() -> bytes:
    """Neither too many rows nor too many columns, but too many of both."""
    rows = (
        '<row r="1"><c r="GR1"><v>1</v></c></row><row r="100000"><c r="A100000"><v>1</v></c></row>'
    )
    return with_part(xlsx_of(ROWS), SHEET_PART, worksheet(rows))


def hidden_from_a_glance(cell: str) -> bytes:
    """A far cell written as no program writes it."""
    return with_part(xlsx_of(ROWS), SHEET_PART, worksheet(f'<row r="1">{cell}</row>'))


def another_encoding() -> bytes:
    part = worksheet("").replace("?>", ' encoding="UTF-7"?>', 1)
    return with_part(xlsx_of(ROWS), SHEET_PART, part)


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
        f'<row r="{n}"><c r="A{n}"><v>{n * 7919}</v></c></row>' for n in range(1, MAX_ROWS + 2)
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


def packed_by(method: int) -> bytes:
    """Some hundred bytes, and the directory tells the truth: 20 MiB in one file, unpacked at once.

    The name sorts it first where a reader looks for the kind of the file.
    """
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("mimetype", "0" * (20 * 1024 * 1024))
        archive.writestr("xl/workbook.xml", "<a/>")
    return file.getvalue()


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
    "picture named csv": (b"\x89PNG\r\n\x1a\n" + bytes(200), "a.csv", "tệp mẫu"),
    "photograph": (b"\xff\xd8\xff\xe0" + bytes(200), "danh-sach.jpg", "ảnh"),
    "photograph of a phone": (b"\0\0\0\x18ftypheic" + bytes(200), "a.heic", "ảnh"),
    "WebP": (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(200), "a.webp", "ảnh"),
    "picture named csv in UTF-8": (b"\x00\x01text", "a.csv", "CSV"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3" + bytes(200), "a.xlsx", "không phải bảng tính"),
    "web page in UTF-16": ("<html>".encode("utf-16"), "a.xls", "trang web"),
    "old Excel of junk": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", ".xls"),
    "old Excel cut": (xls_of([*ROWS, *ROWS * 200])[:5000], "a.xls", ".xls"),
    "old Word": (compound_file({"WordDocument": bytes(5000)}), "a.xls", ".xls"),
    "old Excel with a password": (
        xls_of(ROWS, before=xls_record(0x2F, b"\1\0" + bytes(52))),
        "a.xls",
        "mật khẩu",
    ),
    "new Excel with a password": (
        compound_file({"EncryptedPackage": bytes(5000)}),
        "a.xlsx",
        "mật khẩu",
    ),
    "old Excel, hidden": (xls_of(ROWS, hidden=1), "a.xls", "hiện"),
    "old Excel, opposite corners": (
        xls_of([["x"], *[[]] * 65_000, [*[""] * 250, "x"]]),
        "a.xls",
        "quá lớn",
    ),
    "UTF-16 cut": ("mã;tên".encode("utf-16")[:-1], "a.csv", "UTF-16"),
    "UTF-16 without a mark": ("ma;ten\n1;Hanh".encode("utf-16-le"), "a.csv", "CSV"),
    "Windows-1258": ("mã;tên\n1;Trần".encode("cp1258", "replace"), "a.csv", "UTF-8"),
    "a Western code page": ("mã;tên\n1;Müller".encode("cp1252"), "a.csv", "UTF-8"),
    "an old font": ("m·;tªn\n1;NguyÔn V¨n ¸nh".encode("latin-1"), "a.csv", "UTF-8"),
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
    "bzip2 bomb": (packed_by(zipfile.ZIP_BZIP2), "a.xlsx", "nén"),
    "LZMA bomb": (packed_by(zipfile.ZIP_LZMA), "a.xlsx", "nén"),
    "row a million": (far_row(), "a.xlsx", "dòng"),
    "opposite corners": (opposite_corners(), "a.xlsx", "cột"),
    "unreadable reference": (unreadable_reference(), "a.xlsx", "cột"),
    "too many rows": (too_many_short_rows(), "a.xlsx", "dòng"),
    "one long string for all cells": (one_string_for_all(), "a.xlsx", "quá lớn"),
    "one long text for all cells": (one_text_for_all(), "a.ods", "quá lớn"),
    "wide and long": (wide_and_long(), "a.xlsx", "quá lớn"),
    "far cell in single quotes": (
        hidden_from_a_glance("<c r='XFD1048576'><v>1</v></c>"),
        "a.xlsx",
        "dòng",
    ),
    "far cell with its attributes turned": (
        hidden_from_a_glance('<c s="0" r="A1048576"><v>1</v></c>'),
        "a.xlsx",
        "dòng",
    ),
    "far cell broken over lines": (
        hidden_from_a_glance('<c\n r="A1048576"><v>1</v></c>'),
        "a.xlsx",
        "dòng",
    ),
    "far cell with a prefix": (
        hidden_from_a_glance(f'<x:c xmlns:x="{NAMESPACE}" r="A1048576"><v>1</v></x:c>'),
        "a.xlsx",
        "dòng",
    ),
    "far cell behind a comment": (
        hidden_from_a_glance('<!-- <c r="A1" --><c r="A1048576"><v>1</v></c>'),
        "a.xlsx",
        "dòng",
    ),
    "another encoding": (another_encoding(), "a.xlsx", "XML"),
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

    @pytest.mark.parametrize(
        "kind",
        [
            "zip bomb",
            "zip bomb that lies",
            "bzip2 bomb",
            "LZMA bomb",
            "entity bomb",
            "one long text for all cells",
        ],
    )
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
        with pytest.raises(SheetError, match=f"{MAX_BYTES // 1024 // 1024} MB"):
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
        for kind in [
            "entity bomb",
            "zip bomb",
            "row a million",
            "opposite corners",
            "wide and long",
        ]:
            assert zipfile.ZipFile(BytesIO(BAD_FILES[kind][0])).testzip() is None
