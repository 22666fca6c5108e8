"""One certificate in each state that a visitor can meet when verifying it."""

from __future__ import annotations

from datetime import date, datetime

from certificates.models import Certificate
from certificates.services.numbering import number_certificate
from certificates.services.revoking import replace, revoke
from lms.demo.runs import summer_window
from people.dates import local_day
from people.models import User


def write_verdicts(*, by: User, at: datetime, without: set[int]) -> None:
    """Of the summer's certificates one is revoked, one was got by fraud, one is replaced.

    Those that have lapsed are in the history: the social sector's of 2018.
    """
    window = summer_window(local_day(at))
    summer = (
        Certificate.objects.issued()
        .filter(completed_on__range=(window.opens_on, window.closes_on))
        .exclude(person__in=without)
        .order_by("completed_on", "person_id")
    )
    mistaken, dishonest, misspelt = summer[:3]
    revoke(mistaken, on=window.closes_on, reason="Cấp nhầm do trùng họ tên", by=by, at=at)
    revoke(
        dishonest, on=window.closes_on, reason="Nhờ người làm bài hộ", by=by, at=at, is_fraud=True
    )
    replacement = replace(
        misspelt,
        by=by,
        at=at,
        reason="Tên đơn vị in sai",
        unit_name=misspelt.unit_name.upper(),
    )
    number_certificate(replacement, at=at)


def addresses(today: date) -> dict[str, str]:
    """Where each state can be looked at, by its Vietnamese name."""
    certificates = Certificate.objects.order_by("completed_on", "person_id")
    found = {
        "còn hiệu lực": certificates.issued().valid_on(today).first(),
        "hết hiệu lực": certificates.filter(valid_until__lt=today, revocation=None).first(),
        "đã thu hồi": certificates.filter(revocation__isnull=False, replaced_by=None).first(),
        "đã cấp lại": certificates.filter(replaced_by__isnull=False).first(),
    }
    return {state: f"/verify/{each.pk}/" for state, each in found.items() if each is not None}
