"""Reminding people of what a target still waits for: a line on their page of training, and a mail.

At most one a week a person, whoever reminds. A mail is tried once: if the worker dies while it
sends, or the server refuses, nobody gets two, and next week there may be another.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from people.audit import AuditAction, record_each
from people.dates import local_day
from people.models import Person, Unit, User
from people.queries.code_mails import with_own_address
from reports.models import Reminder, ReminderMail, Target
from reports.queries.audience import Question
from reports.queries.people import PeopleFilter, people_behind

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reminded:
    """`lately`: people who were reminded within the week already."""

    reminders: list[Reminder]
    lately: int

    @property
    def mails(self) -> list[int]:
        """Keys of those that wait for the worker."""
        return [each.pk for each in self.reminders if each.mail == ReminderMail.WAITING]


def remind_people(unit: Unit, target: Target, *, sector: str, by: User, at: datetime) -> Reminded:
    """Whoever of the unit is not complete today and whom `by` manages."""
    today = local_day(at)
    with transaction.atomic():
        left = _left(unit, Question(target, today, sector=sector), by, today)
        lately = _reminded_lately(left, today)
        chosen = [person for person in left if person.pk not in lately]
        reachable = {person.pk for person in with_own_address(chosen)}
        reminders = Reminder.objects.bulk_create(
            Reminder(
                person=person,
                target=target,
                unit=unit,
                reminded_by=by,
                reminded_on=today,
                week=_monday_of(today),
                mail=_mail_for(person.pk in reachable),
            )
            for person in chosen
        )
        detail = {"target": target.code, "unit": unit.code}
        subjects = ((person, detail) for person in chosen)
        record_each(AuditAction.PEOPLE_REMINDED, actor=by, subjects=subjects)
    return Reminded(reminders, len(left) - len(chosen))


def send_reminder_mail(pk: int) -> None:
    """Sends it once: it is said to be sent before it is."""
    waiting = Reminder.objects.filter(pk=pk, mail=ReminderMail.WAITING)
    if not waiting.update(mail=ReminderMail.SENT):
        return
    reminder = Reminder.objects.select_related("person", "target").get(pk=pk)
    try:
        _message(reminder).send()
    except OSError:  # what smtplib raises, and what it doesn't catch
        logger.warning("Reminder %s was not sent.", pk)
        Reminder.objects.filter(pk=pk).update(mail=ReminderMail.FAILED)


def _left(unit: Unit, question: Question, by: User, today: date) -> list[Person]:
    """Their rows are locked, so that two who remind at once take turns."""
    rows = people_behind(question, unit, viewer=by, chosen=PeopleFilter(is_done=False))
    people = Person.objects.managed_by(by, on=today)
    left = people.filter(pk__in=[row.person_id for row in rows]).values("pk")
    return list(Person.objects.select_for_update().filter(pk__in=left).order_by("pk"))


def _reminded_lately(people: list[Person], today: date) -> set[int]:
    """Also in the same week: it begins on Monday, so seven days may reach into the one before."""
    lately = Reminder.objects.lately(on=today) | Reminder.objects.filter(week=_monday_of(today))
    return set(lately.filter(person__in=people).values_list("person", flat=True))


def _mail_for(is_reachable: bool) -> str:
    return ReminderMail.WAITING if is_reachable and settings.SENDS_EMAIL else ReminderMail.NONE


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _message(reminder: Reminder) -> EmailMessage:
    """In Vietnamese, as other mail is."""
    context = {
        "person": reminder.person,
        "target": reminder.target,
        "address": f"{settings.BASE_URL.rstrip('/')}{reverse('reports:my')}",
        "SITE_NAME": settings.WAGTAIL_SITE_NAME,
        "SUPPORT_CONTACT": settings.SUPPORT_CONTACT,
    }
    with translation.override("vi"):
        return EmailMessage(
            subject=_("Nhắc việc học: %(site)s") % {"site": settings.WAGTAIL_SITE_NAME},
            body=render_to_string("reports/reminder_mail.txt", context),
            to=[reminder.person.email],
        )
