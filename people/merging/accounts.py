"""By which account the one person signs in."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from people.dates import local_day
from people.formats import local_date
from people.merging.plan import GONE, KEPT, MergePlan
from people.models import AccessCode, Person, User

ACCOUNT, SCOPES = "account", "scopes"
MOVE, LEAVE = "move", "leave"
ISSUED_SINCE = gettext_noop("mã đăng nhập mới cấp, chưa dùng")


def plan_account(plan: MergePlan) -> None:
    plan.handle("people.User.person", "people.AccessCode.person")
    ours, theirs = (User.objects.filter(person=person).first() for person in plan.both)
    if theirs is not None and ours is None:
        _move(plan, theirs)
    elif ours is not None and theirs is not None:
        _choose(plan, ours, theirs)
    _withdraw_codes(plan, plan.gone)
    if plan.moves_account:
        _withdraw_codes(plan, plan.kept)


def _choose(plan: MergePlan, ours: User, theirs: User) -> None:
    chosen = plan.ask(
        ACCOUNT,
        _("Cả hai hồ sơ đều có tài khoản. Giữ tài khoản nào?"),
        [(KEPT, _described(ours)), (GONE, _described(theirs))],
        hint=_("Tài khoản kia bị khóa và mọi phiên đăng nhập của nó kết thúc ngay."),
    )
    if not chosen:
        return
    stays, closed = (theirs, ours) if chosen == GONE else (ours, theirs)
    _close(plan, closed, stays)
    _move(plan, stays)


def _move(plan: MergePlan, account: User) -> None:
    """Nothing of the account changes but whose it is: names, password, rights stay."""
    plan.moves_account = account.person_id != plan.kept.pk
    plan.change([account], person_id=plan.kept.pk)
    plan.tell(
        _("Đăng nhập bằng tài khoản %(name)s; mã của cả hai hồ sơ đều đăng nhập vào tài khoản ấy.")
        % {"name": account.username}
    )


def _close(plan: MergePlan, closed: User, stays: User) -> None:
    """Its address and number go over where the account that stays has none: they sign in one."""
    spare = {
        name: getattr(closed, name)
        for name in ("email", "phone")
        if getattr(closed, name) and not getattr(stays, name)
    }
    blank = dict.fromkeys(spare, "")
    plan.change([closed], person_id=None, is_active=False, **blank)
    plan.change([stays], **spare)
    plan.tell(_("Tài khoản %(name)s bị khóa.") % {"name": closed.username})
    _plan_scopes(plan, closed, stays)
    if closed.groups.exists() or closed.user_permissions.exists() or closed.is_staff:
        plan.tell(
            _("Quyền biên soạn, giảng viên hoặc quản trị của tài khoản %(name)s không chuyển theo.")
            % {"name": closed.username}
        )


def _plan_scopes(plan: MergePlan, closed: User, stays: User) -> None:
    """Never carried over unless somebody says so."""
    still = Q(ended_on__isnull=True) | Q(ended_on__gte=local_day(plan.at))
    scopes = list(closed.scopes.filter(still).select_related("unit").order_by("pk"))
    if not scopes:
        return
    named = "; ".join(f"{scope.get_role_display()}: {scope.unit.code}" for scope in scopes)
    chosen = plan.ask(
        SCOPES,
        _("Tài khoản bị khóa đang có phạm vi quản lý (%(scopes)s). Làm gì với phạm vi ấy?")
        % {"scopes": named},
        [
            (MOVE, _("Chuyển sang tài khoản giữ lại")),
            (LEAVE, _("Không chuyển: phạm vi ấy thôi có hiệu lực")),
        ],
    )
    if chosen == MOVE:
        plan.change(scopes, user_id=stays.pk)
        plan.tell(_("Phạm vi quản lý chuyển theo: %(scopes)s.") % {"scopes": named})


def _withdraw_codes(plan: MergePlan, person: Person) -> None:
    """A slip on its way was for another account than it would open now."""
    live = AccessCode.objects.filter(person=person, used_at=None, withdrawn_at=None)
    if codes := list(live):
        plan.change(codes, withdrawn_at=plan.at)
        plan.guard(
            AccessCode,
            ISSUED_SINCE,
            person=person.pk,
            used_at__isnull=True,
            withdrawn_at__isnull=True,
        )
        plan.tell(_("Phiếu mã đăng nhập chưa dùng bị hủy: hãy cấp mã mới nếu cần."))


def _described(account: User) -> str:
    if account.last_login is None:
        return _("%(name)s, chưa đăng nhập lần nào") % {"name": account.username}
    return _("%(name)s, đăng nhập lần cuối %(day)s") % {
        "name": account.username,
        "day": local_date(account.last_login),
    }
