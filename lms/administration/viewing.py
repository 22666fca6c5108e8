"""Viewing as someone else: the administrator's own session, read with another person's eyes.

Nobody is signed in as anybody (docs/adr/0014): the session stays the administrator's and holds
whom she views as; the middleware puts that account into `request.user` for reading. So the
viewed person's sign-ins, locks and `last_login` are untouched, and when the administrator's own
account is closed or her session ends, so does the view.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.urls import reverse

from people.audit import AuditAction, record
from people.models import Membership, Person, User

KEY = "view_as"
LONGEST = timedelta(minutes=30)


class Ending(StrEnum):
    """How a view came to its end, for the log."""

    STOPPED = "stopped"
    EXPIRED = "expired"
    SIGNED_OUT = "signed-out"
    NOT_ALLOWED = "not-allowed"  # any more: one of the two accounts changed meanwhile


@dataclass(frozen=True, slots=True)
class Viewing:
    """`account` is as the session names it; whether it may be viewed still is asked each time."""

    administrator: User
    account: User
    started_at: datetime
    reason: str
    group: str = ""
    unit: str = ""

    @property
    def back_to(self) -> str:
        """The page of the person, where it began; she may have lost her account since."""
        person = self.account.person_id
        return reverse("reports:person", args=[person]) if person else reverse("reports:index")

    @property
    def ends_at(self) -> datetime:
        return self.started_at + LONGEST

    def ending(self, *, at: datetime) -> Ending | None:
        """Why it is over by now; None while it goes on."""
        if not self.account.can_be_viewed_by(self.administrator):
            return Ending.NOT_ALLOWED
        return Ending.EXPIRED if at >= self.ends_at else None


def start_viewing(request: HttpRequest, account: User, *, reason: str, at: datetime) -> None:
    """The key of the session changes, as with every change of what it may see."""
    record(
        AuditAction.VIEW_AS_STARTED,
        actor=request.user,
        subject=account.person,
        detail={"reason": reason},
    )
    request.session[KEY] = {"account": account.pk, "since": at.isoformat(), "reason": reason}
    request.session.cycle_key()
    rotate_token(request)


def end_viewing(request: HttpRequest, viewing: Viewing, *, how: Ending) -> None:
    log_end(viewing, how=how)
    del request.session[KEY]
    request.session.cycle_key()
    rotate_token(request)


def log_end(viewing: Viewing, *, how: Ending) -> None:
    record(
        AuditAction.VIEW_AS_ENDED,
        actor=viewing.administrator,
        subject=viewing.account.person,
        detail={"reason": viewing.reason, "how": how.value},
    )


def viewing_in(request: HttpRequest, *, on: date) -> Viewing | None:
    """What the session says, of the account that is signed in; None when it says nothing."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None or not isinstance(request.user, User):
        return None
    account = User.objects.select_related("person").filter(pk=kept["account"]).first()
    if account is None:
        return None
    account.viewed_by = request.user  # type: ignore[attr-defined]  # read by people.audit
    group, unit = _post_of(account.person, on=on)
    return Viewing(
        administrator=request.user,
        account=account,
        started_at=datetime.fromisoformat(kept["since"]),
        reason=kept["reason"],
        group=group,
        unit=unit,
    )


def _post_of(person: Person | None, *, on: date) -> tuple[str, str]:
    """Group and unit of the day, for the banner; empty between two posts."""
    post = Membership.objects.primary_on(on).select_related("unit").filter(person=person).first()
    if post is None:
        return "", ""
    return post.get_staff_group_display(), post.unit.name_on(on)
