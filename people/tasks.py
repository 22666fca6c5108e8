"""Work that can wait for the worker. A task is idempotent: it may run twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django_tasks import task

from people.models import RosterImport
from people.services.mailing_codes import send_waiting
from people.services.roster_applying import apply, tell
from people.services.roster_checking import check

logger = logging.getLogger(__name__)


@task()
def check_list(pk: int) -> None:
    """Compare an uploaded staff list with what is known."""
    with _logged("compare", pk) as roster_import:
        check(roster_import, at=timezone.now())


@task()
def apply_list(pk: int) -> None:
    """Apply a confirmed staff list, and tell the other rooms."""
    with _logged("apply", pk) as roster_import:
        apply(roster_import, at=timezone.now())


@task()
def tell_of_list(pk: int) -> None:
    """Tell the other rooms whose memberships a staff list, or undoing it, has changed."""
    with _logged("tell of", pk) as roster_import:
        tell(roster_import)


@task()
def send_code_mail(pk: int) -> None:
    """Issue one code and send it by e-mail."""
    send_waiting(pk, at=timezone.now())


@contextmanager
def _logged(step: str, pk: int) -> Iterator[RosterImport]:
    """A failure is the list's: it says so to a person, or the housekeeper takes it up again."""
    try:
        yield RosterImport.objects.get(pk=pk)
    except Exception:
        logger.exception("Could not %s roster import %s", step, pk)
