"""Files around an import: a sample, the people of a unit as they stand, the rows to put right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from people.audit import AuditAction, record
from people.imports.layout import Layout
from people.imports.samples import (
    EXAMPLES,
    HEADINGS,
    SHEET,
    current_rows,
    refused_headings,
    refused_row,
)
from people.models import RosterImport, Unit
from people.queries.roster_imports import RefusedRow, people_of, refused_rows
from people.sheets.writing import Value, csv_lines, write_xlsx
from people.views.access import manager_required, viewer_of
from people.views.imports import found_import

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@manager_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return _file(HEADINGS, EXAMPLES, name="mau-danh-sach.xlsx")


@manager_required
@require_safe
def current(request: HttpRequest, code: str) -> HttpResponse:
    """Who counts in the unit today, to be changed and brought in again."""
    viewer, today = viewer_of(request), timezone.localdate()
    unit = get_object_or_404(Unit.objects.managed_by(viewer, on=today), code=code)
    rows = list(current_rows(people_of(unit, viewer, on=today), unit_code=unit.code))
    detail = {"people": len(rows), "kind": "xlsx", "as_of": today.isoformat()}
    record(AuditAction.EXPORT, actor=viewer, subject=unit, detail=detail)
    return _file(HEADINGS, rows, name=f"danh-sach-{unit.code}-{today:%Y%m%d}.xlsx")


@manager_required
@require_safe
def refused(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The rows that could not be taken, as the file has them, each with what to do about it."""
    roster_import = found_import(request, pk)
    found = [each for each in refused_rows(roster_import, None) if each.row]
    headings, rows = _refused_sheet(roster_import, found)
    detail = {"people": len(found), "kind": kind}
    record(AuditAction.EXPORT, actor=viewer_of(request), subject=roster_import, detail=detail)
    return _file(headings, rows, name=f"dong-can-sua-{pk}.{kind}")


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


def _file(headings: Sequence[str], rows: Iterable[Sequence[Value]], *, name: str) -> HttpResponse:
    kind = name.rsplit(".", 1)[-1]
    file = BytesIO()
    if kind == "csv":
        file.writelines(line.encode() for line in csv_lines(headings, rows))
    else:
        write_xlsx(headings, rows, to=file, sheet=SHEET)
    response = HttpResponse(file.getvalue(), content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response
