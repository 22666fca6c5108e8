"""The second step of signing in, as stored: django-otp's tables, without a secret in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from people.second_factor import secret_from


class PatientDevice:
    """Whoever holds a password alone can't lock its owner out: the wait for the next code doubles
    up to half an hour."""

    MOST_FAILURES = 12  # counted: 2 ** 11 s are 34 minutes
    throttling_failure_count: int

    def throttle_increment(self, commit: bool = True) -> None:
        """As django-otp does after a wrong code."""
        self.throttling_failure_count = min(self.throttling_failure_count, self.MOST_FAILURES - 1)
        super().throttle_increment(commit=commit)  # type: ignore[misc]


class AuthenticatorApp(PatientDevice, TOTPDevice):
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


class RecoveryCodes(PatientDevice, StaticDevice):
    """For when the phone is lost: each works once. `token_set` holds digests of those unused."""

    class Meta:
        proxy = True
        verbose_name = _("bộ mã dự phòng")
        verbose_name_plural = _("bộ mã dự phòng")
