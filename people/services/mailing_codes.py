"""Sending one code by e-mail, which a task does.

What is readable of the code is never stored, neither here nor with the task: it is made again from
the mail's own key. So a worker that dies between sending and saying so sends the same code twice,
never two codes.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.codes import code_from, grouped
from people.dates import local_day
from people.models import AccessCode, CodeMail, MailProblem, MailState, Person
from people.queries.code_mails import with_own_address
from people.queries.rights import account_of_person
from people.services.codes import issue_codes

logger = logging.getLogger(__name__)

# After a server's silence, the next try; and as long as a worker may take for one mail.
WAITS = [timedelta(minutes=minutes) for minutes in (2, 10, 60, 240)]
LEASE = timedelta(minutes=15)


def send_waiting(mail_id: int, *, at: datetime) -> None:
    """Issues the code, once, and sends it. A mail that is done with stays as it is."""
    with transaction.atomic():
        mail = CodeMail.objects.select_for_update().get(pk=mail_id)
        if mail.state != MailState.WAITING:
            return
        problem = _problem_with(mail) or _issue(mail, at=at)
        mail.tries += 1
        mail.next_try_at = at + LEASE
        if problem:
            _give_up(mail, problem, at=at)
        mail.save()
    if not problem:
        _send(mail, at=at)


def _problem_with(mail: CodeMail) -> str:
    if mail.tries > len(WAITS):
        return MailProblem.NO_SERVER
    return "" if with_own_address([mail.person]) else MailProblem.NO_ADDRESS


def _issue(mail: CodeMail, *, at: datetime) -> str:
    """The code as it is stored, unless that was done before; the problem, if there is one.

    Whoever asked may manage the person no more: hours may have passed. And a slip printed since is
    in somebody's hands: no mail makes it worthless.
    """
    codes = AccessCode.objects.filter(person=mail.person)
    if mail.access_code_id is not None:
        is_good = codes.live_at(at).filter(pk=mail.access_code_id).exists()
        return "" if is_good else MailProblem.REPLACED
    if codes.filter(issued_at__gt=mail.asked_at).exists():
        return MailProblem.REPLACED
    managed = Person.objects.managed_by(mail.asked_by, on=local_day(at))
    if not managed.filter(pk=mail.person_id).exists():
        return MailProblem.NO_RIGHT
    issued = issue_codes(
        [mail.person], issued_by=mail.asked_by, at=at, make_code=lambda: _code_of(mail)
    )
    if not issued.slips:
        return MailProblem.NO_RIGHT
    mail.access_code = codes.live_at(at).get()
    return ""


def _code_of(mail: CodeMail) -> str:
    return code_from(f"{mail.pk}:{mail.person_id}:{mail.asked_at.timestamp()}")


def _send(mail: CodeMail, *, at: datetime) -> None:
    """Of what goes wrong its kind alone is kept: a server's answer may quote the mail."""
    try:
        _message(mail).send()
    except SMTPRecipientsRefused:
        _give_up(mail, MailProblem.REFUSED, at=at)
    except SMTPResponseException as error:
        if error.smtp_code >= 500:  # for good, whenever it is tried again
            _give_up(mail, MailProblem.REFUSED, at=at)
        else:
            _try_later(mail, at=at)
    except (SMTPException, OSError):
        _try_later(mail, at=at)
    else:
        return _sent(mail, at=at)
    logger.warning("Code mail %s was not sent at try %s.", mail.pk, mail.tries)
    mail.save()


def _sent(mail: CodeMail, *, at: datetime) -> None:
    with transaction.atomic():
        mail.state, mail.problem, mail.ended_at = MailState.SENT, "", at
        mail.save()
        record(AuditAction.CODE_MAILED, actor=mail.asked_by, subject=mail.person)


def _try_later(mail: CodeMail, *, at: datetime) -> None:
    if mail.tries > len(WAITS):
        _give_up(mail, MailProblem.NO_SERVER, at=at)
    else:
        mail.problem = MailProblem.NO_SERVER
        mail.next_try_at = at + WAITS[mail.tries - 1]


def _give_up(mail: CodeMail, problem: str, *, at: datetime) -> None:
    mail.state, mail.problem, mail.ended_at = MailState.FAILED, problem, at


def _message(mail: CodeMail) -> EmailMultiAlternatives:
    """In Vietnamese: whoever gets it has chosen no language yet. The same mail, sent twice, bears
    the same identifier."""
    person, code = mail.person, mail.access_code
    account = account_of_person(person)
    name = account.username if account else person.code
    site = settings.BASE_URL.rstrip("/")
    context = {
        "person": person,
        "sign_in_name": name,
        "code": grouped(_code_of(mail)),
        "expires_at": code.expires_at if code else None,
        "address": f"{site}{reverse('people:activate')}?{urlencode({'username': name})}",
        "SITE_NAME": settings.WAGTAIL_SITE_NAME,
        "SUPPORT_CONTACT": settings.SUPPORT_CONTACT,
    }
    with translation.override("vi"):
        message = EmailMultiAlternatives(
            subject=_("Mã đăng nhập %(site)s") % {"site": settings.WAGTAIL_SITE_NAME},
            body=render_to_string("people/account/code_mail.txt", context),
            to=[person.email],
            headers={
                "Message-ID": f"<code-{mail.pk}.{mail.asked_at.timestamp():.0f}@{_host(site)}>"
            },
        )
        message.attach_alternative(
            render_to_string("people/account/code_mail.html", context), "text/html"
        )
    return message


def _host(site: str) -> str:
    return site.split("://", 1)[-1].split("/")[0].split(":")[0]
