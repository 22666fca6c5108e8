"""One row of a staff list, as the list says it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from people.imports.columns import GONE, SEXES, STAFF_GROUPS, STATUSES, normalised
from people.imports.marks import SexWidget
from people.imports.positions import group_implied, position_meant
from people.imports.reading import RowResource
from people.imports.widgets import (
    ChoiceWidget,
    CodeWidget,
    DayWidget,
    EmailWidget,
    NameWidget,
    PhoneWidget,
    TextWidget,
)
from people.sheets import Cell

LONGEST_NAME = 120  # characters
PART_LENGTHS = 60  # of family and given name, in the database
GROUPS = ("Cán bộ quản lý", "Giáo viên", "Nhân viên", "Nhân viên chăm sóc", "Công chức",
          "Cộng tác viên")  # fmt: skip


@dataclass(slots=True)
class RosterRow:
    """Blank cells in columns that aren't required say nothing: what is known stays.

    Where `person_code` is blank too, she is told by name, birth date and unit.
    """

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
        return position_meant(self.position_title)

    def is_gone_by(self, day: date) -> bool:
        """The list names her only to say that she is there no more."""
        if self.ended_on is not None:
            return self.ended_on < day
        return self.status == GONE

    def content(self) -> tuple[Any, ...]:
        """All that the row says, wherever it stands in the file."""
        return tuple(getattr(self, name) for name in CONTENT)


CONTENT = [f.name for f in fields(RosterRow) if f.name not in ("number", "numeric_codes")]


class GroupWidget(ChoiceWidget):
    """By its name, or by a position that implies it. Blank is left to the position."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        text = str(value).strip()
        if normalised(text) not in self.names and (group := group_implied(text)):
            return group
        return super().clean(value, row)


class RosterResource(RowResource):
    """The allow-list of columns: nothing else of a file is ever read."""

    row_class = RosterRow

    person_code = Field("person_code", "person_code", CodeWidget(max_length=40))
    full_name = Field(
        "full_name", "full_name", NameWidget(max_length=LONGEST_NAME, is_required=True)
    )
    sex = Field("sex", "sex", SexWidget(SEXES, examples=["Nam", "Nữ"], is_required=True))
    birth_date = Field("birth_date", "birth_date", DayWidget())
    unit_code = Field("unit_code", "unit_code", CodeWidget(max_length=40, is_required=True))
    staff_group = Field("staff_group", "staff_group", GroupWidget(STAFF_GROUPS, examples=GROUPS))
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
        numbers = [name for name in ("person_code", "unit_code") if isinstance(row.get(name), int)]
        instance.numeric_codes = NUMERIC[tuple(numbers)]

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        errors = dict(import_validation_errors or {})
        _check_days(instance, errors)
        if not instance.staff_group and "staff_group" not in errors and "position" not in errors:
            _imply_group(instance, errors)
        if any(len(word) > PART_LENGTHS for word in instance.full_name.split()):
            errors.setdefault("full_name", _("Tên có từ dài quá: hãy kiểm tra dấu cách."))
        if errors:
            raise ValidationError(errors)


NUMERIC: dict[tuple[str, ...], frozenset[str]] = {
    names: frozenset(names)
    for names in [(), ("person_code",), ("unit_code",), ("person_code", "unit_code")]
}


def _imply_group(row: RosterRow, errors: dict[str, Any]) -> None:
    row.staff_group = group_implied(row.position_title)
    if row.staff_group:
        return
    words = {"title": row.position_title, "expected": ", ".join(GROUPS)}
    if row.position_title:
        message = _(
            "Chức vụ “%(title)s” không cho biết thuộc nhóm nào: hãy thêm cột Nhóm nhân sự và ghi "
            "%(expected)s."
        )
    else:
        message = _("Ô bắt buộc còn trống: hãy ghi %(expected)s.")
    errors["position" if row.position_title else "staff_group"] = message % words


def _check_days(row: RosterRow, errors: dict[str, Any]) -> None:
    if row.started_on and row.ended_on and row.ended_on < row.started_on:
        errors.setdefault("ended_on", _("Ngày kết thúc trước ngày bắt đầu: hãy sửa một trong hai."))
    if row.birth_date and row.started_on and row.started_on <= row.birth_date:
        errors.setdefault("birth_date", _("Ngày sinh sau ngày bắt đầu: hãy sửa một trong hai."))
