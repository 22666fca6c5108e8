"""One row of a list of units, as the list says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from people.imports.columns import SECTORS, UNIT_COLUMNS, UNIT_KINDS
from people.imports.headings import find_headings, header_of
from people.imports.reading import Reading, RowResource, read_rows
from people.imports.widgets import ChoiceWidget, CodeWidget, DayWidget, TextWidget
from people.models import Sector, UnitKind
from people.sheets import Sheet

REQUIRED = ("code", "name", "kind", "parent_code")

# Of these only the list can tell; blank is a value of its own, "of both sectors".
KINDS_OF_EITHER_SECTOR = (
    UnitKind.CITY,
    UnitKind.DISTRICT,
    UnitKind.COMMUNE,
    UnitKind.OFFICE,
    UnitKind.OTHER,
)


@dataclass(slots=True)
class UnitRow:
    """A blank `parent_code` makes the root; other blanks say nothing."""

    number: int
    code: str = ""
    name: str = ""
    kind: str = ""
    parent_code: str = ""
    sector: str = ""
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def pk(self) -> int:
        """What django-import-export calls an instance by."""
        return self.number

    @property
    def implied_sector(self) -> str:
        """Of a new unit whose sector is blank; empty for what may belong to both."""
        if self.kind in KINDS_OF_EITHER_SECTOR:
            return ""
        is_facility = self.kind == UnitKind.SOCIAL_FACILITY
        return Sector.SOCIAL if is_facility else Sector.EDUCATION


class UnitResource(RowResource):
    """The allow-list of columns: nothing else of a file is ever read."""

    row_class = UnitRow

    code = Field("code", "code", CodeWidget(max_length=40, is_required=True))
    name = Field("name", "name", TextWidget(max_length=200, is_required=True))
    kind = Field(
        "kind",
        "kind",
        ChoiceWidget(
            UNIT_KINDS,
            examples=["Mầm non", "Tiểu học", "THCS", "Xã", "Phòng, ban", "Khác"],
            is_required=True,
        ),
    )
    parent_code = Field("parent_code", "parent_code", CodeWidget(max_length=40))
    sector = Field(
        "sector", "sector", ChoiceWidget(SECTORS, examples=["Giáo dục", "Lao động - xã hội"])
    )
    opened_on = Field("opened_on", "opened_on", DayWidget())
    closed_on = Field("closed_on", "closed_on", DayWidget())

    class Meta(RowResource.Meta):
        import_id_fields = ("code",)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        errors = dict(import_validation_errors or {})
        if instance.opened_on and instance.closed_on and instance.closed_on < instance.opened_on:
            errors.setdefault(
                "closed_on", _("Ngày cuối cùng trước ngày thành lập: hãy sửa một trong hai.")
            )
        if instance.code and instance.code == instance.parent_code:
            errors.setdefault("parent_code", _("Đơn vị không thể trực thuộc chính mình."))
        if errors:
            raise ValidationError(errors)


def read_units(sheet: Sheet) -> Reading[UnitRow]:
    reading: Reading[UnitRow] = read_rows(
        sheet, UnitResource(), columns=UNIT_COLUMNS, required=REQUIRED
    )
    reading.reject_repeated("code")
    return reading


def headings_of(sheet: Sheet) -> list[str]:
    """How the list calls its columns, each in its place; none of a sheet without rows."""
    found = find_headings(sheet.rows, UNIT_COLUMNS)
    return [each.text for each in header_of(sheet.rows, found.row, found.rows)[1]]
