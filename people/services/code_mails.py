"""Asking for codes by e-mail, for people whose address on the roster is theirs alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from people.models import CodeMail, Person, Unit, User
from people.queries.code_mails import asked_lately, mailed_lately, with_own_address
from people.tasks import send_code_mail

LEASE = timedelta(minutes=15)  # as long as a task may wait for its worker


class CodeMailError(Exception):
    """No mail was asked for; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The mails that will go out, and to whom none does: her address is missing or shared, or one
    went to her less than an hour ago."""

    mails: list[CodeMail]
    without_address: list[Person]
    too_soon: list[Person]


def ask_to_mail(people: Collection[Person], *, unit: Unit, by: User, at: datetime) -> Asked:
    """Nothing is issued yet: that is for a task, one a person. The caller manages these people.

    Raises `CodeMailError` where there is no mail server, or beyond the limit of an hour.
    """
    if not settings.SENDS_EMAIL:
        raise CodeMailError(_("Hệ thống chưa có máy chủ thư: hãy in phiếu."))
    with transaction.atomic():
        # Two who ask take turns, for the same people and, in two tabs, within one limit. People
        # come first, as wherever codes are issued.
        keys = [person.pk for person in people]
        list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        User.objects.select_for_update().get(pk=by.pk)
        reachable = with_own_address(people)
        lately = mailed_lately(reachable, at=at)
        chosen = [person for person in reachable if person.pk not in lately]
        _refuse_beyond_limit(len(chosen), by=by, at=at)
        mails = CodeMail.objects.bulk_create(
            CodeMail(person=person, unit=unit, asked_by=by, asked_at=at, next_try_at=at + LEASE)
            for person in chosen
        )
    for mail in mails:
        send_code_mail.enqueue(mail.pk)
    reached = {person.pk for person in reachable}
    return Asked(
        mails=mails,
        without_address=[person for person in people if person.pk not in reached],
        too_soon=[person for person in reachable if person.pk in lately],
    )


def send_what_is_due(*, at: datetime) -> int:
    """Mails whose server kept silent, or whose worker died, are tried again. How many."""
    with transaction.atomic():
        due = list(CodeMail.objects.select_for_update().due_at(at).values_list("pk", flat=True))
        CodeMail.objects.filter(pk__in=due).update(next_try_at=at + LEASE)
    for key in due:
        send_code_mail.enqueue(key)
    return len(due)


def _refuse_beyond_limit(count: int, *, by: User, at: datetime) -> None:
    left = max(settings.CODE_MAILS_AN_HOUR - asked_lately(by, at=at), 0)
    if count > left:
        raise CodeMailError(
            _(
                "Mỗi giờ gửi được %(limit)s thư, còn %(left)s thư. Chưa gửi thư nào: hãy chọn ít "
                "người hơn, hoặc gửi tiếp sau một giờ."
            )
            % {"limit": settings.CODE_MAILS_AN_HOUR, "left": left}
        )
