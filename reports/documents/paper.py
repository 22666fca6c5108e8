"""What a report says, in order, before it is set in any form: words, and one kind of table.

Every number comes from the content that `reports.queries.snapshots` counted, frozen or not; nothing
is counted here but the totals of rows that a unit added for others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.utils import translation

from people.dates import local_day
from people.formats import local_number, local_tenths
from reports.coverage import Coverage, total
from reports.documents import wording
from reports.models import Report
from reports.queries.snapshots import SEXES, Content

PER_CENT = "\N{NO-BREAK SPACE}%"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class TableRow:
    """`cells` are everyone, men, women; a total has no number."""

    number: int | None
    label: str
    cells: tuple[Coverage, Coverage, Coverage]
    note: str = ""

    @property
    def is_total(self) -> bool:
        return self.number is None

    @property
    def numbers(self) -> list[int | None]:
        """In the order of the columns: people, complete, tenths of a per cent; each for everyone,
        men and women."""
        return [
            *(cell.required for cell in self.cells),
            *(cell.complete for cell in self.cells),
            *(cell.percent_tenths for cell in self.cells),
        ]

    @property
    def texts(self) -> list[str]:
        counts, tenths = self.numbers[:6], self.numbers[6:]
        return [*map(local_number, counts), *(local_tenths(each) or "–" for each in tenths)]


@dataclass(frozen=True, slots=True)
class ReportTable:
    caption: str
    label: str
    rows: list[TableRow]
    counts: ClassVar = wording.COUNTS
    sexes: ClassVar = wording.SEX_COLUMNS
    note: ClassVar = wording.NOTE
    number: ClassVar = wording.NUMBER


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    text: str


Block = Heading | Text | ReportTable


@dataclass(frozen=True, slots=True)
class Signature:
    """`office` may take two lines; an empty name leaves room for one."""

    office: str
    name: str


@dataclass(frozen=True, slots=True)
class Paper:
    parent_body: str
    issuer: str
    number: str
    place_and_day: str
    subject: str
    bases: list[str]
    blocks: list[Block]
    recipients: list[str]
    signatures: list[Signature]
    appendix: list[Block]
    is_draft: bool

    @property
    def tables(self) -> list[ReportTable]:
        return [each for each in (*self.blocks, *self.appendix) if isinstance(each, ReportTable)]


def paper_of(report: Report, content: Content) -> Paper:
    content = _printable(content)
    with translation.override(settings.LANGUAGE_CODE):
        head = {name: text.strip() for name, text in _printable(report.letterhead).items()}
        tables = _Tables(content)
        return Paper(
            parent_body=head.get("parent_body", ""),
            issuer=head.get("issuer", ""),
            number=f"Số: {head.get('number') or '……'}/{head.get('symbol') or 'BC'}",
            place_and_day=_place_and_day(report, head.get("place", "")),
            subject=head.get("subject", ""),
            bases=_bases(_lines(head.get("bases", ""))),
            blocks=_ended(_blocks(_printable(report.sections), content, tables)),
            recipients=_listed(_lines(head.get("recipients", ""))),
            signatures=_signatures(head),
            appendix=_appendix(content, tables),
            is_draft=report.is_draft,
        )


class _Tables:
    """Numbered as they come."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.count = 0

    def of_axis(self, table: dict[str, Any]) -> ReportTable:
        below = table.get("name")
        caption = wording.BELOW.format(name=below) if below else wording.TABLES[table["axis"]]
        here = table.get("of") or self.content["area"]["code"]
        place = below or self.content["area"]["name"]
        rows = [
            TableRow(
                number,
                wording.HERE.format(name=place)
                if table["axis"] == "unit" and row["code"] == here
                else row["label"],
                _cells(row),
            )
            for number, row in enumerate(table["rows"], start=1)
        ]
        rows.append(TableRow(None, wording.TOTAL, _cells(table["total"])))
        return self._numbered(caption, wording.LABELS[table["axis"]], rows)

    def beside(self) -> ReportTable:
        rows = [
            TableRow(number, row["label"], _cells(row))
            for number, row in enumerate(self.content["others"]["rows"], start=1)
        ]
        return self._numbered(wording.BESIDE, wording.LABELS["group"], rows)

    def outside(self) -> ReportTable:
        """The units' own rows, marked one by one; then with what the system counted."""
        rows = [
            TableRow(number, row["name"], _cells(row), _note(row["evidence"]))
            for number, row in enumerate(self.content["outside"], start=1)
        ]
        added = [total(row.cells[place] for row in rows) for place in range(len(SEXES))]
        counted = _cells(self.content["total"])
        everything = [one + other for one, other in zip(added, counted, strict=True)]
        rows.append(TableRow(None, wording.TOTAL, _three(added), wording.OUTSIDE_MARK))
        rows.append(TableRow(None, wording.GRAND_TOTAL, _three(everything)))
        return self._numbered(wording.OUTSIDE, wording.LABELS["unit"], rows)

    def _numbered(self, caption: str, label: str, rows: list[TableRow]) -> ReportTable:
        self.count += 1
        return ReportTable(f"Bảng {self.count}. {caption}", label, rows)


def _blocks(sections: dict[str, str], content: Content, tables: _Tables) -> list[Block]:
    blocks: list[Block] = []
    for name, heading, level in wording.SECTIONS:
        blocks.append(Heading(heading, level))
        if name == wording.FIGURES_STAND_IN:
            blocks += _figures(content, tables)
        written = _lines(sections.get(name, ""))
        if name and not written and name != wording.FIGURES_STAND_IN:
            written = [wording.NOTHING_WRITTEN]
        blocks += [Text(line) for line in written]
    return blocks


def _ended(blocks: list[Block]) -> list[Block]:
    """The last paragraph bears the sign that nothing follows."""
    *before, last = blocks
    if not isinstance(last, Text):
        return [*blocks, Text(wording.ENDING)]
    return [*before, Text(f"{last.text.rstrip('.')}{wording.ENDING}")]


def _figures(content: Content, tables: _Tables) -> list[Block]:
    if content["note"]:
        return [Text(wording.NO_FIGURES[content["note"]])]
    wholes = [each for each in content["tables"] if "of" not in each]
    blocks: list[Block] = [Text(line) for line in _sentences(content)]
    blocks += [tables.of_axis(each) for each in wholes]
    if content["others"]["rows"]:
        blocks.append(tables.beside())
    if content["outside"]:
        blocks.append(tables.outside())
    return blocks


def _sentences(content: Content) -> list[str]:
    everyone, male, female = _cells(content["total"])
    target = content["target"]
    said = (
        f"Tính đến hết {wording.long_day(date.fromisoformat(content['as_of']))}, "
        f"{content['area']['name']} có {local_number(everyone.required)} người thuộc chỉ tiêu, "
        f"trong đó {local_number(everyone.complete)} người đã hoàn thành"
    )
    if not everyone.required:
        return [said + "."]
    percent = target["percent"]
    lines = [f"{said}, đạt {_percent(everyone)} (nam {_share(male)}; nữ {_share(female)})."]
    if everyone.reaches(percent):
        lines.append(f"Đã đạt chỉ tiêu {percent}{PER_CENT} ({target['title']}).")
    else:
        missing = local_number(everyone.missing_for(percent))
        lines.append(
            f"Chưa đạt chỉ tiêu {percent}{PER_CENT} ({target['title']}): còn thiếu {missing} người."
        )
    strict = Coverage(*content["strict"])
    lines.append(
        f"Tính chặt, mỗi người phải hoàn thành mọi chuyên đề bắt buộc của mình: {_share(strict)}."
    )
    return lines


def _appendix(content: Content, tables: _Tables) -> list[Block]:
    blocks: list[Block] = []
    if not content["note"]:
        blocks += [tables.of_axis(each) for each in content["tables"] if "of" in each]
    if content["sources"]:
        names = [f"{each['name']} (lần {each['version']})" for each in content["sources"]]
        blocks += [Heading("Báo cáo đã tổng hợp", 2), *_items(names)]
    blocks.append(Heading(wording.DEFINITION, 2))
    return [*blocks, *(Text(line) for line in _definition(content))]


def _definition(content: Content) -> list[str]:
    target = content["target"]
    words = target["words"]
    courses = "; ".join(each["title"] for each in target["courses"])
    begins = date.fromisoformat(target["started_on"])
    due = date.fromisoformat(target["due_on"])
    lines = [
        f"Chỉ tiêu {target['code']}: {target['title']}; hạn đạt {wording.long_day(due)}.",
        "Mẫu số: người có tên trong danh sách nhân sự tại đơn vị vào ngày chốt số liệu, "
        f"{_of('nhóm', words['staff_groups'])}{_of('; ngành', words['sectors'])}"
        f"{_of('; loại đơn vị', words['unit_kinds'])}"
        f"{_of('; trừ loại đơn vị', words['excluded_unit_kinds'])}"
        f"{_of('; trừ trạng thái', words['excluded_statuses'])}.",
        "Tử số: trong đó có giấy chứng nhận còn giá trị vào ngày ấy, hoàn thành từ "
        f"{wording.long_day(begins)}, thuộc khóa: {courses}.",
        "Tỷ lệ làm tròn xuống một chữ số thập phân. Mỗi người chỉ tính một lần.",
    ]
    return [line.replace(", ;", ";").replace(", .", ".") for line in lines]


def _of(what: str, words: list[str]) -> str:
    return f"{what}: {', '.join(words).lower()}" if words else ""


def _place_and_day(report: Report, place: str) -> str:
    if report.submitted_at is None:
        return f"{place}, ngày …… tháng …… năm {report.ended_on.year}".lstrip(", ")
    return f"{place}, {wording.long_day(local_day(report.submitted_at))}".lstrip(", ")


def _signatures(head: dict[str, str]) -> list[Signature]:
    first = Signature(head.get("signatory", ""), head.get("signatory_name", ""))
    second = Signature(head.get("second_signatory", ""), head.get("second_signatory_name", ""))
    return [second, first] if second.office else [first]


def _bases(lines: list[str]) -> list[str]:
    """Each on its line, with a semicolon; the last with a full stop."""
    bare = [line.rstrip(";. ") for line in lines]
    return [f"{line};" for line in bare[:-1]] + [f"{line}." for line in bare[-1:]]


def _listed(lines: list[str]) -> list[str]:
    return [f"- {line}" for line in _bases([line.lstrip("- ") for line in lines])]


def _items(lines: list[str]) -> list[Block]:
    return [Text(line) for line in _listed(lines)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _printable(said: Any) -> Any:
    """Without the control characters that no document may hold."""
    if isinstance(said, dict):
        return {name: _printable(value) for name, value in said.items()}
    if isinstance(said, list):
        return [_printable(value) for value in said]
    return CONTROLS.sub("", said) if isinstance(said, str) else said


def _note(evidence: str) -> str:
    return f"{wording.OUTSIDE_MARK}; {evidence}" if evidence else wording.OUTSIDE_MARK


def _cells(row: dict[str, Any]) -> tuple[Coverage, Coverage, Coverage]:
    return _three([Coverage(*row[name]) for name in SEXES])


def _three(cells: list[Coverage]) -> tuple[Coverage, Coverage, Coverage]:
    everyone, male, female = cells
    return everyone, male, female


def _percent(coverage: Coverage) -> str:
    return f"{local_tenths(coverage.percent_tenths)}{PER_CENT}"


def _share(coverage: Coverage) -> str:
    counts = f"{local_number(coverage.complete)}/{local_number(coverage.required)}"
    return f"{counts}, {_percent(coverage)}" if coverage.required else "0"
