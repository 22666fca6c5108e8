"""Switching the second step of signing in on and off, and taking it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticToken

from people.audit import AuditAction, record
from people.models import AuthenticatorApp, RecoveryCodes, User
from people.queries.second_factor import app_of
from people.second_factor import APP_DIGITS, digest, digits_of, new_recovery_codes


class SecondFactorError(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a code: right, wrong, or not looked at before `wait_until`.

    `wrong_before`: how many wrong ones in a row that wait is for.
    """

    is_right: bool = False
    wait_until: datetime | None = None
    wrong_before: int = 0
    is_recovery_code: bool = False


@transaction.atomic
def check_second_code(account: User, typed: str) -> Checked:
    """Six digits of the app, or a recovery code, which is then used up.

    Neither works twice. Each wrong one doubles the wait for the next of its kind, from whatever
    address it comes: 1 s, 2 s, 4 s, … half an hour; until then not even a right one is looked at.
    """
    code = digits_of(typed)
    if not code:
        return Checked()
    is_of_app = len(code) == APP_DIGITS
    model: Any = AuthenticatorApp if is_of_app else RecoveryCodes
    device = model.objects.select_for_update().filter(user=account, confirmed=True).first()
    if device is None:
        return Checked()
    may_try, why_not = device.verify_is_allowed()
    if not may_try:
        return Checked(wait_until=why_not["locked_until"], wrong_before=why_not["failure_count"])
    token = code if is_of_app else digest(code, account_id=account.pk)
    if not device.verify_token(token):
        return Checked()
    if not is_of_app:
        record(AuditAction.RECOVERY_CODE_USED, actor=account, subject=subject_of(account))
    return Checked(is_right=True, is_recovery_code=not is_of_app)


@transaction.atomic
def switch_on(account: User, *, seed: str, typed: str) -> tuple[AuthenticatorApp, list[str]]:
    """The app, once it has shown that it knows the secret; and the recovery codes, readable this
    once. `SecondFactorError` for a wrong code, or when there is an app already."""
    User.objects.select_for_update().get(pk=account.pk)
    if app_of(account) is not None:
        raise SecondFactorError(_("Đăng nhập hai bước đã bật từ trước. Chưa thay đổi gì."))
    app = AuthenticatorApp.objects.create(user=account, key=seed, confirmed=True)
    code = digits_of(typed)
    if len(code) != APP_DIGITS or not app.verify_token(code):
        raise SecondFactorError(  # and with the transaction ends the app that was made
            _(
                "Mã chưa đúng hoặc đã hết hạn. Hãy ghi 6 chữ số mà ứng dụng đang hiện; nếu vẫn "
                "chưa được, hãy kiểm tra giờ của điện thoại."
            )
        )
    codes = _write_recovery_codes(account)
    record(AuditAction.SECOND_FACTOR_ON, actor=account, subject=subject_of(account))
    return app, codes


@transaction.atomic
def renew_recovery_codes(account: User) -> list[str]:
    """New ones, readable this once; those before open nothing any more."""
    codes = _write_recovery_codes(account)
    record(AuditAction.RECOVERY_CODES_RENEWED, actor=account, subject=subject_of(account))
    return codes


@transaction.atomic
def switch_off(account: User) -> None:
    """By its owner, who has shown a password and a code."""
    _remove_devices(account)
    record(AuditAction.SECOND_FACTOR_OFF, actor=account, subject=subject_of(account))


@transaction.atomic
def remove_second_factor(account: User, *, by: User | None, reason: str) -> None:
    """By somebody else, for whom the phone is lost; None is the system's own command."""
    _remove_devices(account)
    record(
        AuditAction.SECOND_FACTOR_REMOVED,
        actor=by,
        subject=subject_of(account),
        detail={"reason": reason},
    )


def subject_of(account: User) -> models.Model:
    """What the log names: the person, where there is one."""
    return account.person or account


def _write_recovery_codes(account: User) -> list[str]:
    RecoveryCodes.objects.filter(user=account).delete()
    device = RecoveryCodes.objects.create(user=account, confirmed=True)
    codes = new_recovery_codes()
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=digest(code, account_id=account.pk)) for code in codes
    )
    return codes


def _remove_devices(account: User) -> None:
    AuthenticatorApp.objects.filter(user=account).delete()
    RecoveryCodes.objects.filter(user=account).delete()
