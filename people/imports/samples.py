"""Files for people to fill in or put right, under headings that an import understands.

They are Vietnamese whatever the interface speaks: so are the lists that are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from people.imports.columns import ROSTER_COLUMNS
from people.imports.headings import Heading, field_named
from people.imports.layout import FIELD_NAMES, Layout, letter_of
from people.sheets.writing import Value

HEADINGS = ["Mã nhân sự", "Họ và tên", "Giới tính", "Ngày sinh", "Mã đơn vị", "Nhóm nhân sự",
            "Chức vụ", "Trạng thái", "Từ ngày", "Đến hết ngày", "Thư điện tử",
            "Số điện thoại"]  # fmt: skip
NO_UNIT = "VIDU"  # of no unit: an example that somebody leaves in the file is refused
EXAMPLES: list[list[Value]] = [
    ["VIDU-1", "Nguyễn Thị Ví Dụ", "Nữ", date(1985, 4, 5), NO_UNIT, "Giáo viên",
     "Tổ trưởng chuyên môn", "Đang làm việc", date(2015, 9, 1), None, "vidu1@truong.invalid",
     "0900000001"],
    ["VIDU-2", "Trần Văn Ví Dụ", "Nam", date(1990, 12, 31), NO_UNIT, "Nhân viên",
     "Nhân viên y tế", "Đang làm việc", None, None, None, None],
]  # fmt: skip
MARK_HEADINGS = {"female_mark": "Nữ", "male_mark": "Nam"}
ADVICE_HEADINGS = ["Dòng", "Cột", "Cần làm gì"]


def refused_headings(layout: Layout | None, *, width: int) -> list[str]:
    """Of a file of refused rows: what was understood bears our own heading, so that the corrected
    file is understood at once. Then what is wrong with each row."""
    with override(settings.LANGUAGE_CODE):
        names = [_heading(layout, place) for place in range(width)]
    return [*_each_once(names), *ADVICE_HEADINGS]


def _heading(layout: Layout | None, place: int) -> str:
    """What isn't read keeps its own, unless it would be read under it."""
    field = layout.columns.get(place, "") if layout else ""
    if field in MARK_HEADINGS:
        return MARK_HEADINGS[field]
    if field:
        return str(FIELD_NAMES[field])
    own = layout.headings[place] if layout and place < len(layout.headings) else ""
    is_read = bool(field_named(Heading(own), ROSTER_COLUMNS))
    return f"Cột {letter_of(place)}" if is_read or not own else own


def _each_once(names: Sequence[str]) -> list[str]:
    """Họ and tên đệm may stand in two columns of one meaning, and what isn't read be called as the
    advice is."""
    known = [*ADVICE_HEADINGS, *names]
    first = {name: known.index(name) - len(ADVICE_HEADINGS) for name in names}
    return [
        name if first[name] == place else f"{name} ({letter_of(place)})"
        for place, name in enumerate(names)
    ]


def refused_row(cells: Sequence[Any], *, width: int, advice: Sequence[Value]) -> list[Value]:
    """Cells as the file has them; `advice` under `ADVICE_HEADINGS`."""
    known = [None if cell == "" else cell for cell in cells[:width]]
    return [*known, *[None] * (width - len(known)), *advice]
