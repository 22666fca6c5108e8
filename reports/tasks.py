"""Work that can wait for the worker. A task is idempotent: it may run twice."""

from __future__ import annotations

from django_tasks import task

from reports.services.reminders import send_reminder_mail


@task()
def send_reminder(pk: int) -> None:
    """Send one reminder by e-mail, unless that was done."""
    send_reminder_mail(pk)
