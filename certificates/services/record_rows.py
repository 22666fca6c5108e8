"""The sheet of training held elsewhere: its columns, and a row once read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.widgets import Widget

from people.imports.columns import normalised
from people.imports.reading import Reading, RowResource, read_rows
from people.imports.widgets import CodeWidget, DayWidget, TextWidget
from people.sheets import Cell, Sheet

MOST_PERIODS = 1000
NAMES = {
    "person_code": ["person code", "mã nhân sự", "mã cán bộ", "mã giáo viên", "mã định danh"],
    "course_code": ["course code", "mã khóa", "mã khóa bồi dưỡng", "khóa bồi dưỡng", "khóa"],
    "completed_on": ["completed on", "ngày hoàn thành", "ngày cấp", "hoàn thành ngày"],
    "register_number": ["number", "số", "số vào sổ", "số giấy chứng nhận", "số hiệu"],
    "issuer": ["issuer", "cơ quan cấp", "đơn vị cấp", "nơi cấp", "đơn vị tổ chức"],
    "periods": ["hours", "periods", "số tiết", "số giờ", "thời lượng", "tiết"],
    "valid_until": ["valid until", "có giá trị đến", "có giá trị đến hết ngày", "hạn giá trị",
                    "ngày hết hạn", "giá trị đến"],
    "modules": ["modules", "chuyên đề", "các chuyên đề", "mã chuyên đề"],
}  # fmt: skip
COLUMNS = {normalised(name): column for column, names in NAMES.items() for name in names}
REQUIRED = ("person_code", "course_code", "completed_on", "issuer")


@dataclass(slots=True)
class RecordRow:
    """`number` is the row's; what the register of the issuer gave is `register_number`."""

    number: int
    person_code: str = ""
    course_code: str = ""
    completed_on: date | None = None
    register_number: str = ""
    issuer: str = ""
    periods: int = 0
    valid_until: date | None = None
    modules: str = ""

    @property
    def pk(self) -> int:
        """What django-import-export calls an instance by."""
        return self.number

    @property
    def module_codes(self) -> list[str]:
        """ "KH1; KH6" → KH1, KH6; each once, in the order written."""
        return list(dict.fromkeys(code for code in re.split(r"[;,\s]+", self.modules) if code))


class PeriodsWidget(Widget):
    """A whole number of periods; blank is 0, not known."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> int:
        text = str(value).strip()
        if not text:
            return 0
        if not (text.isascii() and text.isdigit()) or int(text) > MOST_PERIODS:
            raise ValueError(
                _(
                    "Số tiết “%(value)s” không hợp lệ: hãy ghi số nguyên đến %(most)s, hoặc để "
                    "trống."
                )
                % {"value": text, "most": MOST_PERIODS}
            )
        return int(text)


class RequiredDayWidget(DayWidget):
    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> date:
        day = super().clean(value, row)
        if day is None:
            raise ValueError(_("Ô bắt buộc còn trống: hãy ghi ngày hoàn thành."))
        return day


def _field(name: str, widget: Widget) -> Field:
    return Field(attribute=name, column_name=name, widget=widget)


class RecordResource(RowResource):
    row_class = RecordRow

    person_code = _field("person_code", CodeWidget(max_length=40, is_required=True))
    course_code = _field("course_code", TextWidget(max_length=20, is_required=True))
    completed_on = _field("completed_on", RequiredDayWidget())
    register_number = _field("register_number", TextWidget(max_length=60))
    issuer = _field("issuer", TextWidget(max_length=200, is_required=True))
    periods = _field("periods", PeriodsWidget())
    valid_until = _field("valid_until", DayWidget())
    modules = _field("modules", TextWidget(max_length=200))

    class Meta(RowResource.Meta):
        import_id_fields = ("person_code",)
        instance_loader_class = BaseInstanceLoader


def read_records(sheet: Sheet) -> Reading[RecordRow]:
    """Rows that could be read; nothing is compared with the database yet."""
    return read_rows(sheet, RecordResource(), columns=COLUMNS, required=REQUIRED)
