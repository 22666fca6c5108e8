"""A list of people asked for by address, and one person put on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.forms.fields import (
    DAY_FORMATS,
    BirthDateField,
    CleanTextField,
    CodeField,
    DayField,
    EmailField,
    NameField,
    PhoneField,
    ReasonField,
)
from people.forms.requests import CHOOSE, DayAwareForm
from people.models import MembershipStatus, Position, Sex, StaffGroup
from people.queries.people import MOST_IN_ORDER, KnownUnit, PeopleFilter, units_called

UnitsOn = Callable[[date], list[KnownUnit]]

FIRST_DAY = date(2000, 1, 1)
MOST_TO_CHOOSE_FROM = 60  # units in one drop-down list; beyond it a unit is typed


class PeopleForm(forms.Form):
    """Sent by GET, so that an address is a list. Everything is optional, and an unknown value
    filters nothing; but for the unit: one that the viewer does not see holds nobody of hers."""

    q = forms.CharField(
        label=_("Tên, mã, số điện thoại hoặc thư điện tử"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    unit = forms.CharField(label=_("Đơn vị (tên hoặc mã)"), required=False, max_length=200)
    group = forms.ChoiceField(
        label=_("Nhóm"), choices=[("", _("Mọi nhóm")), *StaffGroup.choices], required=False
    )
    position = forms.ChoiceField(
        label=_("Chức vụ"), choices=[("", _("Mọi chức vụ")), *Position.choices], required=False
    )
    status = forms.ChoiceField(
        label=_("Trạng thái"),
        choices=[("", _("Mọi trạng thái")), *MembershipStatus.choices],
        required=False,
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=[("", _("Nam và nữ")), *Sex.choices], required=False
    )
    account = forms.ChoiceField(
        label=_("Tài khoản"),
        choices=[("", _("Có và chưa")), ("yes", _("Đã có")), ("no", _("Chưa có"))],
        required=False,
    )
    core = forms.ChoiceField(
        label=_("Danh hiệu"),
        choices=[
            ("", _("Mọi người")),
            ("trainer", _("Giảng viên nguồn")),
            ("teacher", _("Giáo viên nòng cốt")),
        ],
        required=False,
    )
    as_of = forms.DateField(
        label=_("Tính đến ngày"),
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Không đọc được ngày này. Hãy viết như 21/11/2026.")},
    )
    left = forms.BooleanField(required=False, widget=forms.HiddenInput)

    NARROWING: ClassVar = ("unit", "group", "position", "status", "sex", "account", "core", "as_of")

    def __init__(self, query: Any, *, today: date, units_on: UnitsOn) -> None:
        """`units_on` gives what may be chosen from on the day that is asked about."""
        super().__init__(query)
        self.today = today
        self.day = self._day(query.get("as_of", ""))
        self.units = units_on(self.day)
        asked = query.get("unit", "").strip()
        self.chosen_units = units_called(asked, self.units) if asked else None  # None: all
        self._offer_units(asked)
        self.is_valid()

    def clean_unit(self) -> str:
        if self.chosen_units == []:
            raise ValidationError(_("Không có đơn vị này trong phạm vi được xem."))
        return str(self.cleaned_data["unit"])

    def clean_as_of(self) -> date | None:
        day = self.cleaned_data["as_of"]
        if day is not None and day != self.day:
            raise ValidationError(_("Chỉ xem được đến hôm nay: đang xem danh sách hôm nay."))
        return day

    @property
    def suggested(self) -> list[KnownUnit]:
        """What a browser offers while a unit is typed; empty where it is chosen, or they are too
        many."""
        typed = "unit" in self.fields and not isinstance(self.fields["unit"].widget, forms.Select)
        return self.units if typed and len(self.units) <= MOST_IN_ORDER else []

    @property
    def chosen(self) -> PeopleFilter:
        known, units = self.cleaned_data, self.chosen_units
        return PeopleFilter(
            words=known.get("q", ""),
            units=None if units is None else [unit.code for unit in units],
            has_left=bool(known.get("left")),
            **{name: known.get(name, "") for name in FACTS},
        )

    @property
    def kept(self) -> dict[str, str]:
        """What was asked, for links that keep it."""
        values = {**self.cleaned_data, "left": "on" if self.cleaned_data.get("left") else ""}
        return {name: _written(value) for name, value in values.items() if value}

    @property
    def narrowing(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NARROWING if name in self.fields]

    @property
    def narrows(self) -> bool:
        return any(self.kept.get(name) for name in self.NARROWING) or bool(self.errors)

    def _day(self, asked: str) -> date:
        try:
            day = self.fields["as_of"].clean(asked)
        except ValidationError:
            return self.today
        return day if day is not None and FIRST_DAY <= day <= self.today else self.today

    def _offer_units(self, asked: str) -> None:
        """One unit leaves nothing to choose, many are typed."""
        field, codes = self.fields["unit"], {unit.code for unit in self.units}
        if len(self.units) <= 1 and not asked:
            del self.fields["unit"]
        elif len(self.units) <= MOST_TO_CHOOSE_FROM and (not asked or asked in codes):
            every = [("", _("Mọi đơn vị")), *((unit.code, unit.name) for unit in self.units)]
            field.label, field.widget = _("Đơn vị"), forms.Select(choices=every)
        elif self.suggested:
            field.widget.attrs["list"] = "units"


FACTS = ("group", "position", "status", "sex", "account", "core")


class UnitField(forms.CharField):
    """One of these units, by its code; gives the code."""

    def __init__(self, *, units: Sequence[KnownUnit], **kwargs: Any) -> None:
        every = [("", _("Chọn đơn vị")), *((unit.code, unit.name) for unit in units)]
        is_short = len(units) <= MOST_TO_CHOOSE_FROM
        is_offered = not is_short and len(units) <= MOST_IN_ORDER
        super().__init__(
            **{
                "label": _("Đơn vị"),
                "help_text": "" if is_short else _("Ghi mã hoặc tên đơn vị."),
                "max_length": 200,
                "widget": forms.Select(choices=every)
                if is_short
                else forms.TextInput({"list": "units"} if is_offered else {}),
                "error_messages": {"required": _("Hãy chọn đơn vị.")},
                **kwargs,
            }
        )
        self.units = units
        self.suggested = units if is_offered else []

    def clean(self, value: Any) -> str:
        asked = super().clean(value)
        found = units_called(asked, self.units)
        if len(found) == 1:
            return found[0].code
        if found:
            names = "; ".join(f"{unit.name} ({unit.code})" for unit in found[:5])
            raise ValidationError(_("Có nhiều đơn vị như thế, hãy ghi mã: %s.") % names)
        raise ValidationError(
            _(
                "Không có đơn vị này trong phạm vi quản lý. Hãy kiểm tra mã; nếu là đơn vị khác, "
                "hãy nhờ người quản lý cả hai đơn vị."
            )
        )


class NewPersonForm(DayAwareForm):
    """Somebody new, with all that a list would say of her."""

    code = CodeField(
        help_text=_("Kể cả các số 0 ở đầu. Mã này dùng để đăng nhập."),
        error_messages={"required": _("Hãy ghi mã nhân sự: không có mã thì không đăng nhập được.")},
    )
    full_name = NameField(widget=forms.TextInput(attrs={"autocomplete": "off"}))
    birth_date = BirthDateField()
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=Sex, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    staff_group = forms.ChoiceField(
        label=_("Nhóm"), choices=[("", _("Chọn nhóm")), *StaffGroup.choices], error_messages=CHOOSE
    )
    position_title = CleanTextField(label=_("Chức vụ"), max_length=100, required=False)
    status = forms.ChoiceField(
        label=_("Trạng thái"),
        choices=MembershipStatus,
        initial=MembershipStatus.WORKING,
        error_messages=CHOOSE,
    )
    started_on = DayField(label=_("Làm việc tại đơn vị từ ngày"))
    phone = PhoneField(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    email = EmailField(widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    reason = ReasonField(label=_("Lý do, căn cứ"), hint=_("Ví dụ số quyết định, ngày ký."))
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("unit", "code", "full_name")

    def __init__(self, *args: Any, units: Sequence[KnownUnit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.today = today
        self.only_unit = units[0] if len(units) == 1 else None  # nothing to choose
        if self.only_unit is None:
            self.fields["unit"] = UnitField(units=units)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.only_unit is not None:
            cleaned["unit"] = self.only_unit.code
        return cleaned


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
