"""The second step of signing in, as stored: django-otp's tables, without a secret in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from people.second_factor import secret_from


class AuthenticatorApp(TOTPDevice):
    """An app on a phone, one an account. django-otp slows guesses down and refuses a code twice.

    `key` holds a seed: the secret is made from it and `SECRET_KEY`, so that a copy of the database
    opens no account.
    """

    class Meta:
        proxy = True
        verbose_name = _("ứng dụng xác thực")
        verbose_name_plural = _("ứng dụng xác thực")

    @property
    def bin_key(self) -> bytes:
        return secret_from(self.key)


class RecoveryCodes(StaticDevice):
    """For when the phone is lost: each works once. `token_set` holds digests of those unused."""

    class Meta:
        proxy = True
        verbose_name = _("bộ mã dự phòng")
        verbose_name_plural = _("bộ mã dự phòng")
