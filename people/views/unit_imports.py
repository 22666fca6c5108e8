"""A list of units: what it would change is shown first, then applied, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from people.audit import AuditAction, record
from people.formats import local_date
from people.forms.unit_imports import SentList, UnitListForm, returned_list
from people.imports.rejections import WHOLE_FILE, Rejection
from people.imports.unit_rows import headings_of
from people.models import Sector, UnitKind, User
from people.models.audit import VALUE_WORDS
from people.services.unit_lists import UnitChange, UnitsOutcome, import_units
from people.sheets import SheetError, read_sheet
from people.sheets.sending import sheet_response
from people.sheets.writing import Value
from people.views.access import viewer_of
from people.views.reorganising import restructuring

MOST_SHOWN = 200  # changes and rejections on a page; the file of errors has them all
WORDS = {**VALUE_WORDS["changed"], "parent_code": VALUE_WORDS["changed"]["parent_id"]}


@restructuring
@cache_control(private=True, no_store=True)
def upload(request: HttpRequest) -> HttpResponseBase:
    viewer, today = viewer_of(request), timezone.localdate()
    if "list" in request.POST:
        return _returned(request, viewer, today)
    form = UnitListForm(request.POST or None, request.FILES or None, initial={"as_of": today})
    if request.method == "POST" and form.is_valid():
        try:
            return _shown(request, form.sent(), today=today)
        except SheetError as error:
            form.add_error("file", str(error))
    return render(request, "people/structure/import.html", {"form": form})


def _returned(request: HttpRequest, viewer: User, today: date) -> HttpResponseBase:
    returned = returned_list(request.POST["list"], by=viewer)
    if returned is None:
        messages.error(
            request, _("Danh sách đã để quá lâu, nên chưa áp dụng gì: hãy tải tệp lên lại.")
        )
        return redirect("people:units-import")
    sent, seen = returned
    if "errors" in request.POST:
        return _error_file(sent, viewer, today=today)
    with transaction.atomic():
        outcome = _outcome(sent, viewer, today=today, seen=seen)
        is_applied, units = not (outcome.rejected or outcome.has_changed), len(outcome.changes)
        if is_applied and units:
            detail = {"as_of": sent.as_of.isoformat(), "units": units}
            record(AuditAction.UNITS_IMPORTED, actor=viewer, detail=detail)
    if not is_applied:
        return _shown(request, sent, today=today, has_changed=True)
    messages.success(
        request, _("Đã áp dụng danh sách: %(count)d đơn vị thay đổi.") % {"count": units}
    )
    return redirect("people:structure")


def _shown(
    request: HttpRequest, sent: SentList, *, today: date, has_changed: bool = False
) -> HttpResponse:
    viewer = viewer_of(request)
    outcome = _outcome(sent, viewer, today=today, is_dry_run=True)
    context = {
        "sent": sent,
        "outcome": outcome,
        "changes": [(each, _in_words(each)) for each in outcome.changes[:MOST_SHOWN]],
        "rejected": outcome.rejected[:MOST_SHOWN],
        "more": max(0, len(outcome.changes or outcome.rejected) - MOST_SHOWN),
        "signed": sent.signed(by=viewer, seen=outcome.fingerprint),
        "has_changed": has_changed,
    }
    return render(request, "people/structure/import_diff.html", context)


def _outcome(sent: SentList, viewer: User, *, today: date, **how: Any) -> UnitsOutcome:
    sheet = read_sheet(sent.content, name=sent.name)
    return import_units(sheet, today=today, as_of=sent.as_of, by=viewer, **how)


def _error_file(sent: SentList, viewer: User, *, today: date) -> FileResponse:
    """The rows that need mending as they were sent, each with what to do in front."""
    rejected = _outcome(sent, viewer, today=today, is_dry_run=True).rejected
    sheet = read_sheet(sent.content, name=sent.name)
    rows = {row.number: row.cells for row in sheet.rows}
    cells = [rows.get(each.row, []) for each in rejected]
    names = headings_of(sheet)
    width = max([len(names), *map(len, cells)])
    advice = [_("Dòng"), _("Cột"), _("Cần sửa")]
    names = _distinct([*names, *[""] * (width - len(names))], taken=advice)
    return sheet_response(
        [*advice, *names],
        (_error_row(each, row, width) for each, row in zip(rejected, cells, strict=True)),
        name="don-vi-can-sua.xlsx",
        title=_("Cần sửa"),
    )


def _error_row(rejection: Rejection, cells: list[Any], width: int) -> list[Value]:
    row = None if rejection.row == WHOLE_FILE else rejection.row
    written = [str(cell) if isinstance(cell, float) else cell for cell in cells]
    return [
        row,
        rejection.column,
        rejection.message,
        *written,
        *([None] * (width - len(written))),
    ]


def _distinct(names: list[str], *, taken: list[str]) -> list[str]:
    """Of two columns with one heading only one would come out."""
    seen = list(taken)
    for number, name in enumerate(names, 1):
        seen.append(name if name and name not in seen else f"{name} ({number})".strip())
    return seen[len(taken) :]


def _in_words(change: UnitChange) -> Iterator[tuple[str, str, str]]:
    """Label, before and after of each fact; of a new unit there is no before."""
    for name, (before, after) in change.facts.items():
        yield str(WORDS[name]), _said(name, before), _said(name, after)


def _said(name: str, value: Any) -> str:
    if name == "kind" and value:
        return str(UnitKind(value).label)
    if name == "sector" and value:
        return str(Sector(value).label)
    return local_date(value) if isinstance(value, date) else str(value or "–")
