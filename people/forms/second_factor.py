"""The second step of signing in: its code, its set-up, its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.models import User
from people.second_factor import digits_of

DIGITS = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocorrect": "off",
    "spellcheck": "false",
}


class SecondCodeField(forms.CharField):
    """Six digits of the app, or ten of a recovery code; blanks and hyphens don't matter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Mã 6 chữ số"),
                "help_text": _("Trong ứng dụng xác thực trên điện thoại."),
                "max_length": 40,
                "widget": forms.TextInput(attrs=DIGITS),
                "error_messages": {"required": _("Hãy ghi mã.")},
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if typed and not digits_of(typed):
            raise ValidationError(
                _("Mã gồm 6 chữ số; mã dự phòng gồm 10 chữ số. Hãy kiểm tra lại.")
            )
        return typed


class SecondStepForm(forms.Form):
    second_code = SecondCodeField(
        label=_("Mã 6 chữ số, hoặc một mã dự phòng"),
        help_text=_(
            "Mở ứng dụng xác thực trên điện thoại. Mất điện thoại: ghi một mã dự phòng 10 chữ số."
        ),
        widget=forms.TextInput(attrs={**DIGITS, "autofocus": True}),
    )


class PasswordForm(forms.Form):
    """Who asks is proved by the password of today: the session may be borrowed."""

    password = forms.CharField(
        label=_("Mật khẩu hiện tại"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Hãy ghi mật khẩu hiện tại để xác nhận.")},
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.account.check_password(password):
            raise ValidationError(_("Mật khẩu hiện tại chưa đúng: hãy ghi lại. Chưa đổi gì."))
        return password


class SetUpForm(PasswordForm):
    second_code = SecondCodeField(
        label=_("Mã 6 chữ số đang hiện trong ứng dụng"), help_text=_("Mã đổi sau mỗi 30 giây.")
    )
    field_order = ["second_code", "password"]


class ConfirmForm(PasswordForm):
    """Before the second step is switched off, or recovery codes are made anew."""

    second_code = SecondCodeField(
        label=_("Mã 6 chữ số, hoặc một mã dự phòng"),
        help_text=_("Chứng tỏ là chủ tài khoản, không phải người mượn máy."),
    )
