"""The data dictionary: every field that leaves the system, what it holds, which codes it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.models import Sector, Sex, StaffGroup, UnitKind
from reports.progress import Stage
from reports.progress_forms import STAGE_LABELS


@dataclass(frozen=True, slots=True)
class Field:
    """`kind` is how JSON holds it; `codes` are the values it takes, each with its meaning."""

    name: str
    kind: str
    meaning: Any
    codes: Sequence[tuple[str, Any]] = ()


FIELDS = [
    Field("target", "string", _("Mã chỉ tiêu")),
    Field("as_of", "date", _("Ngày tính: số liệu đến hết ngày này, dạng năm-tháng-ngày")),
    Field("unit", "string", _("Mã đơn vị; trong một dòng: đơn vị trực tiếp bên dưới")),
    Field("by", "array", _("Các cách chia, theo thứ tự")),
    Field("sex", "string", _("Giới tính"), Sex.choices),
    Field("group", "string", _("Nhóm nhân sự"), StaffGroup.choices),
    Field("kind", "string", _("Loại đơn vị vào ngày tính"), UnitKind.choices),
    Field(
        "sector",
        "string",
        _("Ngành của đơn vị vào ngày tính"),
        [("", _("Đơn vị chung của các ngành")), *Sector.choices],
    ),
    Field("required", "integer", _("Số người thuộc chỉ tiêu (BP-01)")),
    Field("complete", "integer", _("Số người đã được bồi dưỡng (BP-02)")),
    Field(
        "ratio",
        "number",
        _("Tỷ lệ từ 0 đến 1, không làm tròn (BP-03); trống khi không có ai thuộc chỉ tiêu"),
    ),
    Field(
        "withheld",
        "boolean",
        _("Có và đúng: số liệu của dòng này được che, vì quá nhỏ hoặc làm lộ một số quá nhỏ"),
    ),
    Field(
        "note",
        "string",
        _("Vì sao không có số liệu"),
        [
            ("no roster", _("Chưa có danh sách nhân sự vào ngày ấy")),
            ("unit not open", _("Đơn vị không hoạt động vào ngày ấy")),
        ],
    ),
    Field("strict", "boolean", _("Tính theo cách chặt (BP-04)")),
    Field(
        "stage",
        "string",
        _("Tình trạng của một người trong đợt"),
        [(stage.value, STAGE_LABELS[stage]) for stage in Stage],
    ),
]


def dictionary() -> list[dict[str, Any]]:
    """As JSON, in the language that is active."""
    return [
        {
            "name": field.name,
            "kind": field.kind,
            "meaning": str(field.meaning),
            "codes": [{"code": code, "meaning": str(label)} for code, label in field.codes],
        }
        for field in FIELDS
    ]


def dictionary_rows() -> list[list[str]]:
    """As a table: name, kind, meaning, code, its meaning; one line for each code."""
    return [
        [field.name, field.kind, str(field.meaning), code, str(label)]
        for field in FIELDS
        for code, label in (field.codes or [("", "")])
    ]
