"""The report on paper: three forms of one structure, and its tables are those of the query."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from courses.models import Course
from people.models import Unit, UnitVersion
from people.names import title_key
from reports.coverage import Coverage
from reports.documents import RENDERERS, paper_of
from reports.documents.wording import long_day
from reports.models import OutsideRow, Target
from reports.queries import coverage_by
from reports.queries.filing import Term
from reports.queries.snapshots import content_of, figures_of
from reports.services.filing import Writing, draft_report, save_draft, submit_report
from tests.factories import make_account
from tests.reports.builders import certify
from tests.reports.district import build_district
from tests.reports.recount import recount

AT = datetime(2026, 11, 3, 2, tzinfo=UTC)
FORMATS = sorted(RENDERERS)


@pytest.fixture
def clerk(db):
    return make_account(is_superuser=True)


@pytest.fixture
def report(staff, city, target, clerk):
    """Of the office: two schools, and a unit outside the system."""
    draft = draft_report(city.office, Term.of_year(2026), by=clerk, at=AT)
    row = OutsideRow(name="=Nhóm trẻ Hoa", required_female=4, complete_female=3, required_male=1)
    words = {"situation": "Dòng một\nDòng hai", "plans": "Tiếp tục bồi dưỡng"}
    letterhead = {**draft.letterhead, "second_signatory": "TRƯỞNG PHÒNG LĐTBXH"}
    writing = Writing(target, draft.as_of, words, letterhead, [row])
    save_draft(draft, writing, by=clerk, at=AT)
    return submit_report(draft, by=clerk, at=AT)


def rendered(report, kind: str) -> BytesIO:
    return BytesIO(RENDERERS[kind](paper_of(report, content_of(report)), at=AT))


def numbers(text: str | int | float | None) -> int | float | None:
    if text in (None, "–", ""):
        return None
    return float(text.replace(".", "").replace(",", ".")) if isinstance(text, str) else text


def tables_of_docx(file: BytesIO) -> list[list[list[object]]]:
    """Label and nine numbers a row; the first and last table are the head and the foot."""
    found = []
    for table in Document(file).tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if len(rows[0]) == 12:
            found.append([[row[1], *map(numbers, row[2:11])] for row in rows[2:]])
    return found


def tables_of_xlsx(file: BytesIO) -> list[list[list[object]]]:
    book = load_workbook(file)
    return [
        [
            [row[1].value.lstrip("'"), *(numbers(cell.value) for cell in row[2:11])]
            for row in sheet.iter_rows(min_row=5)
        ]
        for sheet in book.worksheets[1:]
    ]


def text_of_pdf(file: BytesIO) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(file).pages)


class TestTables:
    def test_are_the_same_in_word_and_spreadsheet_and_are_those_of_the_paper(self, report):
        paper = paper_of(report, content_of(report))
        said = [
            [
                [
                    row.label,
                    *(
                        each / 10 if place > 5 and each is not None else each
                        for place, each in enumerate(row.numbers)
                    ),
                ]
                for row in table.rows
            ]
            for table in paper.tables
        ]
        assert len(said) == 5
        assert tables_of_docx(rendered(report, "docx")) == said
        assert tables_of_xlsx(rendered(report, "xlsx")) == said

    def test_stand_in_the_pdf(self, report):
        text = text_of_pdf(rendered(report, "pdf"))
        for table in paper_of(report, content_of(report)).tables:
            assert "".join(table.caption.split()) in text
            for row in table.rows:
                assert "".join(row.texts) in text, row

    @pytest.mark.parametrize(("number", "axis"), [(0, "group"), (1, "kind"), (2, "unit")])
    def test_are_those_of_the_query(self, report, city, number, axis):
        """Rows in the order of words; codes come from the frozen content."""
        table = coverage_by(
            report.target, as_of=report.as_of, unit=city.root, by=(axis, "sex"), sector="education"
        )
        counted = {key: cell for (key,), cell in table.along(axis).items() if key}
        frozen = report.snapshot.content["tables"][number]
        assert {row["code"]: Coverage(*row["everyone"]) for row in frozen["rows"]} == counted
        assert Coverage(*frozen["total"]["everyone"]) == table.total
        shown = paper_of(report, content_of(report)).tables[number]
        assert [row.cells[0] for row in shown.rows[:-1]] == [
            Coverage(*row["everyone"]) for row in frozen["rows"]
        ]

    def test_mark_units_outside_the_system_and_keep_them_apart(self, report):
        paper = paper_of(report, content_of(report))
        [table] = [each for each in paper.tables if "ngoài hệ thống" in each.caption]
        outside, added, everything = table.rows
        assert outside.note == "Ngoài hệ thống"
        assert outside.cells == (Coverage(5, 3), Coverage(1, 0), Coverage(4, 3))
        assert (added.cells, everything.cells[0]) == (outside.cells, Coverage(25, 15))
        assert paper.tables[0].rows[-1].cells[0] == Coverage(20, 12)


@pytest.mark.parametrize("day", [date(2024, 10, 31), date(2025, 6, 30), date(2025, 7, 1)])
def test_every_table_is_that_of_an_independent_recount(db, clerk, day):
    """On both sides of 1 July 2025, of the whole tree."""
    build_district()
    target = Target.objects.create(
        code="CT", title="CT", percent=80, due_on=date(2027, 1, 1), started_on=date(2016, 1, 1)
    )
    target.courses.add(Course.objects.get(code="BVTE"))
    content = figures_of(Unit.objects.get(code="TP"), target=target, as_of=day).content
    for table in content["tables"]:
        axis, of = table["axis"], table.get("of", "TP")
        counted = recount(target, day, of, (axis, "sex"))
        for row in table["rows"]:
            for sex in ("male", "female"):
                assert tuple(row[sex]) == counted.get((row["code"], sex), (0, 0)), (of, row)
        assert sum(row["everyone"][0] for row in table["rows"]) == table["total"]["everyone"][0]
    assert [each["axis"] for each in content["tables"][:3]] == ["group", "kind", "unit"]
    assert any("of" in each for each in content["tables"])


class TestForm:
    def test_is_that_of_the_decree(self, report):
        document = Document(rendered(report, "docx"))
        section = document.sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20
        assert document.styles["Normal"].font.name == "Times New Roman"
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml

    def test_has_head_title_sections_and_signatures(self, report):
        document = Document(rendered(report, "docx"))
        head = document.tables[0]
        assert head.cell(0, 0).text.split("\n")[:2] == ["THÀNH PHỐ", "PHÒNG GDĐT"]
        assert head.cell(0, 1).text.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập")
        assert head.cell(1, 0).text == "Số: ……/BC"
        assert head.cell(1, 1).text == "Thành phố, ngày 03 tháng 11 năm 2026"
        texts = [paragraph.text for paragraph in document.paragraphs]
        assert texts.index("I. ĐẶC ĐIỂM TÌNH HÌNH, CÔNG TÁC CHỈ ĐẠO") < texts.index("Dòng một")
        assert "Không có../." not in texts
        assert "Không có./." in texts
        [foot] = [each for each in document.tables if "Nơi nhận" in each.cell(0, 0).text]
        offices = [cell.text.split("\n")[0] for cell in foot.rows[0].cells[1:]]
        assert offices == ["TRƯỞNG PHÒNG LĐTBXH", "TRƯỞNG PHÒNG"]

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (date(2026, 11, 9), "ngày 09 tháng 11 năm 2026"),
            (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
            (date(2016, 4, 5), "ngày 05 tháng 4 năm 2016"),
        ],
    )
    def test_writes_days_as_offices_do(self, day, words):
        assert long_day(day) == words

    @pytest.mark.parametrize("kind", FORMATS)
    def test_takes_any_words(self, report, kind):
        UnitVersion.objects.update(name="Tên \x0b lạ 😀 <w:p>#eval")
        report.sections = {"plans": "\x01#panic() & <b>\ud83d"}
        assert rendered(report, kind).getbuffer().nbytes > 1000

    def test_holds_no_formula(self, report):
        book = load_workbook(rendered(report, "xlsx"))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert "'=Nhóm trẻ Hoa" in [cell.value for cell in cells]
        assert "f" not in {cell.data_type for cell in cells}


class TestCommand:
    def run(self, tmp_path, *, unit: str = "PGD", kind: str = "docx", year: str = "2026"):
        file, said = tmp_path / f"report.{kind}", StringIO()
        call_command(
            "annual_report", "--year", year, "--unit", unit, "--format", kind,
            "--output", str(file), stderr=said,
        )  # fmt: skip
        return BytesIO(file.read_bytes()), said.getvalue()

    def test_writes_what_was_filed_whatever_became_true_since(self, report, tmp_path, course, city):
        filed = tables_of_docx(rendered(report, "docx"))
        for membership in city.school.memberships.all():
            certify(membership.person, course)
        file, said = self.run(tmp_path)
        assert (tables_of_docx(file), said) == (filed, "")

    def test_writes_a_draft_where_nothing_was_filed(self, staff, tmp_path, target):
        file, said = self.run(tmp_path, unit="TH1")
        assert "chưa gửi" in said
        document = Document(file)
        assert "DỰ THẢO" in document.tables[0].cell(1, 0).text

    @pytest.mark.parametrize("kind", FORMATS)
    def test_writes_each_format(self, report, tmp_path, kind):
        file, _said = self.run(tmp_path, kind=kind)
        assert file.getvalue()[:4] in (b"PK\x03\x04", b"%PDF")

    @pytest.mark.parametrize(
        ("asked", "message"),
        [
            ({"unit": "??"}, "mang mã “??”"),
            ({"kind": "odt"}, "Không có dạng tệp “odt”. Có thể chọn: docx, pdf, xlsx."),
            ({"year": "20"}, "Năm 20 không hợp lệ"),
            ({"year": "2001"}, "Chưa có chỉ tiêu"),
        ],
    )
    def test_says_in_vietnamese_what_is_wrong(self, staff, target, tmp_path, asked, message):
        with pytest.raises(CommandError, match="") as error:
            self.run(tmp_path, **asked)
        assert message in str(error.value)


def test_units_stand_in_the_order_of_the_alphabet(report):
    rows = report.snapshot.content["tables"][-1]["rows"]
    labels = [row["label"] for row in rows]
    assert labels == sorted(labels, key=title_key)
