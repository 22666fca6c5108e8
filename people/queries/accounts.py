"""How an account stands, and who may close it, open it again or take its second step away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from people.models import AuditAction, AuditEntry, Person, User
from people.queries.rights import (
    CodeRight,
    account_of_person,
    has_rights_beyond,
    reasons_not_to_act,
)
from people.queries.second_factor import app_of


@dataclass(frozen=True, slots=True)
class Standing:
    """`account` is None, or never activated, until its owner has set a password."""

    account: User | None
    has_second_factor: bool
    closed: AuditEntry | None  # who closed it, when and why, where that was done here

    @property
    def state(self) -> str:
        if self.account is None:
            return "none"
        if not self.account.is_active:
            return "closed"
        return "active" if self.account.has_usable_password() else "none"


def standing_of(person: Person) -> Standing:
    account = account_of_person(person)
    has_app = account is not None and app_of(account) is not None
    is_closed = account is not None and not account.is_active
    return Standing(account, has_app, _last_closing(person) if is_closed else None)


def right_over_account(viewer: User, standing: Standing, *, on: date) -> CodeRight:
    """Whether she may act on the account, as for codes: it is not her own, and within her reach
    (`reasons_not_to_act`). The caller has seen to it that she manages the person.

    What somebody with more rights has closed, only such may open again.
    """
    account = standing.account
    if account is None:
        return CodeRight(_("Người này chưa có tài khoản."))
    if viewer.pk == account.pk:
        return CodeRight(
            _("Không tự khóa hay gỡ bảo vệ tài khoản của mình: hãy nhờ người quản lý khác.")
        )
    if reason := reasons_not_to_act(viewer, [account], on=on).get(account.pk):
        return CodeRight(reason)
    if not account.is_active and not may_open(viewer, standing, on=on):
        return CodeRight(
            _(
                "Tài khoản do cấp trên hoặc quản trị hệ thống khóa: hãy nhờ người đã khóa mở lại, "
                "hoặc quản trị hệ thống."
            )
        )
    return CodeRight()


def may_open(viewer: User, standing: Standing, *, on: date) -> bool:
    """Whether a closed account may be opened by her: nobody with more rights has closed it."""
    if viewer.is_superuser:
        return True
    closer = standing.closed.actor if standing.closed else None
    if closer is None:  # closed in the editor, or by a command: by an administrator
        return False
    return closer.pk == viewer.pk or not has_rights_beyond(closer, viewer, on=on)


def _last_closing(person: Person) -> AuditEntry | None:
    entries = AuditEntry.objects.filter(
        action=AuditAction.ACCOUNT_CLOSED, subject=f"people.person:{person.pk}"
    )
    return entries.select_related("actor__person").first()
