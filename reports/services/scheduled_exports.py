"""Files made for other bodies again and again: planned by people, made by the worker."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import FileResponse
from django.utils import translation

from people.audit import AuditAction, record
from people.dates import day_before, local_day
from people.models import User
from reports.models import Cadence, ExportSchedule, SharedFile, SharedWhat, TokenState
from reports.queries.shared import shared_coverage
from reports.queries.sharing import sight_of_token
from reports.scheduled_sheets import packed
from reports.services.sharing import note_share

logger = logging.getLogger(__name__)

MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}
MONTHS_A_YEAR = 12


def first_after(day: date, every: str) -> date:
    """The next day on which such a file is made: tomorrow, a Monday, the first of a month or of a
    quarter."""
    if every == Cadence.DAILY:
        return day + timedelta(days=1)
    if every == Cadence.WEEKLY:
        return day + timedelta(days=7 - day.weekday())
    step = MONTHS[Cadence(every)]
    months = day.year * MONTHS_A_YEAR + (day.month - 1) // step * step + step
    return date(months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)


@transaction.atomic
def plan_export(schedule: ExportSchedule, *, by: User, at: datetime) -> None:
    """Stores the schedule, which nobody has saved yet; the first file is made by the next chore."""
    schedule.created_by, schedule.created_at, schedule.next_on = by, at, local_day(at)
    schedule.save(force_insert=True)
    _log(AuditAction.EXPORT_PLANNED, schedule, by=by)


@transaction.atomic
def stop_export(schedule: ExportSchedule, *, by: User, at: datetime) -> bool:
    """Whether it still ran. Files made so far stay until their time is over."""
    running = ExportSchedule.objects.filter(pk=schedule.pk, stopped_at=None)
    is_stopped = bool(running.update(stopped_at=at))
    if is_stopped:
        _log(AuditAction.EXPORT_STOPPED, schedule, by=by)
    return is_stopped


def make_what_is_due(*, at: datetime) -> int:
    """Gives back how many files were made. One that fails stops no other and is tried again."""
    today = local_day(at)
    due = ExportSchedule.objects.filter(
        stopped_at=None,
        next_on__lte=today,
        token__revoked_at=None,
        token__valid_until__gte=today,
    ).select_related("token__unit", "target")
    made = 0
    for schedule in due:
        try:
            made += _make(schedule, at=at)
        except Exception:
            logger.exception("Could not make the file of schedule %s", schedule.pk)
    return made


def forget_old_files(*, at: datetime) -> None:
    """That they were made stays known."""
    kept = SharedFile.objects.exclude(file="").select_related("schedule")
    for shared in kept:
        if shared.made_at < at - timedelta(days=shared.schedule.keeps_days):
            shared.file.delete(save=False)
            SharedFile.objects.filter(pk=shared.pk).update(file="")


def hand_out(shared: SharedFile, *, to: User | None, at: datetime) -> FileResponse:
    """The file, noted as a share; `to` None: the body's machine."""
    note_share(
        shared.schedule.token,
        SharedWhat.FILE,
        asked={"file": shared.name},
        rows=shared.rows,
        withheld=shared.withheld,
        by=to,
        at=at,
    )
    response = FileResponse(shared.file.open("rb"), as_attachment=True, filename=shared.name)
    response["Cache-Control"] = "no-store"
    return response


@transaction.atomic
def _make(schedule: ExportSchedule, *, at: datetime) -> bool:
    """Of the last whole day. Whoever moves the schedule on makes the file: nobody else will."""
    today = local_day(at)
    mine = ExportSchedule.objects.filter(pk=schedule.pk, next_on=schedule.next_on)
    if not mine.update(next_on=first_after(today, schedule.every)):
        return False
    token, as_of = schedule.token, day_before(today)
    seen = sight_of_token(token, token.unit, on=as_of)
    if seen is None or token.state_on(today) is not TokenState.IN_FORCE:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        table = shared_coverage(schedule.target, seen, as_of=as_of, by=schedule.by)
        content = packed(table, schedule.kind)
    name = f"{schedule.target.code}-{token.unit.code}-{as_of:%Y%m%d}-{schedule.kind}.zip"
    shared = SharedFile(
        schedule=schedule,
        as_of=as_of,
        name=name,
        rows=len(table.table.rows),
        withheld=len(table.hidden),
        made_at=at,
    )
    shared.file.save(name, ContentFile(content), save=False)
    shared.save(force_insert=True)
    return True


def _log(action: AuditAction, schedule: ExportSchedule, *, by: User) -> None:
    detail = {
        "body": schedule.token.body,
        "target": schedule.target.code,
        "unit": schedule.token.unit.code,
        "kind": schedule.kind,
    }
    record(action, actor=by, subject=schedule.token, detail=detail)
