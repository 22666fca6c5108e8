"""What the worker's housekeeper does about roster imports. Each may be missed without harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from people.imports.staging import batches, forget_rows
from people.models import ImportState, RosterChange, RosterImport, RosterRejection
from people.services.roster_import_files import forget_file
from people.services.roster_undoing import KEPT
from people.tasks import apply_list, check_list

SILENCE = timedelta(minutes=5)  # of a worker, after which an import is taken up again
WAITS = timedelta(days=30)  # for a person to decide; so long rejected rows and undone lists stay
WAITING = (ImportState.UPLOADED, ImportState.CHECKED)
BATCH = 900  # rows deleted at once


def take_up_unfinished(*, at: datetime) -> int:
    """Lists whose worker, or whose task, is gone; gives back how many."""
    silent = list(RosterImport.objects.unfinished().untouched_since(at - SILENCE))
    for roster_import in silent:
        RosterImport.objects.filter(pk=roster_import.pk).update(worked_at=at)
        if roster_import.state == ImportState.APPLIED:
            apply_list.enqueue(roster_import.pk)
        elif not roster_import.file:  # the command was killed: nobody comes back to it
            _drop(roster_import)
        elif roster_import.state == ImportState.CHECKING:
            check_list.enqueue(roster_import.pk)
        else:
            apply_list.enqueue(roster_import.pk)
    return len(silent)


def forget_old_imports(*, at: datetime) -> None:
    """What lists held of people goes when nobody needs it: the file and rows of lists that waited
    30 days, rejected rows and undone lists after 30 days, what can't be undone after a year."""
    imports = RosterImport.objects.all()
    for roster_import in imports.filter(state__in=WAITING, uploaded_at__lt=at - WAITS):
        _drop(roster_import)
    for roster_import in imports.filter(state=ImportState.UNDONE, undone_at__lt=at - WAITS):
        forget_rows(roster_import)
    _delete(RosterRejection, roster_import__applied_at__lt=at - WAITS)
    _delete(RosterChange, roster_import__applied_at__lt=at - KEPT)


def _drop(roster_import: RosterImport) -> None:
    RosterImport.objects.filter(pk=roster_import.pk).update(
        state=ImportState.DISCARDED, attempt=roster_import.attempt + 1
    )
    forget_file(roster_import)
    forget_rows(roster_import)


def _delete(model: type[RosterChange] | type[RosterRejection], **which: object) -> None:
    keys = model._base_manager.filter(**which).values_list("pk", flat=True)
    for batch in batches(list(keys), BATCH):
        model._base_manager.filter(pk__in=batch).delete()
