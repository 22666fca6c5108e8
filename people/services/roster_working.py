"""Who works on an import: one attempt at a time, whoever takes it up again stops the one before.

So a worker that was killed, or that only seemed to be, does no harm: what it stored is deleted
first, and its next transaction finds that the import is no longer its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from people.dates import local_day
from people.imports.roster_known import Importer
from people.imports.staging import SupersededError
from people.models import ImportState, RosterImport

MOST_TRIES = 5  # a list that kills its worker waits for a person in the end


def claim(roster_import: RosterImport, state: ImportState) -> int | None:
    """The number of this attempt; None when there is nothing to do in that state."""
    with transaction.atomic():
        held = RosterImport.objects.select_for_update(of=("self",)).get(pk=roster_import.pk)
        roster_import.refresh_from_db()
        if held.state != state:
            return None
        if held.tries >= MOST_TRIES:
            give_up(roster_import, held.attempt)
            return None
        attempt = held.attempt + 1
        mine = RosterImport.objects.filter(pk=held.pk)
        mine.update(attempt=attempt, tries=held.tries + 1, worked_at=Now())
    roster_import.refresh_from_db()
    return attempt


@contextmanager
def working(roster_import: RosterImport, attempt: int) -> Iterator[None]:
    """Around what an attempt does: superseded it just ends, failing it gives the list up."""
    try:
        yield
    except SupersededError:
        pass
    except Exception:
        give_up(roster_import, attempt)
        raise


def give_up(roster_import: RosterImport, attempt: int) -> None:
    """Back to waiting for a person, with a word about why, unless another attempt is at it."""
    problem = _(
        "Máy chủ gặp lỗi khi xử lý danh sách này nên chưa áp dụng gì. Hãy thử lại; nếu vẫn lỗi, "
        "hãy báo quản trị hệ thống."
    )
    mine = RosterImport.objects.filter(pk=roster_import.pk, attempt=attempt)
    stopped = {"problem": problem, "attempt": F("attempt") + 1}
    mine.filter(state=ImportState.CHECKING).update(state=ImportState.UPLOADED, **stopped)
    mine.filter(state=ImportState.APPLYING).update(state=ImportState.CHECKED, **stopped)
    roster_import.refresh_from_db()


def importer_of(roster_import: RosterImport, *, at: datetime) -> Importer:
    return Importer(roster_import.uploaded_by, local_day(at))
