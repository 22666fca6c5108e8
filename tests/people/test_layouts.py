"""Lists as schools arrange them: each is understood without anybody's help, row by row.

The files are built here, one for each habit that was met.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.imports.layout import (
    FIELDS,
    Layout,
    columns_of,
    layout_problems,
    letter_of,
    signature_of,
    suggest_layout,
)
from people.imports.reading import Reading
from people.imports.roster_reading import read_roster
from people.imports.roster_rows import RosterRow
from people.imports.unit_rows import read_units
from people.sheets import Sheet, SheetRow, read_sheet
from tests.people.sheet_builders import csv_of, ods_of, windows_1258_of, xls_of, xlsx_of

LIST_DAY = date(2026, 9, 1)
HEADER = ["Mã cán bộ", "Họ và tên", "Giới tính", "Ngày sinh", "Mã trường", "Chức vụ"]
HANH = ["000101", "Trần Ngọc Hạnh", "Nữ", "05/04/1985", "TH1", "Giáo viên"]
BINH = ["000102", "Lê Văn Bình", "Nam", "31/12/1990", "TH1", "Phó hiệu trưởng"]
YEN = ["000103", "Đặng Thị Kim Yến", "Nữ", "02/09/1978", "TH1", "Nhân viên y tế"]
EVERYBODY = [HANH, BINH, YEN]
UNDERSTOOD = [
    ("000101", "Trần Ngọc Hạnh", "female", date(1985, 4, 5), "TH1", "teacher", "teacher"),
    ("000102", "Lê Văn Bình", "male", date(1990, 12, 31), "TH1", "manager", "vice_principal"),
    ("000103", "Đặng Thị Kim Yến", "female", date(1978, 9, 2), "TH1", "support", "health_staff"),
]
TITLES = [
    ["PHÒNG GD&ĐT HUYỆN VÍ DỤ", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["TRƯỜNG TIỂU HỌC VÍ DỤ", "", "", "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN"],
    ["Năm học 2026 - 2027"],
    [],
]
SIGNATURES = [
    ["", "Danh sách này có 3 người."],
    ["", "", "", "Ví Dụ, ngày 01 tháng 9 năm 2026"],
    ["", "Người lập biểu", "", "", "HIỆU TRƯỞNG"],
    ["", "(Ký, ghi rõ họ tên)", "", "", "(Ký tên, đóng dấu)"],
    [],
    ["", "Phan Văn Lập", "", "", "Võ Thị Trưởng"],
]


@dataclass(frozen=True)
class File:
    content: bytes
    name: str = "a.xlsx"
    unit: str = ""  # of the whole list
    has_codes: bool = True


def day(row: list[Any]) -> date:
    return datetime.strptime(row[3], "%d/%m/%Y").date()


def numbered(rows: list[list[Any]]) -> list[list[Any]]:
    return [[number, *row] for number, row in enumerate(rows, 1)]


def padded(rows: list[list[Any]], width: int) -> list[list[Any]]:
    return [[*row, *[""] * (width - len(row))] for row in rows]


def titles_and_signatures() -> File:
    return File(xlsx_of([*TITLES, ["STT", *HEADER], *numbered(EVERYBODY), *SIGNATURES]))


def name_in_two_columns() -> File:
    header = ["STT", "Mã CB", "Họ và tên đệm", "Tên", "Phái", "Sinh ngày", "Mã đơn vị", "Chức danh"]
    rows = [[r[0], *r[1].rsplit(" ", 1), *r[2:]] for r in EVERYBODY]
    return File(xlsx_of([header, *numbered(rows)]))


def name_in_three_columns() -> File:
    header = ["Mã GV", "Họ", "Tên đệm", "Tên", "Giới tính", "Ngày sinh", "Mã trường", "Chức vụ"]
    rows = [[r[0], words[0], " ".join(words[1:-1]), words[-1], *r[2:]]
            for r in EVERYBODY for words in [r[1].split()]]  # fmt: skip
    return File(xlsx_of([header, *rows]))


def one_heading_over_two_columns() -> File:
    """The merged heading "Họ và tên" spans họ đệm and tên; the columns are numbered below it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH"])
    sheet.merge_cells("A1:H1")
    sheet.append(["TT", "Mã nhân sự", "Họ và tên", "", "Ngày sinh", "Nữ", "Mã trường", "Chức vụ"])
    sheet.merge_cells("C2:D2")
    sheet.append([str(n) for n in range(1, 9)])
    for number, row in enumerate(EVERYBODY, 1):
        mark = "x" if row[2] == "Nữ" else None
        family, given_name = row[1].rsplit(" ", 1)
        sheet.append([number, row[0], family, given_name, day(row), mark, row[4], row[5]])
    return File(saved(book))


def x_in_a_column_for_women() -> File:
    header = ["STT", "Mã cán bộ", "Họ và tên", "Ngày sinh", "Nữ", "Mã trường", "Chức vụ"]
    rows = [[r[0], r[1], r[3], "X" if r[2] == "Nữ" else "", r[4], r[5]] for r in EVERYBODY]
    return File(xlsx_of([header, *numbered(rows)]))


def sexes_below_one_heading() -> File:
    header = [
        ["STT", "Mã cán bộ", "Họ và tên", "Giới tính", "", "Ngày sinh", "Mã trường", "Chức vụ"],
        ["", "", "", "Nam", "Nữ", "", "", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
    ]
    rows = [[r[0], r[1], "" if r[2] == "Nữ" else "x", "x" if r[2] == "Nữ" else "", *r[3:]]
            for r in EVERYBODY]  # fmt: skip
    return File(xlsx_of([*TITLES, *header, *numbered(rows)]))


def birth_dates_in_columns_for_men_and_women() -> File:
    header = [
        ["STT", "Mã cán bộ", "Họ và tên", "Ngày tháng năm sinh", "", "Mã trường", "Chức vụ"],
        ["", "", "", "Nam", "Nữ", "", ""],
    ]
    rows = [[r[0], r[1], "" if r[2] == "Nữ" else r[3], r[3] if r[2] == "Nữ" else "", *r[4:]]
            for r in EVERYBODY]  # fmt: skip
    return File(xlsx_of([*header, *numbered(rows)]))


def groups_of_headings() -> File:
    """The headings that matter stand in the second line, some of them in the first."""
    header = [
        ["TT", "Mã định danh Bộ GD&ĐT", "THÔNG TIN CÁ NHÂN", "", "", "CÔNG TÁC", ""],
        ["", "", "Họ và tên", "Giới tính", "Ngày sinh", "Mã trường", "Chức vụ"],
    ]
    return File(xlsx_of([*TITLES, *header, *numbered(EVERYBODY)]))


def days_in_every_form() -> File:
    forms = ["5-4-1985", 33238, "28735"]
    rows = [[*r[:3], form, *r[4:]] for r, form in zip(EVERYBODY, forms, strict=True)]
    return File(xlsx_of([HEADER, *rows]))


def days_with_times() -> File:
    forms = [datetime(1985, 4, 5, 0, 0), "1990-12-31 00:00:00", "ngày 02 tháng 9 năm 1978"]
    rows = [[*r[:3], form, *r[4:]] for r, form in zip(EVERYBODY, forms, strict=True)]
    return File(xlsx_of([HEADER, *rows]))


def names_as_typed() -> File:
    """Capitals, decomposed letters, double and hard blanks, blanks around."""
    names = [
        "TRẦN NGỌC HẠNH",
        unicodedata.normalize("NFD", " Lê  Văn\u00a0Bình "),
        "Đặng Thị\tKim Yến\u200b",
    ]
    rows = [[r[0], name, *r[2:]] for r, name in zip(EVERYBODY, names, strict=True)]
    return File(xlsx_of([[unicodedata.normalize("NFD", text) for text in HEADER], *rows]))


def sections_and_totals() -> File:
    body = [
        ["I", "", "Ban giám hiệu"],
        [1, *BINH],
        ["", "", "Cộng: 1"],
        ["II", "", "Ngữ văn - Sử"],
        [2, *HANH],
        ["", "", "Tổ Văn phòng"],
        [3, *YEN],
        ["", "", "Tổng cộng: 3 người", "", 2],
    ]
    return File(xlsx_of([["STT", *HEADER], *padded(body, 7)]))


def header_again_on_every_page() -> File:
    header = ["STT", *HEADER]
    counted = numbered(EVERYBODY)
    return File(xlsx_of([*TITLES, header, counted[0], header, counted[1], header, counted[2]]))


def rows_numbered_in_advance() -> File:
    empty = [[number, *[""] * 6] for number in range(4, 60)]
    return File(xlsx_of([["STT", *HEADER], *numbered(EVERYBODY), *empty]))


def without_codes_and_units() -> File:
    header = ["STT", "Họ tên", "Giới tính", "Ngày sinh", "Nhiệm vụ được giao", "Ghi chú"]
    work = ["GV dạy môn Ngữ văn", "Phó hiệu trưởng phụ trách CM", "NV Y tế học đường"]
    rows = [[r[1], r[2], r[3], w, "kiêm nhiệm"] for r, w in zip(EVERYBODY, work, strict=True)]
    return File(xlsx_of([*TITLES, header, *numbered(rows)]), unit="TH1", has_codes=False)


def export_of_a_ministry() -> File:
    """Dozens of columns, most of them none of our business."""
    header = ["STT", "Mã định danh Bộ GD&ĐT", "Mã cán bộ", "Số CMND/CCCD", "Họ và tên", "Ngày sinh",
              "Giới tính", "Dân tộc", "Tôn giáo", "Số sổ BHXH", "Hệ số lương", "Mã trường",
              "Trường", "Vị trí việc làm", "Chức vụ", "Trạng thái", "Email"]  # fmt: skip
    rows = [
        [r[0], f"CB{r[0]}", "079185000001", r[1], r[3], r[2], "Kinh", "Không", "7912345678", "3,66",
         r[4], "Trường Tiểu học Ví Dụ", r[5], r[5], "Đang làm việc", ""]
        for r in EVERYBODY
    ]  # fmt: skip
    return File(xlsx_of([*TITLES, header, *numbered(rows)]))


def names_of_the_unit_beside_its_list() -> File:
    header = [*HEADER[:4], "Đơn vị công tác", "Chức vụ"]
    rows = [[*r[:4], "Trường Tiểu học Ví Dụ", r[5]] for r in EVERYBODY]
    return File(xlsx_of([header, *rows]), unit="TH1")


def old_excel() -> File:
    rows = [[*r[:3], day(r), *r[4:]] for r in EVERYBODY]
    return File(xls_of([*TITLES, ["STT", *HEADER], *numbered(rows), *SIGNATURES]), "a.xls")


def libreoffice() -> File:
    rows = [[*map(str, row)] for row in [*TITLES[3:4], HEADER, *EVERYBODY]]
    return File(ods_of(rows), "a.ods")


def csv_of_vietnamese_excel() -> File:
    rows = padded([*TITLES, ["STT", *HEADER], *numbered(EVERYBODY), *SIGNATURES], 7)
    return File(csv_of(rows, delimiter=";", bom=True), "a.csv")


def csv_with_commas_in_its_titles() -> File:
    text = csv_of([HEADER, *EVERYBODY], delimiter=";").decode()
    return File(f"Danh sách cán bộ, giáo viên, nhân viên, cộng tác viên\n{text}".encode(), "a.csv")


def csv_that_names_its_delimiter() -> File:
    return File(b"sep=;\r\n" + csv_of([HEADER, *EVERYBODY], delimiter=";"), "a.csv")


def unicode_text_of_excel() -> File:
    text = csv_of([HEADER, *EVERYBODY], delimiter="\t").decode()
    return File(text.encode("utf-16"), "a.txt")


def csv_of_old_windows() -> File:
    text = csv_of([HEADER, *EVERYBODY], delimiter=";").decode()
    return File(windows_1258_of(text), "a.csv")


def footers_cut_short_in_csv() -> File:
    text = csv_of([HEADER, *EVERYBODY]).decode()
    return File(f"{text}Tổng cộng: 3\nNgười lập biểu\n".encode(), "a.csv")


def saved(book: openpyxl.Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


LAYOUTS: list[Callable[[], File]] = [
    titles_and_signatures,
    name_in_two_columns,
    name_in_three_columns,
    one_heading_over_two_columns,
    x_in_a_column_for_women,
    sexes_below_one_heading,
    birth_dates_in_columns_for_men_and_women,
    groups_of_headings,
    days_in_every_form,
    days_with_times,
    names_as_typed,
    sections_and_totals,
    header_again_on_every_page,
    rows_numbered_in_advance,
    without_codes_and_units,
    export_of_a_ministry,
    names_of_the_unit_beside_its_list,
    old_excel,
    libreoffice,
    csv_of_vietnamese_excel,
    csv_with_commas_in_its_titles,
    csv_that_names_its_delimiter,
    unicode_text_of_excel,
    csv_of_old_windows,
    footers_cut_short_in_csv,
]


def read(file: File) -> Reading[RosterRow]:
    sheet = read_sheet(file.content, name=file.name)
    return read_roster(sheet, as_of=LIST_DAY, default_unit=file.unit)


def sheet_of(*rows: list[Any]) -> Sheet:
    return Sheet([SheetRow(n, list(row)) for n, row in enumerate(rows, 1) if any(map(str, row))])


def list_of(*rows: list[Any], header: list[Any] = HEADER, **options: Any) -> Reading[RosterRow]:
    return read_roster(sheet_of(header, *rows), as_of=LIST_DAY, **options)


def rejected(reading: Reading[RosterRow]) -> list[tuple[int, str]]:
    return [(each.row, each.column) for each in reading.rejected]


def names(reading: Reading[RosterRow]) -> list[str]:
    return [row.full_name for row in reading.rows]


class TestMessyLists:
    @pytest.mark.parametrize("build", LAYOUTS, ids=lambda build: build.__name__)
    def test_is_understood(self, build):
        file = build()
        reading = read(file)
        assert reading.rejected == []
        understood = [
            (row.person_code, row.full_name, row.sex, row.birth_date, row.unit_code,
             row.staff_group, row.position)
            for row in sorted(reading.rows, key=lambda row: row.full_name.split()[-1])
        ]  # fmt: skip
        expected = sorted(UNDERSTOOD, key=lambda row: row[1].split()[-1])
        if not file.has_codes:
            expected = [("", *row[1:]) for row in expected]
        assert understood == expected


class TestHeader:
    def test_columns_are_shown_with_what_was_understood(self):
        sheet = sheet_of(["STT", *HEADER], *numbered(EVERYBODY))
        columns = columns_of(sheet, suggest_layout(sheet))
        assert [(c.letter, c.header, c.field) for c in columns[:3]] == [
            ("A", "STT", ""),
            ("B", "Mã cán bộ", "person_code"),
            ("C", "Họ và tên", "full_name"),
        ]
        assert columns[2].samples == [row[1] for row in EVERYBODY]

    def test_two_lines_are_shown_as_one_heading(self):
        sheet = read_sheet(sexes_below_one_heading().content, name="a.xlsx")
        layout = suggest_layout(sheet)
        assert (layout.header_row, layout.header_rows) == (7, 2)
        assert "Giới tính – Nữ" in [column.header for column in columns_of(sheet, layout)]

    def test_a_layout_comes_back_from_json(self):
        layout = Layout(7, 2, {1: "person_code", 12: "full_name"})
        assert Layout.from_json(layout.as_json()) == layout

    def test_next_years_list_of_the_same_kind_has_the_same_signature(self):
        this, longer = (sheet_of(*above, HEADER, HANH) for above in ([], TITLES))
        assert signature_of(this, suggest_layout(this)) == signature_of(
            longer, suggest_layout(longer)
        )

    def test_another_order_of_columns_has_another(self):
        this, other = sheet_of(HEADER, HANH), sheet_of(HEADER[::-1], HANH[::-1])
        assert signature_of(this, suggest_layout(this)) != signature_of(
            other, suggest_layout(other)
        )

    def test_a_remembered_layout_is_put_below_the_titles_of_another_file(self):
        longer = sheet_of(*TITLES, HEADER, HANH)
        remembered = Layout(1, 1, {0: "person_code"}).below(suggest_layout(longer))
        assert remembered == Layout(7, 1, {0: "person_code"})

    def test_a_list_that_nobody_understands_has_a_layout_to_correct(self):
        layout = suggest_layout(sheet_of(["a", "b"], ["x", "y"]))
        assert layout == Layout(1, 1, {})

    def test_what_is_nobodys_business_is_not_read_unless_somebody_says_so(self):
        header = ["Số CMND/CCCD", "Mã số (CCCD)", *HEADER[1:]]
        sheet = sheet_of(header, ["079185000001", "079185000001", *HANH[1:]])
        layout = suggest_layout(sheet)
        assert {0, 1}.isdisjoint(layout.columns)
        chosen = Layout(1, 1, {**layout.columns, 0: "person_code"})
        assert read_roster(sheet, as_of=LIST_DAY, layout=chosen).rows[0].person_code == (
            "079185000001"
        )

    def test_of_several_codes_the_ministrys_is_believed(self):
        header = ["Mã cán bộ", "Mã định danh Bộ GD&ĐT", *HEADER[1:]]
        sheet = sheet_of(header, ["CB1", *HANH])
        assert suggest_layout(sheet).columns[1] == "person_code"
        assert 0 not in suggest_layout(sheet).columns

    def test_a_year_is_no_sex(self):
        header = ["Mã cán bộ", "Họ và tên", "Năm", "Nữ", "Ngày sinh"]
        assert 2 not in suggest_layout(sheet_of(header, ["1", "Trần Hạnh", 2026, "x"])).columns

    def test_places_are_called_by_their_letters(self):
        assert [letter_of(place) for place in (0, 25, 26, 701)] == ["A", "Z", "AA", "ZZ"]

    @pytest.mark.parametrize(
        ("fields", "unit", "words"),
        [
            (["full_name", "sex", "staff_group", "unit_code"], False, "Ngày sinh"),
            (["person_code", "full_name", "sex", "staff_group"], False, "Mã đơn vị"),
            (["person_code", "full_name", "staff_group"], True, "Giới tính"),
            (["person_code", "given_name", "sex", "position"], True, "Họ và tên"),
            (["person_code", "full_name", "sex"], True, "Nhóm nhân sự"),
            (["person_code", "full_name", "full_name", "sex", "position"], True, "B, C"),
        ],
    )
    def test_what_is_missing_is_told(self, fields, unit, words):
        layout = Layout(1, 1, dict(enumerate(fields)))
        (problem,) = layout_problems(layout, has_default_unit=unit)
        assert words in problem

    def test_nothing_is_missing_of_a_list_with_codes_or_birth_dates(self):
        for key in ("person_code", "birth_date"):
            layout = Layout(1, 1, {0: key, 1: "full_name", 2: "female_mark", 3: "position"})
            assert layout_problems(layout, has_default_unit=True) == []

    def test_every_field_can_be_read(self):
        """What the screen offers and what is read are the same."""
        cells = dict.fromkeys(FIELDS, "")
        cells |= dict(zip(["person_code", "full_name", "sex", "birth_date", "unit_code"], HANH))  # noqa: B905
        cells |= {"position": "Giáo viên", "status": "Biệt phái", "started_on": "01/09/2020"}
        fields = [f for f in FIELDS if f not in ("family_and_middle_name", "given_name")]
        sheet = sheet_of(fields, [cells[field] for field in fields])
        layout = Layout(1, 1, dict(enumerate(fields)))
        reading = read_roster(sheet, as_of=LIST_DAY, layout=layout)
        assert reading.rejected == []
        assert reading.rows[0].started_on == date(2020, 9, 1)


class TestRowsAboutNobody:
    def test_a_name_alone_is_refused_not_passed_over(self):
        reading = list_of(HANH, ["", "Võ Thị Tám", "", "", "", ""])
        assert {row for row, _column in rejected(reading)} == {3}

    def test_a_row_with_nothing_to_read_is_refused_once(self):
        header = [*HEADER, "Ghi chú"]
        reading = list_of([*HANH, ""], ["", "", "", "", "", "", "xem lại"], header=header)
        assert rejected(reading) == [(3, "")]

    @pytest.mark.parametrize(
        "name", ["Tống Cộng Hòa", "Tô Văn Khối", "Lưu Ý", "Phòng Thị Ban", "Cao Tổng"]
    )
    def test_names_that_look_like_titles_are_people(self, name):
        reading = list_of(["1", name, *HANH[2:]])
        assert (names(reading), reading.rejected) == ([name], [])

    def test_somebody_below_the_signatures_is_somebody(self):
        reading = list_of(HANH, ["", "Người lập biểu", "", "", "", ""], BINH)
        assert names(reading) == [HANH[1], BINH[1]]

    @given(
        title=st.sampled_from(
            ["Tổ Văn", "Tổng cộng: 3", "II. Tổ Toán", "Người lập biểu", "Hiệu trưởng", "Trường A"]
        ),
        place=st.integers(0, 5),
        said=st.sampled_from([2, 3]),
    )
    def test_whoever_has_a_sex_or_a_birth_date_is_never_passed_over(self, title, place, said):
        cells: list[Any] = [""] * 6
        cells[said] = HANH[said]
        if place != said:
            cells[place] = title
        reading = list_of(HANH, cells)
        assert 3 in {row for row, _column in rejected(reading)}

    def test_people_below_titles_that_name_several_units_are_not_put_into_one(self):
        header = [*HEADER[:4], "Chức vụ"]
        people = [[*row[:4], row[5]] for row in EVERYBODY]
        units = [[name, "", "", "", ""] for name in ("Trường Tiểu học A", "Trường THCS B")]
        reading = list_of(
            units[0], people[0], units[1], people[1], header=header, default_unit="TH1"
        )
        assert (reading.rows, rejected(reading)) == ([], [(0, "")])
        assert "nhiều đơn vị" in reading.rejected[0].message

    def test_one_title_that_names_the_unit_does_no_harm(self):
        header = [*HEADER[:4], "Chức vụ"]
        reading = list_of(
            ["Trường Tiểu học A", "", "", "", ""], [*HANH[:4], "Giáo viên"], header=header,
            default_unit="TH1",
        )  # fmt: skip
        assert names(reading) == [HANH[1]]


class TestCells:
    def row(self, **cells: Any) -> list[Any]:
        named = dict(zip(["code", "name", "sex", "born", "unit", "position"], HANH, strict=True))
        return list((named | cells).values())

    @pytest.mark.parametrize(
        ("cells", "column", "words"),
        [
            ({"name": "NguyÔn ThÞ H¹nh"}, "Họ và tên", "Unicode"),
            ({"name": "Nguyeãn Thò Haïnh"}, "Họ và tên", "Unicode"),
            ({"name": "NguyÃªn Tháº£o"}, "Họ và tên", "Unicode"),
            ({"name": "Tr?n Ng?c H?nh"}, "Họ và tên", "mất chữ"),
            ({"name": "0912345678"}, "Họ và tên", "lệch cột"),
            ({"sex": 1}, "Giới tính", "Nam, Nữ"),
            ({"sex": "0"}, "Giới tính", "Nam, Nữ"),
            ({"born": "5-4-85"}, "Ngày sinh", "05/04/1985"),
            ({"born": 1985}, "Ngày sinh", "1985"),
            ({"born": "#REF!"}, "Ngày sinh", "#REF!"),
            ({"code": "#N/A"}, "Mã cán bộ", "#N/A"),
            ({"position": "Bí thư"}, "Chức vụ", "Nhóm nhân sự"),
            ({"position": ""}, "Chức vụ", "trống"),
        ],
    )
    def test_what_can_only_be_guessed_is_refused(self, cells, column, words):
        reading = list_of(self.row(**cells))
        assert rejected(reading) == [(2, column)]
        assert words in reading.rejected[0].message

    @pytest.mark.parametrize(
        ("title", "group", "position"),
        [
            ("GV Toán", "teacher", "teacher"),
            ("Giáo viên THCS hạng II", "teacher", "teacher"),
            ("Tổng phụ trách Đội", "teacher", "young_pioneers_leader"),
            ("Tổ trưởng tổ Văn", "teacher", "team_leader"),
            ("Tổ trưởng Văn phòng", "support", "other"),
            ("HIỆU TRƯỞNG", "manager", "principal"),
            ("P. Hiệu trưởng", "manager", "vice_principal"),
            ("Kế toán kiêm thủ quỹ", "support", "other"),
            ("Nhân viên nuôi dưỡng", "carer", "other"),
            ("Bảo mẫu", "carer", "other"),
            ("Chuyên viên Sở", "officer", "other"),
            ("CTV", "collaborator", "other"),
        ],
    )
    def test_the_beginning_of_a_position_tells_the_group(self, title, group, position):
        (row,) = list_of(self.row(position=title)).rows
        assert (row.staff_group, row.position, row.position_title) == (group, position, title)

    def test_a_group_that_is_implied_is_the_same_as_one_that_is_written(self):
        """Lists are compared by what their rows say."""
        (implied,) = list_of(self.row()).rows
        (written,) = list_of([*self.row(), "Giáo viên"], header=[*HEADER, "Nhóm nhân sự"]).rows
        assert repr(implied.content()) == repr(written.content())

    def test_in_a_list_of_an_old_font_names_that_pass_for_unicode_are_refused_too(self):
        old = ["NguyÔn ThÞ H¹nh", "TrÇn V¨n B×nh", "Lª ThÞ YÕn", "Mai Dòng", "Mai Lan"]
        reading = list_of(*[self.row(code=str(n), name=name) for n, name in enumerate(old)])
        assert [row for row, _column in rejected(reading)] == [2, 3, 4, 5]

    def test_names_of_other_peoples_are_not_taken_for_an_old_font(self):
        foreign = ["H’Hen Niê", "Y Bhĭm", "François Müller", "Zoë Muñoz", "Siu Blễh"]
        reading = list_of(*[self.row(code=str(n), name=name) for n, name in enumerate(foreign)])
        assert (names(reading), reading.rejected) == (foreign, [])

    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("NGUYỄN THỊ ÁNH", "Nguyễn Thị Ánh"),
            ("H’HEN NIÊ", "H’Hen Niê"),
            ("Nguyễn Thị ÁNH", "Nguyễn Thị ÁNH"),
            ("nguyễn thị ánh", "nguyễn thị ánh"),
        ],
    )
    def test_only_names_all_in_capitals_are_written_anew(self, name, written):
        assert names(list_of(self.row(name=name))) == [written]

    def test_marks_that_contradict_each_other_are_refused(self):
        header = ["Mã cán bộ", "Họ và tên", "Nam", "Nữ", "Mã trường", "Chức vụ"]
        both, none = (["1", "Trần Hạnh", m, m, "TH1", "GV"] for m in ("x", ""))
        reading = list_of(both, ["2", *none[1:]], header=header)
        assert rejected(reading) == [(2, "Nữ"), (3, "Nữ")]

    def test_what_is_no_mark_is_refused(self):
        header = ["Mã cán bộ", "Họ và tên", "Nữ", "Mã trường", "Chức vụ"]
        reading = list_of(["1", "Trần Hạnh", "?", "TH1", "GV"], header=header)
        assert rejected(reading) == [(2, "Nữ")]


class TestWithoutCodes:
    HEADER = ["Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"]

    def test_a_birth_date_is_asked_for(self):
        reading = list_of(["Trần Hạnh", "Nữ", "", "GV"], header=self.HEADER, default_unit="TH1")
        assert rejected(reading) == [(2, "Ngày sinh")]

    def test_the_same_person_twice_is_refused_in_both_rows(self):
        twice = [["Trần Hạnh", "Nữ", "05/04/1985", "GV"], ["TRẦN  HẠNH", "Nữ", "5/4/1985", "GV"]]
        reading = list_of(*twice, header=self.HEADER, default_unit="TH1")
        assert rejected(reading) == [(2, "Họ và tên"), (3, "Họ và tên")]

    def test_blank_units_mean_that_of_the_list_others_their_own(self):
        away = ["000109", "Lý Hoa", "Nữ", "01/01/1990", "TH2", "GV"]
        reading = list_of([*HANH[:4], "", HANH[5]], away, default_unit="TH1")
        assert [row.unit_code for row in reading.rows] == ["TH1", "TH2"]


class TestListsOfUnits:
    HEADER = ["STT", "Tên đơn vị", "Loại hình", "Mã đơn vị", "Mã cấp trên"]

    def test_the_header_stands_below_titles_and_footers_are_passed_over(self):
        reading = read_units(
            sheet_of(
                ["DANH SÁCH ĐƠN VỊ"],
                self.HEADER,
                ["1", "2", "3", "4", "5"],
                [1, "Trường Tiểu học A", "Tiểu học", "079001", "XA"],
                ["", "Tổng cộng: 1", "", "", ""],
                ["", "Người lập biểu", "", "", ""],
            )
        )
        assert reading.rejected == []
        assert [row.name for row in reading.rows] == ["Trường Tiểu học A"]

    @pytest.mark.parametrize("name", ["Trường Tiểu học A", "Phòng Giáo dục", "Ban Dân vận"])
    def test_a_unit_called_like_a_title_is_a_unit(self, name):
        reading = read_units(sheet_of(self.HEADER, ["", name, "", "BT", ""]))
        assert {rejection.row for rejection in reading.rejected} == {2}
