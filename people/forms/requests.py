"""Asking to be listed or corrected, and answering."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.forms.fields import (
    BirthDateField,
    CleanTextField,
    CodeField,
    DayField,
    EmailField,
    KeyField,
    NameField,
    PhoneField,
)
from people.imports.columns import SEXES, STAFF_GROUPS, STATUSES, normalised
from people.imports.widgets import parse_day
from people.models import (
    CorrectionField,
    CorrectionRequest,
    MembershipStatus,
    Person,
    RosterRequest,
    Sex,
    StaffGroup,
    Unit,
)

CHOOSE = {"required": _("Hãy chọn một mục.")}


class DayAwareForm(forms.Form):
    """Tells its birth dates which day it is."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, BirthDateField):
                field.today = today


class ListingForm(DayAwareForm):
    """ "Tôi không có trong danh sách"."""

    key = KeyField()
    full_name = NameField()
    birth_date = BirthDateField()
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=Sex, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    staff_group = forms.ChoiceField(
        label=_("Nhóm"), choices=[("", _("Chọn nhóm")), *StaffGroup.choices], error_messages=CHOOSE
    )
    position_title = CleanTextField(label=_("Chức vụ"), max_length=100, required=False)
    staff_code = CleanTextField(
        label=_("Mã nhân sự"),
        help_text=_("Nếu biết; kể cả các số 0 ở đầu."),
        max_length=40,
        required=False,
    )
    phone = PhoneField(help_text=_("Để người quản lý đơn vị liên lạc."))
    email = EmailField()
    note = CleanTextField(
        label=_("Ghi chú"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reachable = {"phone", "email"} & (set(self.errors) | {k for k, v in cleaned.items() if v})
        if not reachable:
            self.add_error(
                "phone",
                ValidationError(_("Hãy ghi số điện thoại hoặc thư điện tử để nhận trả lời.")),
            )
        return cleaned


class CorrectionForm(forms.Form):
    key = KeyField()
    field = forms.ChoiceField(
        label=_("Mục cần sửa"),
        choices=[("", _("Chọn mục")), *CorrectionField.choices],
        error_messages=CHOOSE,
    )
    value = CleanTextField(
        label=_("Nội dung đúng"),
        max_length=200,
        error_messages={"required": _("Hãy ghi nội dung đúng.")},
    )
    note = CleanTextField(
        label=_("Ghi chú"),
        help_text=_("Ví dụ: từ ngày nào, theo giấy tờ nào. Không ghi dữ liệu của trẻ em."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class RefusalForm(forms.Form):
    reason = CleanTextField(
        label=_("Lý do từ chối"),
        help_text=_("Người gửi sẽ đọc lý do này."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Hãy ghi lý do từ chối.")},
    )


class AcceptNewForm(DayAwareForm):
    """Somebody new, as the manager puts her on the roster."""

    code = CodeField(
        help_text=_("Lấy từ hồ sơ của đơn vị, kể cả các số 0 ở đầu. Mã này dùng để đăng nhập."),
        error_messages={"required": _("Hãy ghi mã nhân sự: không có mã thì không đăng nhập được.")},
    )
    full_name = NameField()
    birth_date = BirthDateField()
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=Sex, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    staff_group = forms.ChoiceField(label=_("Nhóm"), choices=StaffGroup, error_messages=CHOOSE)
    position_title = CleanTextField(label=_("Chức vụ"), max_length=100, required=False)
    started_on = DayField(label=_("Làm việc tại đơn vị từ ngày"))
    phone = PhoneField()
    email = EmailField()

    @classmethod
    def initial_from(cls, request: RosterRequest) -> dict[str, Any]:
        asked = (
            "full_name",
            "birth_date",
            "sex",
            "staff_group",
            "position_title",
            "phone",
            "email",
        )
        return {"code": request.staff_code, **{name: getattr(request, name) for name in asked}}


class KnownPersonForm(forms.Form):
    """Which of the people on the roster the request is about."""

    person = forms.ModelChoiceField(
        label=_("Người đã có"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Hãy chọn một người."),
            "invalid_choice": _("Hãy chọn một người trong danh sách này."),
        },
    )

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [person.pk for person in people]
        self.fields["person"].queryset = Person.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


def correction_form(
    request: CorrectionRequest, *args: Any, units: Any, **kwargs: Any
) -> forms.Form:
    """The right value in the field's own kind, filled with what the person wrote if it is that;
    `on` for what is dated. `units` are those the decider manages; whether one was open on that day,
    the service says."""
    value, initial = _value_field(request, units=units)
    fields: dict[str, forms.Field] = {"value": value}
    if CorrectionField(request.field).is_dated:
        fields["on"] = DayField(label=_("Đúng từ ngày"))
    form = type("AcceptCorrectionForm", (DayAwareForm,), fields)
    return form(*args, initial={"value": initial, **kwargs.pop("initial", {})}, **kwargs)


def _value_field(request: CorrectionRequest, *, units: Any) -> tuple[forms.Field, Any]:
    text, label = request.value, _("Giá trị đúng")
    match request.field:
        case CorrectionField.FULL_NAME:
            return NameField(label=label), text
        case CorrectionField.BIRTH_DATE:
            return BirthDateField(label=label), parse_day(text)
        case CorrectionField.SEX:
            return _choice(Sex, label=label), SEXES.get(normalised(text))
        case CorrectionField.STAFF_GROUP:
            return _choice(StaffGroup, label=label), STAFF_GROUPS.get(normalised(text))
        case CorrectionField.STATUS:
            return _choice(MembershipStatus, label=label), STATUSES.get(normalised(text))
        case CorrectionField.UNIT:
            return UnitCodeField(units=units), ""
    return CleanTextField(label=label, max_length=100), text


def _choice(choices: Any, *, label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", _("Chọn một mục")), *choices.choices], error_messages=CHOOSE
    )


class UnitCodeField(forms.CharField):
    """The code of a unit that the decider manages too; gives the unit."""

    def __init__(self, *, units: Any) -> None:
        super().__init__(
            label=_("Mã đơn vị mới"),
            help_text=_("Phải là đơn vị trong phạm vi quản lý; nếu không, hãy nhờ cấp trên."),
            max_length=40,
            error_messages={"required": _("Hãy ghi mã đơn vị mới.")},
        )
        self.units = units

    def clean(self, value: Any) -> Unit:
        code = super().clean(value)
        unit = self.units.filter(code=code).first()
        if unit is None:
            raise ValidationError(
                _(
                    "Không có đơn vị mã này trong phạm vi quản lý. Hãy kiểm tra mã; nếu là đơn vị "
                    "khác, hãy nhờ người quản lý cả hai đơn vị."
                )
            )
        return unit
