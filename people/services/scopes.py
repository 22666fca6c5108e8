"""Granting scopes, revoking them, moving their last day. Each works on the next request."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.dates import day_before, held_on, local_day
from people.formats import local_date
from people.models import Scope, ScopeChange, ScopeRole, ScopeState, UnitClosure, User
from people.queries.rights import refusal_to_end, refusal_to_grant


class ScopeError(Exception):
    """Nothing was granted or changed; the message says why and what to do."""


@transaction.atomic
def grant_scope(scope: Scope, *, by: User, at: datetime) -> Scope:
    """Stores the scope, which nobody has saved yet. Raises `ScopeError`.

    It begins today or later: a scope of the past opens nothing, and would say that somebody was in
    charge who was not.
    """
    granter = _taking_turns(by, scope.user)
    today = local_day(at)
    if refusal := _unfit(scope, today=today) or refusal_to_grant(granter, scope, on=today):
        raise ScopeError(refusal)
    scope.granted_by, scope.granted_at = by, at
    scope.save(force_insert=True)
    _log(AuditAction.SCOPE_GRANTED, scope, by=by, reason=scope.reason)
    return scope


@transaction.atomic
def revoke_scope(
    scope: Scope, *, on: date, reason: str, by: User, at: datetime, with_granted: bool = False
) -> list[Scope]:
    """From that day on it opens nothing; `on` today is at once. Gives all that were revoked.

    `with_granted`: also those that its holder granted below, as far as `by` may end them. Raises
    `ScopeError`.
    """
    scope = _endable(scope, by=by, at=at)
    if on < local_day(at):
        raise ScopeError(_("Không thu hồi lùi ngày được: hãy chọn hôm nay hoặc một ngày sau."))
    last = day_before(max(on, scope.started_on))
    if scope.ended_on is not None and scope.ended_on <= last:
        raise ScopeError(
            _("Phạm vi này vốn hết trước ngày ấy, nên chưa đổi gì: hãy chọn một ngày sớm hơn.")
        )
    _move(scope, last, reason=reason, by=by, at=at, is_revocation=True)
    revoked = [scope]
    if with_granted:
        for granted in granted_through(scope, on=local_day(at)):
            if _ends_after(granted, on) and not refusal_to_end(by, granted, on=local_day(at)):
                revoked += revoke_scope(
                    granted, on=on, reason=reason, by=by, at=at, with_granted=True
                )
    return revoked


@transaction.atomic
def change_last_day(
    scope: Scope, ended_on: date | None, *, reason: str, by: User, at: datetime
) -> None:
    """None: until it is revoked. A later day is granted anew, by whoever could grant it.

    Raises `ScopeError`.
    """
    scope, today = _endable(scope, by=by, at=at), local_day(at)
    if ended_on == scope.ended_on:
        raise ScopeError(_("Ngày cuối vẫn như cũ, nên chưa đổi gì."))
    if ended_on is not None and ended_on < max(today, scope.started_on):
        raise ScopeError(_("Ngày cuối phải từ hôm nay trở đi; muốn dừng ngay thì hãy thu hồi."))
    before, scope.ended_on = scope.ended_on, ended_on
    if _is_longer(ended_on, than=before):
        refusal = _unfit(scope, today=scope.started_on) or refusal_to_grant(by, scope, on=today)
        if refusal:
            raise ScopeError(refusal)
    scope.ended_on = before
    _move(scope, ended_on, reason=reason, by=by, at=at)


def granted_through(scope: Scope, *, on: date) -> QuerySet[Scope]:
    """What the scope's holder granted within its unit and is not over by that day."""
    below = UnitClosure.objects.filter(held_on(on), ancestor=scope.unit_id)
    granted = Scope.objects.filter(granted_by=scope.user_id, unit__in=below.values("unit"))
    over = Scope.objects.over_on(on)
    return granted.exclude(pk=scope.pk).exclude(pk__in=over.values("pk")).order_by("pk")


def _taking_turns(by: User, account: User) -> User:
    """Whoever grants or ends scopes of these accounts waits; gives the doer as she is now."""
    keys = {by.pk, account.pk}
    locked = {
        each.pk: each
        for each in User.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    account.is_active = locked[account.pk].is_active
    return locked[by.pk]


def _endable(scope: Scope, *, by: User, at: datetime) -> Scope:
    """The scope as it is now, held until the transaction ends; `ScopeError` if it isn't `by`'s."""
    doer = _taking_turns(by, scope.user)
    held = Scope.objects.select_related("user__person", "unit").get(pk=scope.pk)
    if held.state_on(local_day(at)) is ScopeState.OVER:
        raise ScopeError(_("Phạm vi này đã hết; không có gì thay đổi."))
    if refusal := refusal_to_end(doer, held, on=local_day(at)):
        raise ScopeError(refusal)
    return held


def _move(
    scope: Scope,
    ended_on: date | None,
    *,
    reason: str,
    by: User,
    at: datetime,
    is_revocation: bool = False,
) -> None:
    ScopeChange.objects.create(
        scope=scope,
        is_revocation=is_revocation,
        ended_before=scope.ended_on,
        ended_on=ended_on,
        reason=reason,
        changed_by=by,
        changed_at=at,
    )
    scope.ended_on = ended_on
    scope.save(update_fields=["ended_on"])
    action = AuditAction.SCOPE_REVOKED if is_revocation else AuditAction.SCOPE_CHANGED
    _log(action, scope, by=by, reason=reason)


def _unfit(scope: Scope, *, today: date) -> str:
    """What is wrong with the scope, whoever grants it."""
    if scope.started_on < today:
        return _("Không cấp lùi ngày được: hãy chọn hôm nay hoặc một ngày sau.")
    if scope.ended_on is not None and scope.ended_on < scope.started_on:
        return _("Ngày cuối phải từ ngày bắt đầu trở đi.")
    if scope.role == ScopeRole.SECTOR_MANAGER and not scope.sector:
        return _("Quản trị ngành cần một ngành: hãy chọn ngành.")
    if scope.unit.closed_on is not None and scope.unit.closed_on < scope.started_on:
        return _("Đơn vị không còn hoạt động vào ngày bắt đầu: hãy chọn đơn vị khác.")
    if other := _same(scope):
        return _(
            "Tài khoản này đã có phạm vi ấy từ ngày %(day)s. Muốn dài hơn hoặc ngắn hơn thì hãy "
            "đổi ngày cuối của phạm vi đã có."
        ) % {"day": local_date(other.started_on)}
    return ""


def _same(scope: Scope) -> Scope | None:
    """Another that opens the same on one of its days: a form sent twice, or an oversight."""
    others = Scope.objects.filter(
        user=scope.user, unit=scope.unit, role=scope.role, sector=scope.sector
    ).exclude(pk=scope.pk)
    if scope.ended_on is not None:
        others = others.filter(started_on__lte=scope.ended_on)
    never_began = Q(ended_on__lt=F("started_on"))
    return others.exclude(never_began).exclude(ended_on__lt=scope.started_on).first()


def _ends_after(scope: Scope, on: date) -> bool:
    last = day_before(max(on, scope.started_on))
    return scope.ended_on is None or scope.ended_on > last


def _is_longer(ended_on: date | None, *, than: date | None) -> bool:
    return than is not None and (ended_on is None or ended_on > than)


def _log(action: AuditAction, scope: Scope, *, by: User, reason: str) -> None:
    detail = {
        "role": scope.role,
        "unit": scope.unit.code,
        "sector": scope.sector,
        "from": scope.started_on.isoformat(),
        "until": scope.ended_on and scope.ended_on.isoformat(),
        "reason": reason,
    }
    told = {name: value for name, value in detail.items() if value}
    record(action, actor=by, subject=scope.user.person or scope.user, detail=told)
