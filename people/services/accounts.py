"""Accounts for people on the roster. Imports make none: hashing 5,000 passwords takes minutes."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.backends import account_of, normalised_phone
from people.models import AccessCode, Person, User


class AccountExistsError(Exception):
    """The person, or her code, has an account already; the message says which."""


class IdentifierTakenError(Exception):
    """An e-mail address or phone number can't sign this account in; the message says what to do.

    It is the same whatever the cause: it must not tell who else is here.
    """

    def __init__(self) -> None:
        super().__init__(
            _(
                "Chưa dùng được thư điện tử hoặc số điện thoại này để đăng nhập. Hãy ghi địa chỉ "
                "hoặc số khác, hoặc để trống: mã nhân sự luôn đăng nhập được."
            )
        )


@transaction.atomic
def create_account(person: Person, *, password: str | None = None, is_demo: bool = False) -> User:
    """An account that signs in by the person's code, and by e-mail and phone where these are free.

    Colleagues may share a school's address; it then signs in whoever had it first. Without a
    password nobody can sign in until one is set. Raises `AccountExistsError`.
    """
    if User.objects.filter(person=person).exists():
        raise AccountExistsError(_("%(code)s đã có tài khoản.") % {"code": person.code})
    if account_of(person.code) is not None:  # by any of her identifiers: it would sign in first
        raise AccountExistsError(
            _("Tên đăng nhập %(code)s đã thuộc tài khoản khác.") % {"code": person.code}
        )
    account = User(
        username=person.code,
        person=person,
        email=_free_email(person.email),
        phone=_free_phone(person.phone),
        is_demo=is_demo,
    )
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
    account.save()
    return account


def set_identifiers(account: User, *, email: str, phone: str) -> None:
    """What besides the staff code signs the account in; blanks are allowed, and nothing is shared.

    `phone` is normalised already. Raises `IdentifierTakenError`, and nothing is changed.
    """
    mine = Q(pk=account.pk)
    taken = Q(pk__in=[])
    if email:
        taken |= Q(email__iexact=email) | Q(username__iexact=email)
    if phone:
        taken |= Q(phone=phone) | Q(username=phone)
    if User.objects.filter(taken).exclude(mine).exists():
        raise IdentifierTakenError
    before = account.email, account.phone
    account.email, account.phone = email, phone
    try:
        with transaction.atomic():
            account.save(update_fields=["email", "phone"])
    except IntegrityError:  # somebody else took it a moment before
        account.email, account.phone = before
        raise IdentifierTakenError from None


class AccountStateError(Exception):
    """Somebody else has closed or opened the account meanwhile; the message says what holds."""


@transaction.atomic
def close_account(account: User, *, by: User, at: datetime, reason: str) -> None:
    """On the next request of each of its sessions; slips made out for it open nothing any more."""
    locked = User.objects.select_for_update().get(pk=account.pk)
    if not locked.is_active:
        raise AccountStateError(_("Tài khoản đã khóa từ trước. Chưa thay đổi gì."))
    locked.is_active = False
    locked.signed_out_at = at  # so that opening it again brings no old session back
    locked.save(update_fields=["is_active", "signed_out_at"])
    AccessCode.objects.filter(
        person=locked.person_id, used_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=at)
    record(
        AuditAction.ACCOUNT_CLOSED,
        actor=by,
        subject=locked.person or locked,
        detail={"reason": reason},
    )


@transaction.atomic
def open_account(account: User, *, by: User, reason: str) -> None:
    """With the password it had; whoever forgot it needs a code."""
    locked = User.objects.select_for_update().get(pk=account.pk)
    if locked.is_active:
        raise AccountStateError(_("Tài khoản đang mở. Chưa thay đổi gì."))
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    record(
        AuditAction.ACCOUNT_OPENED,
        actor=by,
        subject=locked.person or locked,
        detail={"reason": reason},
    )


def _free_email(email: str) -> str:
    return "" if User.objects.filter(email__iexact=email).exists() else email


def _free_phone(text: str) -> str:
    phone = normalised_phone(text)
    return "" if User.objects.filter(phone=phone).exists() else phone
