"""Fields that several forms share. Messages say what to do."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from people.backends import normalised_phone
from people.models.person import CODE
from people.names import capitalised, clean_name, folded, split_name

DAY_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
LONGEST_NAME, LONGEST_WORD, LONGEST_MIDDLE = 120, 60, 100  # characters, as in the database
SHORTEST_REASON, LONGEST_REASON = 5, 300  # characters
# Letters with their marks, blanks, and what stands inside a name; nothing that a spreadsheet
# program or a list could take for its own.
NAME = re.compile(r"[^\W\d_]+(?:[ '’.\-]+[^\W\d_]+)*\.?")


class CleanTextField(forms.CharField):
    """One line: NFC, single blanks."""

    def to_python(self, value: Any) -> str:
        """Normalised before its length is measured: some letters become several."""
        return clean_name(super().to_python(value) or "")


class ReasonField(CleanTextField):
    """Why something is done, kept with the act: too short a word explains nothing to whoever reads
    the log later. `hint`: what is worth saying; how short is too short is said beside it."""

    def __init__(self, *, hint: Any = "", error_messages: Any = None, **kwargs: Any) -> None:
        told = format_lazy(_("Ít nhất {count} ký tự, ghi vào nhật ký."), count=SHORTEST_REASON)
        super().__init__(
            **{
                "label": _("Lý do"),
                "help_text": format_lazy("{} {}", hint, told) if hint else told,
                "min_length": SHORTEST_REASON,
                "max_length": LONGEST_REASON,
                "widget": forms.Textarea({"rows": 2}),
                "error_messages": {
                    "required": _("Hãy ghi lý do."),
                    "min_length": _("Hãy ghi rõ hơn: người đọc nhật ký cần hiểu vì sao."),
                    **(error_messages or {}),
                },
                **kwargs,
            }
        )


class NameField(forms.CharField):
    """A person's whole name: NFC, single blanks, each word with its capital."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Họ và tên"),
                "max_length": LONGEST_NAME,
                "widget": forms.TextInput(attrs={"autocomplete": "name"}),
                "error_messages": {"required": _("Hãy ghi họ và tên.")},
                **kwargs,
            }
        )

    def to_python(self, value: Any) -> str:
        """Normalised before its length is measured: some letters become several."""
        return capitalised(clean_name(super().to_python(value) or ""))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not NAME.fullmatch(value):
            raise ValidationError(_("Họ và tên chỉ gồm chữ: hãy kiểm tra lại."))
        parts = split_name(value)
        lengths = [(parts.family, LONGEST_WORD), (parts.middle, LONGEST_MIDDLE),
                   (parts.given, LONGEST_WORD), (folded(value), LONGEST_NAME)]  # fmt: skip
        if any(len(part) > limit for part, limit in lengths):
            raise ValidationError(_("Tên có từ dài quá: hãy kiểm tra dấu cách."))


class CodeField(forms.CharField):
    """A staff code, which also signs in: plain letters, digits and what joins them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Mã nhân sự"), "max_length": 40, **kwargs})

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not CODE.fullmatch(value):
            raise ValidationError(
                _("Mã nhân sự chỉ gồm chữ không dấu, chữ số, dấu chấm và gạch nối.")
            )


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
    """Of somebody old enough to work. `today` is set by the form, which is told it."""

    today: date

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Ngày sinh"), **kwargs})

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and not 14 <= self.today.year - day.year <= 100:
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
