"""Periodic chores of the worker process. Each is idempotent and may be missed without harm."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime

from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone

from certificates.services.issuing import issue_missing
from courses.services.decisions import decide_open_runs
from lms.reaper import take_back_expired
from people.dates import local_day
from people.services.code_mails import send_what_is_due
from people.services.roster_chores import forget_old_imports, take_up_unfinished
from reports.services.scheduled_exports import forget_old_files, make_what_is_due

logger = logging.getLogger(__name__)

INTERVAL = 60  # seconds


class Housekeeper:
    """Runs every chore once a minute, the daily ones once a day and at the start."""

    def __init__(self, stopping: threading.Event) -> None:
        self.stopping = stopping
        self.done_on: date | None = None

    def run(self) -> None:
        while not self.stopping.is_set():
            self.tick(timezone.now())
            self.stopping.wait(INTERVAL)

    def tick(self, now: datetime) -> None:
        self._try("publish what is scheduled", lambda: call_command("publish_scheduled"))
        self._try("give back tasks of dead workers", lambda: take_back_expired(at=now))
        self._try("send mails again", lambda: send_what_is_due(at=now))
        self._try("take up unfinished lists", lambda: take_up_unfinished(at=now))
        self._try("make files for other bodies", lambda: make_what_is_due(at=now))
        if self.done_on != local_day(now):
            self._try("forget old files for other bodies", lambda: forget_old_files(at=now))
            self._try("forget old lists", lambda: forget_old_imports(at=now))
            decided = self._try("decide open runs", lambda: decide_open_runs(at=now))
            issued = self._try("catch up with certificates", lambda: issue_missing(at=now))
            if decided and issued:
                self.done_on = local_day(now)

    def _try(self, what: str, chore: Callable[[], object]) -> bool:
        """Whether it went well; one that did not is tried again at the next tick."""
        close_old_connections()
        try:
            chore()
        except Exception:  # a chore that fails must not stop the others
            logger.exception("Could not %s", what)
            return False
        finally:
            close_old_connections()
        return True
