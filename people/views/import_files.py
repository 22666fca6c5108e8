"""Files around an import: a sample, the people of a unit as they stand, the rows to put right."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.audit import AuditAction, record
from people.imports.layout import Layout
from people.imports.samples import EXAMPLES, HEADINGS, refused_headings, refused_row
from people.models import RosterImport, Unit
from people.queries.people import placed
from people.queries.roster_imports import RefusedRow, people_of, refused_rows
from people.roster_sheet import HEADINGS as LIST_HEADINGS
from people.roster_sheet import SHEET, roster_rows
from people.sheets.sending import Counted, sheet_response
from people.sheets.writing import Value
from people.views.access import manager_required, viewer_of
from people.views.imports import found_import


@manager_required
@require_safe
def template(request: HttpRequest) -> HttpResponseBase:
    return sheet_response(HEADINGS, EXAMPLES, name="mau-danh-sach.xlsx", title=SHEET)


@manager_required
@require_safe
def current(request: HttpRequest, code: str) -> HttpResponseBase:
    """Who counts in the unit today, to be changed and brought in again."""
    viewer, today = viewer_of(request), timezone.localdate()
    unit = get_object_or_404(Unit.objects.managed_by(viewer, on=today), code=code)
    people = placed(people_of(unit, viewer, on=today), on=today)
    rows = Counted(roster_rows(people, shows_codes_in=None))
    name = f"danh-sach-{unit.code}-{today:%Y%m%d}.xlsx"
    response = sheet_response(LIST_HEADINGS, rows, name=name, title=SHEET)
    detail = {"list": "people", "people": rows.count, "as_of": today.isoformat(), "kind": "xlsx"}
    record(AuditAction.EXPORT, actor=viewer, subject=unit, detail=detail)
    return response


@manager_required
@require_safe
def refused(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The rows that could not be taken, as the file has them, each with what to do about it."""
    roster_import = found_import(request, pk)
    found = [each for each in refused_rows(roster_import, None) if each.row]
    headings, rows = _refused_sheet(roster_import, found)
    name = f"dong-can-sua-{pk}.{kind}"
    response = sheet_response(headings, rows, name=name, title=SHEET)
    detail = {"list": "refused", "people": len(found), "kind": kind}
    record(AuditAction.EXPORT, actor=viewer_of(request), subject=roster_import, detail=detail)
    return response


def _refused_sheet(
    roster_import: RosterImport, found: Sequence[RefusedRow]
) -> tuple[list[str], list[list[Value]]]:
    layout = Layout.from_json(roster_import.layout) if roster_import.layout else None
    width = max((len(each.cells) for each in found), default=0)
    rows = [
        refused_row(each.cells, width=width, advice=[each.row, each.columns, each.advice])
        for each in found
    ]
    return refused_headings(layout, width=width), rows
