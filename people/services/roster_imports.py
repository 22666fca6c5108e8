"""A staff list from upload to undoing, step by step; the long steps are done by the worker.

upload_list → choose_layout → (check) → confirm → (apply) → undo; or discard, while nothing of it
counts. Nothing counts until `apply` has come to its end. Who may touch which import is the caller's
business; what its rows may do is looked at against the scopes of whoever uploaded it, at the check
and again before applying.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import PurePath
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.dates import local_day
from people.imports.layout import (
    Layout,
    layout_problems,
    signature_of,
    suggest_layout,
    with_headings,
)
from people.imports.staging import forget_rows
from people.models import ImportState, RosterImport, RosterLayout, Unit, User
from people.services.roster_applying import apply
from people.services.roster_checking import check
from people.services.roster_import_errors import RosterImportError
from people.services.roster_import_files import (
    BEGINNING,
    beginning_of,
    forget_file,
    kept_beginning,
)
from people.services.roster_undoing import obstacles_to_undoing, undo
from people.sheets import Sheet, read_sheet
from people.tasks import apply_list, check_list

__all__ = [
    "RosterImportError",
    "apply",
    "check",
    "choose_layout",
    "confirm",
    "discard",
    "obstacles_to_undoing",
    "sheet_of",
    "undo",
    "upload_list",
]

KINDS = (".xlsx", ".xls", ".ods", ".csv", ".txt")
LONGEST_NAME = 200  # characters
WAITING = (ImportState.UPLOADED, ImportState.CHECKED)  # for a person, not for the worker


def upload_list(
    content: bytes,
    *,
    name: str,
    unit: Unit | None,
    as_of: date,
    is_partial: bool,
    by: User | None,
    at: datetime,
) -> RosterImport:
    """Kept until it is applied, undone or discarded, its columns as suggested or remembered.

    Raises `SheetError` for a file that is no table, `RosterImportError` for a day to come; then
    nothing is kept.
    """
    if as_of > local_day(at):
        raise RosterImportError(
            _("Ngày của danh sách ở tương lai: hãy ghi ngày mà danh sách đúng với thực tế.")
        )
    sheet = read_sheet(content, name=name)
    roster_import = RosterImport(
        unit=unit,
        as_of=as_of,
        is_partial=is_partial,
        file_name=name[-LONGEST_NAME:],
        file_hash=hashlib.sha256(content).hexdigest(),
        beginning=beginning_of(sheet),
        layout=_remembered_or_suggested(sheet, unit).as_json(),
        uploaded_by=by,
        uploaded_at=at,
    )
    suffix = PurePath(name).suffix.lower()
    stored = f"{uuid4().hex}{suffix if suffix in KINDS else ''}"
    roster_import.file.save(stored, ContentFile(content), save=False)
    try:
        roster_import.save()
    except BaseException:
        roster_import.file.delete(save=False)
        raise
    return roster_import


def sheet_of(roster_import: RosterImport, *, rows: int | None = None) -> Sheet:
    """The file as a table, or its first rows. Raises `RosterImportError` once it is deleted."""
    if rows is not None and (kept := kept_beginning(roster_import, rows=rows)) is not None:
        return kept
    if not roster_import.file:
        raise RosterImportError(_("Tệp của lần nhập này đã được xóa: hãy tải danh sách lên lại."))
    with roster_import.file.open("rb") as file:
        sheet = read_sheet(file.read(), name=roster_import.file_name)
    return sheet


def choose_layout(roster_import: RosterImport, layout: Layout, *, at: datetime) -> None:
    """The columns are read so; once the list counts, of the unit's next one with these headers too.

    The worker then checks the list. Raises `RosterImportError` when something required is missing,
    or the list is not waiting for this.
    """
    problems = layout_problems(layout, has_default_unit=roster_import.unit is not None)
    if problems:
        raise RosterImportError(" ".join(problems))
    layout = with_headings(layout, sheet_of(roster_import, rows=BEGINNING))
    with transaction.atomic():
        held = _held(roster_import, WAITING)
        held.layout, held.problem = layout.as_json(), ""
        _hand_over(held, ImportState.CHECKING, at=at)
    check_list.enqueue(roster_import.pk)
    roster_import.refresh_from_db()


def confirm(
    roster_import: RosterImport, *, by: User | None, at: datetime, skips_rejected: bool
) -> None:
    """Hands the checked list to the worker to apply. A second click does nothing more.

    Raises `RosterImportError` when rows are rejected and not to be skipped, when nothing is left of
    the list, or when it is not waiting for this.
    """
    with transaction.atomic():
        held = _held(roster_import, (*WAITING, ImportState.APPLYING, ImportState.APPLIED))
        is_confirmed = held.state in (ImportState.APPLYING, ImportState.APPLIED)
        if not is_confirmed:
            _refuse_unless_ready(held, skips_rejected=skips_rejected)
            held.skips_rejected, held.problem = skips_rejected, ""
            held.confirmed_by, held.confirmed_at = by, at
            _hand_over(held, ImportState.APPLYING, at=at)
    if not is_confirmed:
        apply_list.enqueue(roster_import.pk)
    roster_import.refresh_from_db()


def discard(roster_import: RosterImport, *, by: User | None, at: datetime) -> None:
    """Gives the list up; nothing of it ever counted. Raises `RosterImportError` if it does, or will
    in a moment."""
    with transaction.atomic():
        held = _held(roster_import, (*WAITING, ImportState.CHECKING, ImportState.DISCARDED))
        if held.state == ImportState.DISCARDED:
            return
        held.state, held.problem, held.worked_at = ImportState.DISCARDED, "", at
        held.attempt += 1  # whoever is checking it stops
        held.save()
        record(
            AuditAction.ROSTER_DISCARDED,
            actor=by,
            subject=held,
            detail={"as_of": held.as_of.isoformat()},
        )
    forget_file(held)
    forget_rows(held, attempt=held.attempt)
    roster_import.refresh_from_db()


def _held(roster_import: RosterImport, states: tuple[ImportState, ...]) -> RosterImport:
    """Locked until the transaction ends. Raises `RosterImportError` if it is past these states."""
    held = RosterImport.objects.select_for_update(of=("self",)).get(pk=roster_import.pk)
    if held.state not in states:
        raise RosterImportError(
            _("Lần nhập này hiện “%(state)s” nên không có gì thay đổi: hãy mở lại trang để xem.")
            % {"state": ImportState(held.state).label}
        )
    return held


def _hand_over(held: RosterImport, state: ImportState, *, at: datetime) -> None:
    """To the worker; the task is put in its queue once this is committed. A process that dies in
    between loses nothing: see `people.services.roster_chores`."""
    held.state, held.tries, held.rows_done, held.worked_at = state, 0, 0, at
    held.save()


def _refuse_unless_ready(held: RosterImport, *, skips_rejected: bool) -> None:
    if held.state != ImportState.CHECKED:
        raise RosterImportError(_("Danh sách chưa được đối chiếu: hãy chờ đối chiếu xong."))
    if not held.listed_units.exists():
        raise RosterImportError(
            _(
                "Danh sách không còn dòng nào dùng được nên chưa áp dụng gì: hãy sửa tệp rồi tải "
                "lại."
            )
        )
    rejected = held.counts.get("rejected", 0)
    if rejected and not skips_rejected:
        raise RosterImportError(
            _(
                "Còn %(count)s dòng lỗi nên chưa áp dụng gì: hãy sửa tệp rồi tải lại, hoặc chọn bỏ "
                "qua các dòng lỗi."
            )
            % {"count": rejected}
        )


def _remembered_or_suggested(sheet: Sheet, unit: Unit | None) -> Layout:
    suggested = suggest_layout(sheet)
    if unit is None:
        return suggested
    for kept in RosterLayout.objects.filter(unit=unit).order_by("-chosen_at"):
        remembered = Layout.from_json(kept.layout)
        # Next year's list may have another title line above the same header.
        for layout in (remembered.below(suggested), remembered):
            if signature_of(sheet, layout) == kept.signature:
                return layout
    return suggested
