"""How a staff list is arranged: where its header stands and what each column says.

Schools put titles above the header, split names over two columns and mark women by an "x". What is
found here is a suggestion; people may correct it, and it is remembered (`RosterLayout`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.imports.columns import ROSTER_COLUMNS, normalised
from people.imports.headings import Heading, field_named, find_headings, header_of
from people.names import clean_name
from people.sheets import Sheet

FIELD_NAMES = {
    "person_code": gettext_lazy("Mã nhân sự"),
    "full_name": gettext_lazy("Họ và tên"),
    "family_and_middle_name": gettext_lazy("Họ và tên đệm"),
    "given_name": gettext_lazy("Tên"),
    "sex": gettext_lazy("Giới tính"),
    "female_mark": gettext_lazy("Đánh dấu nữ"),
    "male_mark": gettext_lazy("Đánh dấu nam"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "unit_code": gettext_lazy("Mã đơn vị"),
    "staff_group": gettext_lazy("Nhóm nhân sự"),
    "position": gettext_lazy("Chức vụ"),
    "status": gettext_lazy("Trạng thái"),
    "started_on": gettext_lazy("Từ ngày"),
    "ended_on": gettext_lazy("Đến hết ngày"),
    "email": gettext_lazy("Thư điện tử"),
    "phone": gettext_lazy("Số điện thoại"),
}
FIELDS = tuple(FIELD_NAMES)
NAMES = frozenset({"full_name", "family_and_middle_name", "given_name"})
SAMPLES = 3
SAMPLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Layout:
    """`header_row` as the spreadsheet program numbers it; `columns` from place, counted from 0, to
    field. Two header rows: "Nam | Nữ" stand below "Giới tính". `headings` are the file's own, known
    once the layout is chosen.
    """

    header_row: int
    header_rows: int
    columns: Mapping[int, str]
    headings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        columns = {str(place): field for place, field in sorted(self.columns.items())}
        return {**{"header_row": self.header_row, "header_rows": self.header_rows},
                "columns": columns, "headings": list(self.headings)}  # fmt: skip

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Layout:
        columns = {int(place): field for place, field in content["columns"].items()}
        headings = tuple(content.get("headings", ()))
        return cls(int(content["header_row"]), int(content["header_rows"]), columns, headings)

    def name_in(self, cells: Sequence[Any]) -> str:
        """Whom a row means, as it has it; blank where no column says."""
        parts = [
            str(cells[place])
            for place, field in sorted(self.columns.items())
            if field in NAMES and place < len(cells)
        ]
        return clean_name(" ".join(parts))

    def below(self, other: Layout) -> Layout:
        """The same columns under the header of another file, which may have more titles above."""
        return replace(self, header_row=other.header_row, header_rows=other.header_rows)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the screen shows it; `field` is "" for what is not read."""

    place: int
    letter: str
    header: str
    samples: list[str]
    field: str


def suggest_layout(sheet: Sheet, names: Mapping[str, str] = ROSTER_COLUMNS) -> Layout:
    """The header among the first rows that names the most columns; the first row if none does."""
    found = find_headings(sheet.rows, names)
    return Layout(found.row, found.rows, found.columns)


def layout_problems(layout: Layout, *, has_default_unit: bool) -> list[str]:
    """What keeps a list arranged so from being read; empty if nothing does."""
    return [
        message for _field, message in problems_by_field(layout, has_default_unit=has_default_unit)
    ]


def problems_by_field(layout: Layout, *, has_default_unit: bool) -> list[tuple[str, str]]:
    problems = [(field, _missing(field)) for field in _missing_fields(layout, has_default_unit)]
    return problems + _repeated_fields(layout)


def with_headings(layout: Layout, sheet: Sheet) -> Layout:
    return replace(layout, headings=tuple(each.text for each in _headings(sheet, layout)))


def signature_of(sheet: Sheet, layout: Layout) -> str:
    """Of the headers alone: next year's list of the same kind has the same one."""
    texts = [normalised(heading.text) for heading in _headings(sheet, layout)]
    while texts and not texts[-1]:
        texts.pop()
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def unread_codes(sheet: Sheet, layout: Layout) -> str:
    """The heading of a column of staff codes that is not read, where none is; else blank."""
    if "person_code" in layout.columns.values():
        return ""
    headings = (
        h for h in _headings(sheet, layout) if field_named(h, ROSTER_COLUMNS) == "person_code"
    )
    return next((heading.text for heading in headings), "")


def columns_of(sheet: Sheet, layout: Layout) -> list[Column]:
    """Every column that has a header or content, in the file's order."""
    headings = _headings(sheet, layout)
    last_header_row = layout.header_row + layout.header_rows - 1
    body = [row for row in sheet.rows if row.number > last_header_row]
    width = max([len(headings), *(len(row.cells) for row in body[:SAMPLES])], default=0)
    columns = []
    for place in range(width):
        header = headings[place].text if place < len(headings) else ""
        samples = _samples(body, place)
        if header or samples or place in layout.columns:
            field = layout.columns.get(place, "")
            columns.append(Column(place, letter_of(place), header, samples, field))
    return columns


def letter_of(place: int) -> str:
    """As spreadsheet programs call columns: 0 → A, 26 → AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _headings(sheet: Sheet, layout: Layout) -> list[Heading]:
    return header_of(sheet.rows, layout.header_row, layout.header_rows)[1]


def _samples(body: list[Any], place: int) -> list[str]:
    samples: list[str] = []
    for row in body[:50]:
        cell = row.cells[place] if place < len(row.cells) else ""
        text = (f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)).strip()
        if text and len(samples) < SAMPLES:
            samples.append(text[:SAMPLE_LENGTH])
    return samples


def _missing_fields(layout: Layout, has_default_unit: bool) -> list[str]:
    has = set(layout.columns.values())
    has_sex = has & {"sex", "female_mark", "male_mark"}
    has_birth = "birth_date" in has or {"female_mark", "male_mark"} <= has
    missing = {
        "full_name": not ("full_name" in has or {"family_and_middle_name", "given_name"} <= has),
        "sex": not has_sex,
        "birth_date": "person_code" not in has and not has_birth,
        "unit_code": "unit_code" not in has and not has_default_unit,
        "staff_group": not has & {"staff_group", "position"},
    }
    return [field for field, is_missing in missing.items() if is_missing]


def _missing(field: str) -> str:
    if field == "unit_code":
        return _("Thiếu cột Mã đơn vị: hãy chỉ ra cột đó, hoặc chọn đơn vị của cả danh sách.")
    if field == "birth_date":
        return _("Thiếu cột Mã nhân sự: khi không có mã, cần cột Ngày sinh để tìm người trùng tên.")
    if field == "staff_group":
        return _("Thiếu cột Nhóm nhân sự hoặc Chức vụ: hãy chỉ ra một trong hai.")
    if field == "full_name":
        return _("Thiếu cột Họ và tên (hoặc hai cột Họ và tên đệm, Tên): hãy chỉ ra cột đó.")
    return _("Thiếu cột %(column)s: hãy chỉ ra cột đó.") % {"column": FIELD_NAMES[field]}


def _repeated_fields(layout: Layout) -> list[tuple[str, str]]:
    """Họ and tên đệm may stand in columns of their own; all else is said by one column."""
    problems = []
    for field, count in Counter(layout.columns.values()).items():
        if count == 1 or field == "family_and_middle_name":
            continue
        letters = [letter_of(p) for p, f in sorted(layout.columns.items()) if f == field]
        message = _("Có %(count)s cột cùng là %(column)s (%(letters)s): hãy giữ một.")
        words = {
            "count": count,
            "column": FIELD_NAMES.get(field, field),
            "letters": ", ".join(letters),
        }
        problems.append((field, message % words))
    return problems
