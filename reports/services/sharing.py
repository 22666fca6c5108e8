"""Making and revoking tokens, finding the one that a machine shows, and noting what it took."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.dates import local_day
from people.models import User
from reports.models import Share, SharedWhat, SharingToken
from reports.queries.sharing import sectors_to_share, units_to_share
from reports.sharing_secrets import SHOWN, digest, new_token

LONGEST = timedelta(days=366)  # that a token is good for: whoever needs it longer is asked again
NOTED_EVERY = timedelta(minutes=1)  # that a token was used, so that reading doesn't always write


class SharingError(Exception):
    """Nothing was made or revoked; the message says why and what to do."""


@transaction.atomic
def make_token(token: SharingToken, *, by: User, at: datetime) -> str:
    """Stores the token, which nobody has saved yet, and gives the text that is shown this once.

    Raises `SharingError`.
    """
    if refusal := _refusal(token, by=by, at=at):
        raise SharingError(refusal)
    secret = new_token()
    token.begins, token.digest = secret[:SHOWN], digest(secret)
    token.created_by, token.created_at = by, at
    token.save(force_insert=True)
    _log(AuditAction.TOKEN_MADE, token, by=by)
    return secret


@transaction.atomic
def revoke_token(token: SharingToken, *, by: User, at: datetime) -> None:
    """It opens nothing from the next request on, for good. Raises `SharingError`."""
    open_ones = SharingToken.objects.filter(pk=token.pk, revoked_at=None)
    if not open_ones.update(revoked_by=by, revoked_at=at):
        raise SharingError(_("Khóa này đã được thu hồi trước đó; không có gì thay đổi."))
    _log(AuditAction.TOKEN_REVOKED, token, by=by)


def token_shown(secret: str) -> SharingToken | None:
    """Also one that is revoked or has expired (1 query)."""
    tokens = SharingToken.objects.select_related("unit")
    return tokens.filter(digest=digest(secret)).first()


def note_use(token: SharingToken, *, at: datetime) -> None:
    if token.last_used_at is None or token.last_used_at < at - NOTED_EVERY:
        SharingToken.objects.filter(pk=token.pk).update(last_used_at=at)


def note_share(
    token: SharingToken,
    what: SharedWhat,
    *,
    asked: dict[str, Any],
    rows: int,
    withheld: int = 0,
    by: User | None = None,
    at: datetime,
) -> None:
    """`by` None: the body's machine."""
    Share.objects.create(
        at=at,
        token=token,
        taken_by=by,
        what=what.value,
        asked=asked,
        rows=rows,
        withheld=withheld,
    )


def _refusal(token: SharingToken, *, by: User, at: datetime) -> str:
    """Nobody gives away more than she manages."""
    today = local_day(at)
    if token.unit not in units_to_share(by, on=today):
        return _("Đơn vị này không thuộc phạm vi quản lý: hãy chọn một đơn vị khác.")
    if not {"", token.sector} & sectors_to_share(by, on=today):
        return _("Chỉ chia sẻ được số liệu của ngành mình: hãy chọn ngành.")
    if not today <= token.valid_until <= today + LONGEST:
        return _("Khóa dùng được từ hôm nay đến nhiều nhất một năm: hãy chọn một ngày khác.")
    return ""


def _log(action: AuditAction, token: SharingToken, *, by: User) -> None:
    detail = {
        "body": token.body,
        "unit": token.unit.code,
        "sector": token.sector,
        "until": token.valid_until.isoformat(),
        "reason": token.purpose,
    }
    told = {name: value for name, value in detail.items() if value}
    record(action, actor=by, subject=token, detail=told)
