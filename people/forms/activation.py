"""From a slip of paper to a password of one's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.forms.fields import EmailField, PhoneField
from people.models import Person, User


class CodeForm(forms.Form):
    username = forms.CharField(
        label=_("Mã nhân sự"),
        help_text=_("Mã nhân sự hoặc tên đăng nhập ghi trên phiếu, kể cả các số 0 ở đầu."),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "username", "spellcheck": "false"}
        ),
        error_messages={"required": _("Hãy ghi mã nhân sự trên phiếu.")},
    )
    access_code = forms.CharField(
        label=_("Mã đăng nhập trên phiếu"),
        help_text=_(
            "8 chữ và số, ví dụ CFGH-2345. Viết hoa hay thường, có gạch hay không đều được."
        ),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "characters",
                "autocomplete": "one-time-code",
                "autocorrect": "off",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Hãy ghi mã đăng nhập trên phiếu.")},
    )


class NewPasswordForm(forms.Form):
    """Rules come from the settings; `person` is whom the password must not resemble."""

    password = forms.CharField(
        label=_("Mật khẩu mới"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(),
        error_messages={"required": _("Hãy đặt mật khẩu.")},
    )
    again = forms.CharField(
        label=_("Ghi lại mật khẩu mới"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(),
        error_messages={"required": _("Hãy ghi lại mật khẩu lần nữa.")},
    )
    email = EmailField(help_text=_("Nếu ghi, có thể dùng để đăng nhập thay cho mã nhân sự."))
    phone = PhoneField(help_text=_("Nếu ghi, có thể dùng để đăng nhập thay cho mã nhân sự."))

    def __init__(self, *args: Any, person: Person, account: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.likeness = account or User(
            username=person.code,
            first_name=person.given_name,
            last_name=f"{person.family_name} {person.middle_name}".strip(),
            email=person.email,
        )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.likeness)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("again") and cleaned.get("password", cleaned["again"]) != cleaned["again"]:
            self.add_error("again", ValidationError(_("Hai lần ghi chưa giống nhau: hãy ghi lại.")))
        return cleaned


class AccountForm(forms.Form):
    """What besides the staff code signs one in; the password of today proves who asks."""

    email = EmailField()
    phone = PhoneField()
    password = forms.CharField(
        label=_("Mật khẩu hiện tại"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(),
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
