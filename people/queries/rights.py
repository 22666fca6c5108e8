"""Who may open whose account, which is what a code does, and who may grant and end which scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from people.dates import held_on, local_day
from people.formats import local_date
from people.models import (
    ImportState,
    Person,
    RosterChange,
    Scope,
    ScopeRole,
    Unit,
    UnitClosure,
    User,
)

# For so long somebody whom a list brought from elsewhere is new to whoever brought it.
IS_NEW_FOR = timedelta(days=92)

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
    """`rights_to_issue` of one person."""
    return rights_to_issue(viewer, [person], on=on)[person.pk]


def rights_to_issue(viewer: User, people: Collection[Person], *, on: date) -> dict[int, CodeRight]:
    """By the key of each person. The viewer manages them all that day: the caller has seen to it.

    Refused for herself (a borrowed session would become a new password), for closed accounts and
    for those that are out of her reach (`reasons_not_to_act`). As many queries for a whole unit as
    for one person.
    """
    accounts = accounts_of(people)
    reasons = reasons_not_to_act(viewer, accounts.values(), on=on)
    return {
        person.pk: CodeRight(_refusal(viewer, person, accounts.get(person.pk), reasons))
        for person in people
    }


def accounts_of(people: Collection[Person]) -> dict[int | None, User]:
    """By the key of the person, of those who have one."""
    return {account.person_id: account for account in User.objects.filter(person__in=people)}


def account_of_person(person: Person) -> User | None:
    return accounts_of([person]).get(person.pk)


def reasons_not_to_act(viewer: User, accounts: Iterable[User], *, on: date) -> dict[int, str]:
    """Why the viewer may not open, close or merge an account, in a sentence for her, by its key;
    those on which she may act are missing.

    By it anything may be done that she may not do; or it holds a scope that stands beside hers, as
    a principal's beside her deputy's, begun or not: a code opens the account for good. Or a list
    brought its owner of late from where the viewer manages nobody: else a list, a code and its
    undoing would open any account.
    """
    accounts = list(accounts)
    if not accounts or viewer.is_unlimited:
        return {}
    out_of_reach = _accounts_without(_Held.stands_over, viewer, accounts, on=on)
    equal = _(
        "Tài khoản có quyền ngang hoặc hơn người thực hiện. Hãy nhờ quản trị hệ thống hoặc người "
        "quản lý cấp trên."
    )
    return {**_taken_over(viewer, accounts, on=on), **dict.fromkeys(out_of_reach, equal)}


def _taken_over(viewer: User, accounts: list[User], *, on: date) -> dict[int, str]:
    """The same, of those with a password who came by a list from beyond the viewer's units."""
    managed = Unit.objects.managed_by(viewer, on=on)
    brought = (
        RosterChange.objects.moving_outsiders()
        .filter(
            person__in=[each.person_id for each in accounts if each.has_usable_password()],
            roster_import__state=ImportState.APPLIED,
            roster_import__applied_at__date__gte=on - IS_NEW_FOR,
        )
        # Where a membership is opened, the one closed is of the unit that she left.
        .exclude(closed_unit__in=managed, opened_on__isnull=False)
        .order_by("roster_import__applied_at")
    )
    instants = brought.values_list("person", "roster_import__applied_at")
    days = {person: local_day(at) for person, at in instants if at is not None}
    return {
        each.pk: _(
            "Người này đã có mật khẩu và vừa được nhận từ đơn vị khác bằng danh sách. Hãy nhờ "
            "người quản lý cấp trên của cả hai đơn vị, hoặc đợi đến ngày %(day)s."
        )
        % {"day": local_date(days[each.person_id] + IS_NEW_FOR + timedelta(days=1))}
        for each in accounts
        if each.person_id in days
    }


def has_rights_beyond(account: User, viewer: User, *, on: date) -> bool:
    """Whether by the account anything may be done that the viewer may not do."""
    return bool(_accounts_without(_Held.covers, viewer, [account], on=on))


def _accounts_without(
    holds: Callable[[_Held, Scope], bool], viewer: User, accounts: list[User], *, on: date
) -> set[int]:
    """Keys of those that hold a scope of which it is not so, or other rights that she lacks."""
    if viewer.is_unlimited:
        return set()
    prefetch_related_objects(accounts, "groups", "user_permissions", "scopes")
    held = _Held.by(viewer, accounts, on=on)
    return {
        account.pk
        for account in accounts
        if not held.has_rights_of(account)
        or not all(holds(held, scope) for scope in held.lasting_scopes(account))
    }


def _refusal(viewer: User, person: Person, account: User | None, reasons: dict[int, str]) -> str:
    """Empty where the code may be issued."""
    if viewer.person_id == person.pk:
        return _("Không tự cấp mã cho mình: hãy dùng trang Đổi mật khẩu.")
    if account is None:
        return ""
    if not account.is_active:
        return _("Tài khoản của người này đã khóa: hãy nhờ quản trị hệ thống mở lại trước.")
    return reasons.get(account.pk, "")


def refusal_to_grant(viewer: User, scope: Scope, *, on: date) -> str:
    """Why the viewer may not grant this scope, in a sentence for her; empty where she may.

    Nobody grants to herself, to somebody whom she doesn't manage, or more than she holds herself:
    a unit of hers, a role no higher, her sector, no day longer. Only scopes that manage count:
    watching over a city grants nothing in it.
    """
    if _is_hers(viewer, scope):
        return _("Không tự cấp phạm vi cho mình: hãy nhờ người quản lý cấp trên.")
    if not scope.user.is_active:
        return _("Tài khoản này đã khóa: hãy mở lại tài khoản trước khi cấp phạm vi.")
    if viewer.is_unlimited:
        return ""
    people = Person.objects.managed_by(viewer, on=on)
    if not people.filter(user=scope.user).exists():
        return _("Người này không thuộc phạm vi quản lý: hãy nhờ người quản lý cấp trên cấp.")
    if not HeldScopes.managing(viewer, [scope.unit_id], on=on).cover(scope):
        return _(
            "Phạm vi này rộng hơn hoặc dài hơn phạm vi của người cấp. Hãy chọn đơn vị, vai trò, "
            "ngành và ngày cuối trong phạm vi của mình, hoặc nhờ cấp trên cấp."
        )
    return ""


def refusal_to_end(viewer: User, scope: Scope, *, on: date) -> str:
    """Why the viewer may not revoke the scope or move its last day; empty where she may.

    What she granted and could grant still, and what stands below her own: a deputy takes nothing
    from her principal, nor a principal from whoever inspects the school.
    """
    if _is_hers(viewer, scope):
        return _("Không tự thu hồi hay đổi phạm vi của mình: hãy nhờ người quản lý cấp trên.")
    if viewer.is_unlimited:
        return ""
    held = HeldScopes.managing(viewer, [scope.unit_id], on=on)
    if held.stand_over(scope) or (scope.granted_by_id == viewer.pk and held.reach(scope)):
        return ""
    return _(
        "Phạm vi này do người khác cấp và không ở dưới phạm vi của mình: hãy nhờ người đã cấp "
        "hoặc người quản lý cấp trên."
    )


def _is_hers(viewer: User, scope: Scope) -> bool:
    same_person = viewer.person_id is not None and viewer.person_id == scope.user.person_id
    return same_person or viewer.pk == scope.user_id


@dataclass(frozen=True, slots=True)
class HeldScopes:
    """Scopes of somebody, and of each unit where others hold one the units above it and the
    sectors below it."""

    scopes: list[Scope]
    above: dict[int, set[int]]
    sectors_below: dict[int, set[str]]

    @classmethod
    def against(cls, scopes: Iterable[Scope], units: Collection[int], *, on: date) -> HeldScopes:
        closure = UnitClosure.objects.filter(held_on(on))
        above = closure.filter(unit__in=units).values_list("unit", "ancestor")
        below = closure.filter(held_on(on, "unit__versions__"), ancestor__in=units)
        return cls(
            list(scopes),
            above=_gathered(above),
            sectors_below=_gathered(below.values_list("ancestor", "unit__versions__sector")),
        )

    @classmethod
    def managing(cls, viewer: User, units: Collection[int], *, on: date) -> HeldScopes:
        return cls.against(Scope.objects.granted_to(viewer).managing_people(), units, on=on)

    def cover(self, scope: Scope) -> bool:
        """Whether one of them opens all that the scope opens, as long as it does."""
        return any(self._reaches(mine, scope) and _lasts(mine, scope) for mine in self.scopes)

    def reach(self, scope: Scope) -> bool:
        """The same, however long."""
        return any(self._reaches(mine, scope) for mine in self.scopes)

    def stand_over(self, scope: Scope) -> bool:
        """Whether one is wider than the scope: of a unit above its own, or of every sector."""
        return any(
            self._reaches(mine, scope)
            and (mine.unit_id != scope.unit_id or bool(scope.sector and not mine.sector))
            for mine in self.scopes
        )

    def _reaches(self, mine: Scope, scope: Scope) -> bool:
        roots = {scope.unit_id} | self.above.get(scope.unit_id, set())
        return (
            mine.unit_id in roots
            and RANKS[ScopeRole(mine.role)] >= RANKS[ScopeRole(scope.role)]
            and self._is_of_sector(scope, mine.sector)
        )

    def _is_of_sector(self, scope: Scope, sector: str) -> bool:
        """Whether all that the scope opens is of the sector: a school's principal has no sector
        named, but everything below her is of one."""
        if not sector or scope.sector:
            return scope.sector == sector or not sector
        return self.sectors_below.get(scope.unit_id, set()) <= {sector}


@dataclass(frozen=True, slots=True)
class _Held:
    """All that a viewer holds."""

    viewer: User
    on: date
    groups: set[int]
    permissions: set[int]
    scopes: HeldScopes

    @classmethod
    def by(cls, viewer: User, accounts: Iterable[User], *, on: date) -> _Held:
        units = {scope.unit_id for account in accounts for scope in account.scopes.all()}
        return cls(
            viewer,
            on,
            groups=set(viewer.groups.values_list("pk", flat=True)),
            permissions=set(viewer.user_permissions.values_list("pk", flat=True)),
            scopes=HeldScopes.against(Scope.objects.granted_to(viewer), units, on=on),
        )

    def has_rights_of(self, account: User) -> bool:
        """Those that are not scopes."""
        if account.is_superuser or (account.is_staff and not self.viewer.is_staff):
            return False
        return {group.pk for group in account.groups.all()} <= self.groups and {
            each.pk for each in account.user_permissions.all()
        } <= self.permissions

    def lasting_scopes(self, account: User) -> list[Scope]:
        """Those that are not over."""
        scopes = account.scopes.all()
        return [each for each in scopes if each.ended_on is None or each.ended_on >= self.on]

    def covers(self, scope: Scope) -> bool:
        return self.scopes.cover(scope)

    def stands_over(self, scope: Scope) -> bool:
        return self.scopes.cover(scope) and self.scopes.stand_over(scope)


def _lasts(mine: Scope, theirs: Scope) -> bool:
    """A grant that ends sooner than theirs covers it no longer than that."""
    return mine.ended_on is None or (
        theirs.ended_on is not None and theirs.ended_on <= mine.ended_on
    )


def _gathered(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, set[Any]]:
    found: dict[Any, set[Any]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found
