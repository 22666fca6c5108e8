"""To whom figures are given, of what, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.forms.fields import CleanTextField, DayField, ReasonField
from people.models import Sector, Unit
from people.queries.scopes import units_called
from reports.contract import BREAKDOWNS
from reports.models import Cadence, ExportSchedule, FileKind, SharingToken, Target

MOST_NAMED = 5
AXIS_LABELS = {
    "unit": _("đơn vị trực thuộc"),
    "sex": _("giới tính"),
    "group": _("nhóm nhân sự"),
    "kind": _("loại đơn vị"),
    "sector": _("ngành"),
}


class TokenForm(forms.Form):
    body = CleanTextField(
        label=_("Cơ quan nhận số liệu"),
        help_text=_("Tên đầy đủ, ví dụ: Sở Y tế."),
        max_length=200,
        error_messages={"required": _("Hãy ghi cơ quan nhận số liệu.")},
    )
    purpose = ReasonField(
        label=_("Mục đích"),
        hint=_("Ví dụ: báo cáo liên ngành theo kế hoạch số 15."),
        max_length=300,
    )
    unit = CleanTextField(
        label=_("Đơn vị"),
        help_text=_("Tên hoặc mã, ví dụ TH01. Gồm cả các đơn vị bên dưới."),
        max_length=100,
        error_messages={"required": _("Hãy ghi đơn vị.")},
    )
    sector = forms.ChoiceField(
        label=_("Ngành"),
        help_text=_("Chọn một ngành thì chỉ có số liệu của ngành ấy."),
        required=False,
    )
    valid_until = DayField(
        label=_("Dùng đến hết ngày"), help_text=_("Nhiều nhất một năm, ví dụ 31/08/2027.")
    )
    sees_small_cells = forms.BooleanField(
        label=_("Cho thấy cả số nhỏ"),
        help_text=_(
            "Chỉ chọn khi cơ quan ấy được biết về từng nhóm nhỏ. Không chọn thì số quá nhỏ được "
            "che."
        ),
        required=False,
    )

    def __init__(self, *args: Any, units: Sequence[Unit], sectors: set[str], **kwargs: Any) -> None:
        """`units` (named) and `sectors` are what the viewer may give away; "" is every sector."""
        super().__init__(*args, **kwargs)
        self.units = units
        field: Any = self.fields["sector"]
        field.choices = [
            *([("", _("Mọi ngành"))] if "" in sectors else []),
            *(each for each in Sector.choices if "" in sectors or each[0] in sectors),
        ]
        field.required = "" not in sectors

    def clean_unit(self) -> Unit:
        found = units_called(self.cleaned_data["unit"], self.units)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                _("Không có đơn vị này trong phạm vi quản lý: hãy kiểm tra tên hoặc mã.")
            )
        names = "; ".join(f"{unit.code} · {unit.name}" for unit in found[:MOST_NAMED])  # type: ignore[attr-defined]
        more = " …" if len(found) > MOST_NAMED else ""
        raise ValidationError(
            _("Có %(count)d đơn vị như vậy (%(names)s): hãy ghi mã của một đơn vị.")
            % {"count": len(found), "names": names + more}
        )

    def token(self) -> SharingToken:
        """As it was asked for, not saved."""
        return SharingToken(**self.cleaned_data)


class ScheduleForm(forms.Form):
    """A file that is made again and again for a token's body."""

    target = forms.ModelChoiceField(label=_("Chỉ tiêu"), queryset=Target.objects.all())
    by = forms.MultipleChoiceField(
        label=_("Chia theo"),
        help_text=_("Chia càng nhỏ thì càng nhiều số được che."),
        choices=[(axis, AXIS_LABELS[axis]) for axis in BREAKDOWNS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    kind = forms.ChoiceField(label=_("Loại tệp"), choices=FileKind.choices)
    every = forms.ChoiceField(label=_("Bao lâu một lần"), choices=Cadence.choices)
    keeps_days = forms.IntegerField(
        label=_("Giữ mỗi tệp (ngày)"), initial=90, min_value=1, max_value=366
    )

    def schedule(self, token: SharingToken) -> ExportSchedule:
        """As it was asked for, not saved."""
        return ExportSchedule(token=token, **self.cleaned_data)
