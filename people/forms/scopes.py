"""Granting a scope, ending it, and choosing which to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.forms.fields import DayField, ReasonField
from people.forms.requests import CHOOSE
from people.models import Scope, ScopeRole, ScopeState, Sector, Unit, User
from people.queries.scopes import units_called

MOST_TO_CHOOSE = 30  # units in a list; with more of them the code is quicker
MOST_NAMED = 5
LONGEST_REASON = 200  # characters, as in the database


class ScopeFilterForm(forms.Form):
    """Sent by GET; everything is optional, an unknown value filters nothing."""

    person = forms.CharField(
        label=_("Người"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    unit = forms.CharField(
        label=_("Đơn vị"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Vai trò"), choices=[("", _("Tất cả")), *ScopeRole.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("Tình trạng"), choices=[("", _("Tất cả")), *ScopeState.choices], required=False
    )


class GrantForm(forms.Form):
    """What the viewer could grant at most; whether she may, the service says."""

    role = forms.ChoiceField(label=_("Vai trò"), widget=forms.RadioSelect, error_messages=CHOOSE)
    unit = forms.CharField(label=_("Đơn vị"), error_messages=CHOOSE)
    sector = forms.ChoiceField(
        label=_("Ngành"),
        help_text=_("Chọn một ngành thì chỉ thấy các đơn vị của ngành ấy."),
        required=False,
        error_messages=CHOOSE,
    )
    started_on = DayField(
        label=_("Từ ngày"), help_text=_("Ngày/tháng/năm, ví dụ 01/09/2026. Không lùi ngày được.")
    )
    ended_on = DayField(
        label=_("Đến hết ngày"),
        help_text=_("Để trống nếu chưa biết; thu hồi lúc nào cũng được."),
        required=False,
    )
    reason = ReasonField(hint=_("Ví dụ: quyết định bổ nhiệm số 12/QĐ."), max_length=LONGEST_REASON)

    def __init__(
        self, *args: Any, account: User, units: Sequence[Unit], held: Sequence[Scope], **kwargs: Any
    ) -> None:
        """`units` are those to grant in, named; `held` the granter's managing scopes, empty for
        whoever needs none."""
        super().__init__(*args, **kwargs)
        self.account, self.units = account, units
        self.fields["sector"] = self._sector_field(held)
        if self._has_one_sector(held):
            del self.fields["sector"]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, f"{role.label}: {role.meaning}")
            for role in ScopeRole
            if role != ScopeRole.SECTOR_MANAGER or "sector" in self.fields
        ]
        self.fields["unit"] = self._unit_field()
        if len(units) == 1:
            self.initial.setdefault("unit", units[0].code)

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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_of_sector = cleaned.get("role") == ScopeRole.SECTOR_MANAGER
        cleaned.setdefault("sector", "")
        if is_of_sector and not cleaned["sector"] and "sector" not in self.errors:
            self.add_error("sector", _("Quản trị ngành cần một ngành: hãy chọn ngành."))
        first, last = cleaned.get("started_on"), cleaned.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", _("Ngày cuối phải từ ngày bắt đầu trở đi."))
        return cleaned

    def scope(self) -> Scope:
        """As it was asked for, not saved."""
        return Scope(user=self.account, **self.cleaned_data)

    def _sector_field(self, held: Sequence[Scope]) -> forms.ChoiceField:
        """Whoever manages one sector grants in that sector only, also where no other is yet."""
        field: Any = self.fields["sector"]
        sectors = {scope.sector for scope in held} or {""}
        field.choices = [
            *([("", _("Mọi ngành"))] if "" in sectors else []),
            *(each for each in Sector.choices if "" in sectors or each[0] in sectors),
        ]
        field.required = "" not in sectors
        return field

    def _has_one_sector(self, held: Sequence[Scope]) -> bool:
        """Whether to name a sector would say nothing: a school is of one already."""
        sectors = {unit.sector for unit in self.units}  # type: ignore[attr-defined]
        return len(sectors) == 1 and "" not in sectors and not any(each.sector for each in held)

    def _unit_field(self) -> forms.Field:
        field: Any = self.fields["unit"]
        if len(self.units) <= MOST_TO_CHOOSE:
            choices = [(unit.code, f"{unit.name} ({unit.code})") for unit in self.units]  # type: ignore[attr-defined]
            first = [] if len(choices) == 1 else [("", _("Chọn đơn vị"))]
            return forms.ChoiceField(
                label=field.label, choices=[*first, *choices], error_messages=CHOOSE
            )
        field.help_text = _("Tên hoặc mã, ví dụ TH01. Phạm vi gồm cả các đơn vị bên dưới.")
        return field


class RevokeForm(forms.Form):
    on = DayField(
        label=_("Thu hồi từ ngày"),
        help_text=_("Hôm nay là có hiệu lực ngay. Ngày/tháng/năm, ví dụ 05/04/2026."),
    )
    reason = ReasonField(label=_("Lý do thu hồi"), max_length=LONGEST_REASON)
    with_granted = forms.BooleanField(
        label=_("Thu hồi cả các phạm vi người này đã cấp"), required=False
    )


class LastDayForm(forms.Form):
    ended_on = DayField(
        label=_("Đến hết ngày"),
        help_text=_("Để trống: đến khi thu hồi. Ngày/tháng/năm, ví dụ 31/08/2027."),
        required=False,
    )
    reason = ReasonField(label=_("Lý do đổi"), max_length=LONGEST_REASON)
