"""What the worker's housekeeper does about roster imports. Each may be missed without harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from people.dates import local_day
from people.imports.staging import batches, forget_rows
from people.models import ImportState, ListedUnit, RosterChange, RosterImport, RosterRejection
from people.models.roster_import import RosterImportQuerySet
from people.services.roster_import_files import forget_file, forget_stray_files, with_files
from people.tasks import apply_list, check_list, tell_of_list

SILENCE = timedelta(minutes=5)  # of a worker, after which an import is taken up again
WAITS = timedelta(days=30)  # for a person to decide; so long rejected rows and undone lists stay
LONGEST_UPLOAD = timedelta(days=1)  # in which a stored file gets its row
WAITING = (ImportState.UPLOADED, ImportState.CHECKED)
OVER = (ImportState.APPLIED, ImportState.UNDONE, ImportState.DISCARDED)
BATCH = 900  # rows deleted at once


def take_up_unfinished(*, at: datetime) -> int:
    """Lists whose worker, or whose task, is gone; gives back how many."""
    silent = RosterImport.objects.unfinished().untouched_since(at - SILENCE)
    taken_up = [each for each in silent if silent.filter(pk=each.pk).update(worked_at=at)]
    for roster_import in taken_up:
        if roster_import.state in OVER:
            tell_of_list.enqueue(roster_import.pk)
        elif not roster_import.file:  # the command was killed: nobody comes back to it
            _drop(roster_import)
        elif roster_import.state == ImportState.CHECKING:
            check_list.enqueue(roster_import.pk)
        else:
            apply_list.enqueue(roster_import.pk)
    return len(taken_up)


def forget_old_imports(*, at: datetime) -> None:
    """What lists held of people goes when nobody needs it: the file and rows of lists that waited
    30 days, rejected rows and undone lists after 30 days, what can't be undone after a year.

    At once what remains of lists whose process died before it had forgotten all that it was to;
    after a day files of uploads that broke off.
    """
    imports = RosterImport.objects.all()
    for roster_import in imports.filter(state__in=WAITING, uploaded_at__lt=at - WAITS):
        _drop(roster_import)
    for roster_import in with_files(imports.filter(state__in=OVER)):
        forget_file(roster_import)
    forget_stray_files(before=at - LONGEST_UPLOAD)
    is_done_with = Q(undone_at__lt=at - WAITS, told_at__isnull=False)
    gone = Q(state=ImportState.DISCARDED) | Q(is_done_with, state=ImportState.UNDONE)
    for roster_import in _with_rows(imports.filter(gone)):
        forget_rows(roster_import, attempt=roster_import.attempt)
    _delete(RosterRejection, roster_import__applied_at__lt=at - WAITS)
    past = imports.past_undoing(on=local_day(at))
    _delete(RosterChange, roster_import__in=past.values("pk"))


def _drop(roster_import: RosterImport) -> None:
    """Unless somebody has decided something of it or works on it since it was looked at."""
    attempt = roster_import.attempt
    same = RosterImport.objects.filter(
        pk=roster_import.pk, state=roster_import.state, attempt=attempt
    )
    if same.update(state=ImportState.DISCARDED, attempt=attempt + 1):
        forget_file(roster_import)
        forget_rows(roster_import, attempt=attempt + 1)


def _with_rows(imports: RosterImportQuerySet) -> RosterImportQuerySet:
    has_some = Q(pk__in=[])
    for model in (RosterChange, RosterRejection, ListedUnit):
        has_some |= Q(Exists(model._base_manager.filter(roster_import=OuterRef("pk"))))
    return imports.filter(has_some)


def _delete(model: type[RosterChange] | type[RosterRejection], **which: object) -> None:
    keys = model._base_manager.filter(**which).values_list("pk", flat=True)
    for batch in batches(list(keys), BATCH):
        model._base_manager.filter(pk__in=batch).delete()
