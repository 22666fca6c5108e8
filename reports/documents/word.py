"""A report as DOCX, in the form of Decree 30/2020/NĐ-CP: A4, Times New Roman, black."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.documents import wording
from reports.documents.paper import Block, Heading, Paper, ReportTable, Text

FONT = "Times New Roman"
BODY, SMALL, TABLE = Pt(14), Pt(12), Pt(10)
TOP, BOTTOM, LEFT, RIGHT = Mm(20), Mm(20), Mm(30), Mm(18)
CENTRE, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
COLUMNS = [9, 42, *[12] * 9, 30]  # mm, before they are fitted to the page


def render_docx(paper: Paper, *, at: datetime) -> bytes:
    document = Document()
    _page(document)
    document.core_properties.title = paper.subject
    document.core_properties.author = paper.issuer
    document.core_properties.created = document.core_properties.modified = at
    _head(document, paper)
    _title(document, paper)
    for basis in paper.bases:
        _paragraph(document, basis, italic=True, align=JUSTIFY, indent=True)
    _blocks(document, paper.blocks)
    document.paragraphs[-1].paragraph_format.keep_with_next = True  # no page for signatures alone
    _foot(document, paper)
    if paper.appendix:
        _appendix(document, paper.appendix)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True  # the first page bears no number
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    _field(number, "PAGE")
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, BODY
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    _language(style.element.rPr)
    style.paragraph_format.space_after = Pt(6)
    for name in ("Heading 1", "Heading 2"):
        heading = document.styles[name]
        heading.font.name, heading.font.size = FONT, BODY
        heading.font.bold, heading.font.color.rgb = True, RGBColor(0, 0, 0)
        fonts = heading.element.rPr.rFonts
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        fonts.set(qn("w:hAnsi"), FONT)
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)


def _head(document: Any, paper: Paper) -> None:
    """Two columns without lines: who issues it, and the nation's name."""
    table = document.add_table(rows=2, cols=2)
    table.autofit = False
    widths = (Mm(68), Mm(94))
    issuer, nation = table.rows[0].cells
    _cell_line(issuer, paper.parent_body, size=SMALL, first=True)
    _cell_line(issuer, paper.issuer, size=SMALL, bold=True)
    _rule(issuer, Mm(22))
    _cell_line(nation, wording.NATION, size=SMALL, bold=True, first=True)
    _cell_line(nation, wording.MOTTO, size=Pt(13), bold=True)
    _rule(nation, Mm(18))
    number, place = table.rows[1].cells
    _cell_line(number, paper.number, size=Pt(13), first=True)
    if paper.is_draft:
        _cell_line(number, wording.DRAFT, size=SMALL, bold=True)
    _cell_line(place, paper.place_and_day, size=Pt(13), italic=True, first=True)
    _widths(table, widths)


def _title(document: Any, paper: Paper) -> None:
    title = _paragraph(document, wording.TITLE, bold=True, align=CENTRE)
    title.paragraph_format.space_before = Pt(18)
    title.paragraph_format.space_after = Pt(0)
    subject = _paragraph(document, paper.subject, bold=True, align=CENTRE)
    subject.paragraph_format.space_after = Pt(0)
    line = _paragraph(document, "", align=CENTRE)
    _underlined(line, Mm(60))


def _blocks(document: Any, blocks: Sequence[Block]) -> None:
    for block in blocks:
        match block:
            case Heading(text, level):
                document.add_heading(text, level)
            case Text(text):
                _paragraph(document, text, align=JUSTIFY, indent=True)
            case ReportTable():
                _table(document, block)


def _foot(document: Any, paper: Paper) -> None:
    """To whom it goes, and one or two who sign."""
    table = document.add_table(rows=1, cols=1 + len(paper.signatures))
    table.autofit = False
    _keep_together(table)
    recipients, *signing = table.rows[0].cells
    first = _cell_line(recipients, wording.RECIPIENTS, size=SMALL, bold=True, italic=True,
                       first=True)  # fmt: skip
    first.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for line in paper.recipients:
        _cell_line(recipients, line, size=Pt(11)).alignment = WD_ALIGN_PARAGRAPH.LEFT
    for cell, signature in zip(signing, paper.signatures, strict=True):
        for place, line in enumerate(signature.office.splitlines() or [""]):
            _cell_line(cell, line, size=BODY, bold=True, first=place == 0)
        for _line in range(4):
            _cell_line(cell, "", size=BODY)
        _cell_line(cell, signature.name, size=BODY, bold=True)
    whole = 162
    share = whole // (1 + len(paper.signatures))
    _widths(table, [Mm(whole - share * len(paper.signatures))] + [Mm(share)] * len(signing))


def _appendix(document: Any, blocks: Sequence[Block]) -> None:
    """On its own pages, lying: its tables are wide."""
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.different_first_page_header_footer = False
    _paragraph(document, wording.APPENDIX, bold=True, align=CENTRE)
    _blocks(document, blocks)


def _table(document: Any, said: ReportTable) -> None:
    caption = _paragraph(document, said.caption, bold=True, align=CENTRE)
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=2, cols=len(COLUMNS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _headings(table, said.label)
    for row in said.rows:
        cells = table.add_row().cells
        texts = [str(row.number or ""), row.label, *row.texts, row.note]
        for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            line = _cell_line(cell, text, size=TABLE, bold=row.is_total, first=True)
            if place in (1, len(texts) - 1):
                line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    section = document.sections[-1]
    whole = (section.page_width - section.left_margin - section.right_margin) / sum(COLUMNS)
    _widths(table, [int(each * whole) for each in COLUMNS])
    for row in table.rows[:2]:
        _mark(row._tr.get_or_add_trPr(), "w:tblHeader")
    for row in table.rows:
        _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _headings(table: Any, label: str) -> None:
    """Three columns under each of: people, complete, per cent."""
    upper, lower = (row.cells for row in table.rows)
    for place, text in ((0, wording.NUMBER), (1, label), (len(COLUMNS) - 1, wording.NOTE)):
        _cell_line(upper[place].merge(lower[place]), text, size=TABLE, bold=True, first=True)
    for number, text in enumerate(wording.COUNTS):
        first = 2 + 3 * number
        _cell_line(upper[first].merge(upper[first + 2]), text, size=TABLE, bold=True, first=True)
        for place, sex in enumerate(wording.SEX_COLUMNS):
            _cell_line(lower[first + place], sex, size=TABLE, bold=True, first=True)


def _paragraph(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    align: Any = None,
    indent: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Mm(12.7)
    return paragraph


def _cell_line(
    cell: Any, text: str, *, size: Any, bold: bool = False, italic: bool = False,
    first: bool = False,
) -> Any:  # fmt: skip
    """A centred line of a cell; a cell begins with one that is empty."""
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, size
    return paragraph


def _rule(cell: Any, aside: Any) -> None:
    """A line a part as long as the words above it."""
    paragraph = _cell_line(cell, "", size=Pt(2))
    _underlined(paragraph, aside)


def _underlined(paragraph: Any, aside: Any) -> None:
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = aside
    form.space_after, form.line_spacing = Pt(6), Pt(4)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _widths(table: Any, widths: Sequence[int]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            if cell._tc.grid_span == 1:
                cell.width = width


def _keep_together(table: Any) -> None:
    for row in table.rows:
        _mark(row._tr.get_or_add_trPr(), "w:cantSplit")


def _mark(properties: Any, name: str) -> None:
    properties.append(OxmlElement(name))


def _language(properties: Any) -> None:
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "vi-VN")
    properties.append(lang)


def _field(paragraph: Any, instruction: str) -> None:
    """What the word processor fills in: the number of the page."""
    for kind, text in (("begin", ""), ("", instruction), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
