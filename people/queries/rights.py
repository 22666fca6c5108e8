"""Who may open whose account. A code for somebody's account is that account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from people.dates import held_on
from people.models import Person, Scope, ScopeRole, UnitClosure, UnitVersion, User

# A role includes what stands before it; both kinds of manager may do the same to people.
RANKS = {
    ScopeRole.AGGREGATE_VIEWER: 0,
    ScopeRole.MONITOR: 1,
    ScopeRole.UNIT_MANAGER: 2,
    ScopeRole.SECTOR_MANAGER: 2,
}


@dataclass(frozen=True, slots=True)
class CodeRight:
    """Whether a viewer may issue a code; the reason is a sentence for her, empty if she may."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


def right_to_issue(viewer: User, person: Person, *, on: date) -> CodeRight:
    """Of someone whom the viewer manages that day; the caller has seen to that.

    Refused for herself (a borrowed session would become a new password), for closed accounts and
    for whoever holds more rights than she does.
    """
    if viewer.person_id == person.pk:
        return CodeRight(_("Không tự cấp mã cho mình: hãy dùng trang Đổi mật khẩu."))
    account = account_of_person(person)
    if account is None:
        return CodeRight()
    if not account.is_active:
        return CodeRight(
            _("Tài khoản của người này đã khóa: hãy nhờ quản trị hệ thống mở lại trước.")
        )
    if has_rights_beyond(account, viewer, on=on):
        return CodeRight(
            _(
                "Tài khoản của người này có quyền mà người cấp mã không có. Hãy nhờ quản trị hệ "
                "thống hoặc người quản lý cấp trên cấp mã."
            )
        )
    return CodeRight()


def has_rights_beyond(account: User, viewer: User, *, on: date) -> bool:
    """Whether whoever holds the account may do anything that the viewer may not.

    Scopes that begin later count too: a code opens the account for good.
    """
    if viewer.is_superuser and viewer.is_active:
        return False
    if account.is_superuser or (account.is_staff and not viewer.is_staff):
        return True
    if account.groups.exclude(pk__in=viewer.groups.values("pk")).exists():
        return True
    if account.user_permissions.exclude(pk__in=viewer.user_permissions.values("pk")).exists():
        return True
    theirs = account.scopes.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on))
    mine = list(Scope.objects.granted_to(viewer))
    return not all(_is_covered(scope, mine, on=on) for scope in theirs)


def account_of_person(person: Person) -> User | None:
    return User.objects.filter(person=person).first()


def _is_covered(scope: Scope, mine: list[Scope], *, on: date) -> bool:
    above = UnitClosure.objects.filter(held_on(on), unit=scope.unit_id)
    roots = {scope.unit_id, *above.values_list("ancestor", flat=True)}
    return any(
        each.unit_id in roots
        and RANKS[ScopeRole(each.role)] >= RANKS[ScopeRole(scope.role)]
        and _lasts(each, scope)
        and _is_of_sector(scope, each.sector, on=on)
        for each in mine
    )


def _lasts(mine: Scope, theirs: Scope) -> bool:
    """A grant that ends sooner than theirs covers it no longer than that."""
    return mine.ended_on is None or (
        theirs.ended_on is not None and theirs.ended_on <= mine.ended_on
    )


def _is_of_sector(scope: Scope, sector: str, *, on: date) -> bool:
    """Whether all that the scope opens is of the sector: a school's principal has no sector named,
    but everything below her is of one."""
    if not sector or scope.sector:
        return scope.sector == sector or not sector
    below = UnitClosure.objects.filter(held_on(on), ancestor=scope.unit_id).values("unit")
    others = UnitVersion.objects.filter(held_on(on), unit__in=below).exclude(sector=sector)
    return not others.exists()
