"""Fields that several forms share. Messages say what to do."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.backends import normalised_phone
from people.names import clean_name

DAY_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
LONGEST_WORD = 60  # characters of a family or a given name, in the database


class NameField(forms.CharField):
    """A person's whole name: NFC, single blanks, at least two words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Họ và tên"),
                "max_length": 120,
                "widget": forms.TextInput(attrs={"autocomplete": "name"}),
                "error_messages": {"required": _("Hãy ghi họ và tên.")},
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        name = clean_name(super().clean(value) or "")
        if name and (not any(c.isalpha() for c in name) or any(c.isdigit() for c in name)):
            raise ValidationError(_("Họ và tên chỉ gồm chữ: hãy kiểm tra lại."))
        if any(len(word) > LONGEST_WORD for word in name.split()):
            raise ValidationError(_("Tên có từ dài quá: hãy kiểm tra dấu cách."))
        return name


class DayField(forms.DateField):
    """Typed as on paper: a calendar that opens on this month is of no use for a birth date."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "input_formats": DAY_FORMATS,
                "help_text": _("Ngày/tháng/năm, ví dụ 05/04/1985."),
                "widget": forms.DateInput(
                    format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"}
                ),
                "error_messages": {
                    "required": _("Hãy ghi ngày, ví dụ 05/04/1985."),
                    "invalid": _("Ngày chưa đúng: hãy ghi ngày/tháng/năm, ví dụ 05/04/1985."),
                },
                **kwargs,
            }
        )


class BirthDateField(DayField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Ngày sinh"), **kwargs})

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and not 14 <= timezone.localdate().year - day.year <= 100:
            raise ValidationError(_("Ngày sinh chưa đúng: hãy kiểm tra năm."))
        return day


class PhoneField(forms.CharField):
    """Digits with the leading 0; what is no number is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Số điện thoại"),
                "required": False,
                "max_length": 20,
                "widget": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value) or ""
        digits = normalised_phone(text)
        if text and not 9 <= len(digits) <= 15:
            raise ValidationError(_("Số điện thoại chưa đúng: hãy ghi một số, ví dụ 0912345678."))
        return digits


class EmailField(forms.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Thư điện tử"),
                "required": False,
                "max_length": 254,
                "widget": forms.EmailInput(attrs={"autocomplete": "email"}),
                "error_messages": {
                    "invalid": _("Thư điện tử chưa đúng: hãy ghi dạng ten@noi.vn hoặc để trống.")
                },
                **kwargs,
            }
        )


class KeyField(forms.UUIDField):
    """Made with the empty form and sent with it: sending it twice is one request."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4)
