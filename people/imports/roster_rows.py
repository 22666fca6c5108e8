"""One row of a staff list, as the list says it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from people.imports.columns import (
    GONE,
    POSITIONS,
    ROSTER_COLUMNS,
    SEXES,
    STAFF_GROUPS,
    STATUSES,
    normalised,
)
from people.imports.reading import Reading, RowResource, read_rows
from people.imports.widgets import (
    ChoiceWidget,
    CodeWidget,
    DayWidget,
    EmailWidget,
    PhoneWidget,
    TextWidget,
)
from people.models import Position
from people.sheets import Sheet

REQUIRED = ("person_code", "full_name", "sex", "unit_code", "staff_group")
LONGEST_NAME = 120  # characters
PART_LENGTHS = 60  # of family and given name, in the database


@dataclass(slots=True)
class RosterRow:
    """Blank cells in columns that aren't required say nothing: what is known stays."""

    number: int
    person_code: str = ""
    full_name: str = ""
    sex: str = ""
    birth_date: date | None = None
    unit_code: str = ""
    staff_group: str = ""
    position_title: str = ""
    status: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    email: str = ""
    phone: str = ""
    numeric_codes: frozenset[str] = frozenset()

    @property
    def pk(self) -> int:
        """What django-import-export calls an instance by."""
        return self.number

    @property
    def position(self) -> str:
        """What a rule may name; `position_title` keeps what the list wrote. Blank if it is."""
        if not self.position_title:
            return ""
        return POSITIONS.get(normalised(self.position_title), Position.OTHER)

    def is_gone_by(self, day: date) -> bool:
        """The list names her only to say that she is there no more."""
        if self.ended_on is not None:
            return self.ended_on < day
        return self.status == GONE

    def content(self) -> tuple[Any, ...]:
        """All that the row says, wherever it stands in the file."""
        return tuple(getattr(self, name) for name in CONTENT)


CONTENT = [f.name for f in fields(RosterRow) if f.name not in ("number", "numeric_codes")]


class RosterResource(RowResource):
    """The allow-list of columns: nothing else of a file is ever read."""

    row_class = RosterRow

    person_code = Field("person_code", "person_code", CodeWidget(max_length=40, is_required=True))
    full_name = Field(
        "full_name", "full_name", TextWidget(max_length=LONGEST_NAME, is_required=True)
    )
    sex = Field("sex", "sex", ChoiceWidget(SEXES, examples=["Nam", "Nữ"], is_required=True))
    birth_date = Field("birth_date", "birth_date", DayWidget())
    unit_code = Field("unit_code", "unit_code", CodeWidget(max_length=40, is_required=True))
    staff_group = Field(
        "staff_group",
        "staff_group",
        ChoiceWidget(
            STAFF_GROUPS,
            examples=["Cán bộ quản lý", "Giáo viên", "Nhân viên", "Nhân viên chăm sóc",
                      "Công chức", "Cộng tác viên"],
            is_required=True,
        ),
    )  # fmt: skip
    position = Field("position_title", "position", TextWidget(max_length=100))
    status = Field(
        "status",
        "status",
        ChoiceWidget(
            STATUSES,
            examples=["Đang làm việc", "Nghỉ thai sản", "Nghỉ ốm dài ngày", "Đi học", "Biệt phái",
                      "Nghỉ không lương", "Nghỉ hưu", "Thôi việc", "Chuyển đi"],
        ),
    )  # fmt: skip
    started_on = Field("started_on", "started_on", DayWidget())
    ended_on = Field("ended_on", "ended_on", DayWidget())
    email = Field("email", "email", EmailWidget(max_length=254))
    phone = Field("phone", "phone", PhoneWidget(max_length=20))

    class Meta(RowResource.Meta):
        import_id_fields = ("person_code",)

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        instance.numeric_codes = frozenset(
            column for column in ("person_code", "unit_code") if isinstance(row[column], int)
        )

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        errors = dict(import_validation_errors or {})
        _check_days(instance, errors)
        if any(len(word) > PART_LENGTHS for word in instance.full_name.split()):
            errors.setdefault("full_name", _("Tên có từ dài quá: hãy kiểm tra dấu cách."))
        if errors:
            raise ValidationError(errors)


def _check_days(row: RosterRow, errors: dict[str, Any]) -> None:
    if row.started_on and row.ended_on and row.ended_on < row.started_on:
        errors.setdefault("ended_on", _("Ngày kết thúc trước ngày bắt đầu: hãy sửa một trong hai."))
    if row.birth_date and row.started_on and row.started_on <= row.birth_date:
        errors.setdefault("birth_date", _("Ngày sinh sau ngày bắt đầu: hãy sửa một trong hai."))


def read_roster(sheet: Sheet, *, as_of: date) -> Reading[RosterRow]:
    """Rows in the file's order; rows rejected here are not among them."""
    reading: Reading[RosterRow] = read_rows(
        sheet, RosterResource(), columns=ROSTER_COLUMNS, required=REQUIRED
    )
    reading.reject_repeated("person_code")
    for row in reading.rows:
        if row.birth_date is not None and row.birth_date >= as_of:
            reading.reject(
                row.number, "birth_date", _("Ngày sinh sau ngày của danh sách: hãy kiểm tra năm.")
            )
    return reading
