"""Work that can wait for the worker. A task is idempotent: it may run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.utils import timezone
from django_tasks import task

from people.models import RosterImport
from people.services.mailing_codes import send_waiting
from people.services.roster_applying import apply
from people.services.roster_checking import check
from people.services.roster_working import give_up

logger = logging.getLogger(__name__)


@task()
def check_list(pk: int) -> None:
    """Compare an uploaded staff list with what is known."""
    _do(check, pk)


@task()
def apply_list(pk: int) -> None:
    """Apply a confirmed staff list, and tell the other rooms."""
    _do(apply, pk)


@task()
def send_code_mail(pk: int) -> None:
    """Issue one code and send it by e-mail."""
    send_waiting(pk, at=timezone.now())


def _do(step: Callable[..., None], pk: int) -> None:
    """A list that breaks its worker waits for a person again instead of for ever."""
    roster_import = RosterImport.objects.get(pk=pk)
    try:
        step(roster_import, at=timezone.now())
    except Exception:
        logger.exception("Could not %s roster import %s", step.__name__, pk)
        give_up(roster_import)
