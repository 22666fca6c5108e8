"""A report as XLSX: a sheet of words, then a sheet a table, ready to print on A4."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from people.sheets.writing import Value, harmless
from reports.documents import wording
from reports.documents.paper import Heading, Paper, ReportTable, Text

FONT = "Times New Roman"
BOLD, PLAIN = Font(name=FONT, size=12, bold=True), Font(name=FONT, size=12)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(vertical="center", wrap_text=True)
LINE = Border(*[Side(style="thin")] * 4)
WIDTHS = [5, 38, *[9] * 9, 26]
HEADINGS = 4  # rows above the first of a table: caption, a blank one, two of headings
PER_CENT = "0.0"


def render_xlsx(paper: Paper, *, at: datetime) -> bytes:
    book = Workbook()
    book.properties.title, book.properties.creator = paper.subject, paper.issuer
    book.properties.created = at.replace(tzinfo=None)
    words = book.active
    words.title = "Báo cáo"
    _words(words, paper)
    for number, table in enumerate(paper.tables, start=1):
        _table(book.create_sheet(f"Bảng {number}"), table)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _words(sheet: Any, paper: Paper) -> None:
    sheet.column_dimensions["A"].width = 100
    lines: list[tuple[str, Font]] = [
        (paper.parent_body, PLAIN),
        (paper.issuer, BOLD),
        (paper.number, PLAIN),
        (paper.place_and_day, PLAIN),
        (wording.DRAFT if paper.is_draft else "", BOLD),
        (wording.TITLE, BOLD),
        (paper.subject, BOLD),
        *((basis, PLAIN) for basis in paper.bases),
    ]
    for block in (*paper.blocks, *paper.appendix):
        match block:
            case Heading(text, _):
                lines.append((text, BOLD))
            case Text(text):
                lines.append((text, PLAIN))
            case ReportTable(caption=caption):
                lines.append((caption, PLAIN))
    for row, (text, font) in enumerate([line for line in lines if line[0]], start=1):
        _put(sheet, row, 1, text, font=font, align=LEFT, is_framed=False)
    _for_print(sheet, is_wide=False)


def _table(sheet: Any, table: ReportTable) -> None:
    for place, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    last = len(WIDTHS)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    _put(sheet, 1, 1, table.caption, font=BOLD, align=MIDDLE, is_framed=False)
    _headings(sheet, table.label)
    for row, said in enumerate(table.rows, start=HEADINGS + 1):
        counts, tenths = said.numbers[:6], said.numbers[6:]
        shares = [None if each is None else each / 10 for each in tenths]
        values = [said.number, said.label, *counts, *shares, said.note]
        for place, value in enumerate(values, start=1):
            align = LEFT if place in (2, last) else MIDDLE
            font = BOLD if said.is_total else PLAIN
            cell = _put(sheet, row, place, value, font=font, align=align)
            if isinstance(value, float):
                cell.number_format = PER_CENT
    sheet.freeze_panes = f"C{HEADINGS + 1}"
    sheet.print_title_rows = f"{HEADINGS - 1}:{HEADINGS}"
    _for_print(sheet, is_wide=True)


def _headings(sheet: Any, label: str) -> None:
    upper, lower, last = HEADINGS - 1, HEADINGS, len(WIDTHS)
    names = [wording.NUMBER, label, *(["", "", ""] * 3), wording.NOTE]
    for place, text in enumerate(names, start=1):
        _put(sheet, upper, place, text, font=BOLD, align=MIDDLE)
        _put(sheet, lower, place, "", font=BOLD, align=MIDDLE)
    for number, text in enumerate(wording.COUNTS):
        first = 3 + 3 * number
        _put(sheet, upper, first, text, font=BOLD, align=MIDDLE)
        for place, sex in enumerate(wording.SEX_COLUMNS):
            _put(sheet, lower, first + place, sex, font=BOLD, align=MIDDLE)
        sheet.merge_cells(start_row=upper, start_column=first, end_row=upper, end_column=first + 2)
    for place in (1, 2, last):
        sheet.merge_cells(start_row=upper, start_column=place, end_row=lower, end_column=place)


def _put(
    sheet: Any, row: int, column: int, value: Value | float, *, font: Font, align: Alignment,
    is_framed: bool = True,
) -> Any:  # fmt: skip
    cell = sheet.cell(row, column)
    cell.value = value if isinstance(value, float) else harmless(value)
    cell.font, cell.alignment = font, align
    if is_framed:
        cell.border = LINE
    return cell


def _for_print(sheet: Any, *, is_wide: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if is_wide else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
