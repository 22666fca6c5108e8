"""Bringing a staff list in: the file, what its columns mean, and yes to what would happen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from people.forms.fields import DayField, ReasonField
from people.forms.requests import CHOOSE
from people.imports.layout import FIELD_NAMES, Column, Layout, layout_problems
from people.models import Unit
from people.sheets import MAX_BYTES

MOST_CHOICES = 100  # units beyond which a code is typed rather than chosen
EARLIEST = date(2000, 1, 1)
FILE_NAMES = ".xlsx,.xls,.ods,.csv,.txt"
FULL, PARTIAL = "full", "partial"

NOT_READ = _("Không đọc")


class UnitField(forms.ChoiceField):
    """One of the units that the viewer manages; empty where the file itself names units.

    Whoever manages one unit finds it chosen; whoever manages a city types a code.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = {unit.code: unit for unit in units}
        self.is_typed = len(self.units) > MOST_CHOICES
        named = [(unit.code, _named(unit)) for unit in units]
        is_only = len(named) == 1
        help_text = _("Dòng nào không ghi đơn vị thì thuộc đơn vị này.")
        if self.is_typed:
            help_text = _("Ghi mã đơn vị; để trống nếu tệp có cột mã đơn vị.")
        super().__init__(
            label=_("Đơn vị"),
            choices=named if is_only else [("", _("Nhiều đơn vị, theo cột mã đơn vị")), *named],
            required=is_only,
            help_text="" if is_only else help_text,
            widget=forms.TextInput(attrs={"autocomplete": "off"})
            if self.is_typed
            else forms.Select,
            error_messages={
                "required": _("Hãy chọn đơn vị."),
                "invalid_choice": _(
                    "Không có đơn vị này trong phạm vi quản lý. Hãy chọn lại, hoặc nhờ cấp trên."
                ),
            },
        )

    def clean(self, value: Any) -> Unit | None:
        return self.units.get(super().clean((value or "").strip()))


def _named(unit: Unit) -> str:
    return f"{unit.name} ({unit.code})"  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """`units` are those the viewer manages, named as of `today`."""

    file = forms.FileField(
        label=_("Tệp danh sách"),
        widget=forms.ClearableFileInput(attrs={"accept": FILE_NAMES}),
        error_messages={
            "required": _("Hãy chọn tệp danh sách."),
            "empty": _("Tệp trống: hãy chọn lại tệp có danh sách."),
        },
    )
    as_of = DayField(
        label=_("Danh sách tính đến ngày"),
        help_text=_("Ngày mà danh sách này đúng, viết như 01/09/2026."),
    )
    extent = forms.ChoiceField(
        label=_("Danh sách này"),
        choices=[
            (FULL, _("Đầy đủ: ai không có trong danh sách được coi là đã rời đơn vị.")),
            (PARTIAL, _("Một phần: ai không có trong danh sách thì giữ nguyên như cũ.")),
        ],
        initial=FULL,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    field_order = ["file", "unit", "as_of", "extent"]

    def __init__(self, *args: Any, units: Sequence[Unit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["file"].help_text = _(
            "Excel (.xlsx, .xls), .ods hoặc .csv, nhiều nhất %(limit)s MB."
        ) % {"limit": MAX_BYTES // 1024 // 1024}
        self.fields["unit"] = UnitField(units)
        self.order_fields(self.field_order)

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day < EARLIEST:
            raise ValidationError(_("Ngày của danh sách chưa đúng: hãy kiểm tra năm."))
        if day > self.today:
            raise ValidationError(
                _("Ngày của danh sách ở tương lai: hãy ghi ngày mà danh sách đúng với thực tế.")
            )
        return day

    def clean_file(self) -> UploadedFile:
        """Refused before it is read into memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("Tệp lớn hơn %(limit)s MB: hãy bỏ hình ảnh hoặc chia thành nhiều tệp.")
                % {"limit": MAX_BYTES // 1024 // 1024}
            )
        return file

    @property
    def is_partial(self) -> bool:
        return bool(self.cleaned_data["extent"] == PARTIAL)


class HeaderForm(forms.Form):
    """On which row the headers stand, where it was guessed wrong. `rows` are those that are not
    blank."""

    header_row = forms.IntegerField(
        label=_("Tiêu đề ở dòng"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
        error_messages={
            "invalid": _("Hãy ghi số dòng, như bảng tính đánh số."),
            "required": _("Hãy ghi số dòng, như bảng tính đánh số."),
        },
    )

    def __init__(self, *args: Any, rows: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows

    def clean_header_row(self) -> int:
        row: int = self.cleaned_data["header_row"]
        if row not in self.rows:
            raise ValidationError(_("Dòng này trống hoặc ở quá xa đầu tệp: hãy ghi dòng khác."))
        return row


class LayoutForm(forms.Form):
    """What each column of the file means. `columns` are those of a layout that was suggested."""

    def __init__(
        self,
        *args: Any,
        columns: Sequence[Column],
        layout: Layout,
        has_default_unit: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.suggested = layout
        self.has_default_unit = has_default_unit
        choices = [("", NOT_READ), *FIELD_NAMES.items()]
        for column in columns:
            self.fields[_name(column)] = forms.ChoiceField(
                label=_("Cột %(letter)s") % {"letter": column.letter},
                choices=choices,
                initial=column.field,
                required=False,
                error_messages={"invalid_choice": _("Hãy chọn một mục trong danh sách.")},
            )

    @property
    def rows(self) -> Iterator[tuple[Column, BoundField]]:
        return ((column, self[_name(column)]) for column in self.columns)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        problems = layout_problems(self.layout, has_default_unit=self.has_default_unit)
        if problems:
            raise ValidationError(problems)
        return cleaned

    @property
    def layout(self) -> Layout:
        """As it was chosen."""
        chosen = {c.place: self.cleaned_data.get(_name(c), "") for c in self.columns}
        read = {place: field for place, field in chosen.items() if field}
        return Layout(self.suggested.header_row, self.suggested.header_rows, read)


def _name(column: Column) -> str:
    return f"column-{column.place}"


class ConfirmForm(forms.Form):
    """`seen` is of what the page showed: if it has changed since, the answer was to something
    else."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    skips_rejected = forms.BooleanField(required=False)


class UndoForm(forms.Form):
    reason = ReasonField(
        label=_("Lý do hoàn tác"), error_messages={"required": _("Hãy ghi lý do hoàn tác.")}
    )
