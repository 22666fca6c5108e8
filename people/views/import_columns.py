"""What the columns of an uploaded list mean: as recognised, as remembered, as put right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from people.forms.imports import HeaderForm, LayoutForm
from people.imports.layout import (
    Layout,
    columns_of,
    layout_problems,
    signature_of,
    suggest_layout,
    unread_codes,
)
from people.models import ImportState, RosterImport
from people.queries.roster_imports import layout_remembered
from people.services.roster_import_files import BEGINNING
from people.services.roster_imports import RosterImportError, choose_layout, sheet_of
from people.sheets import Sheet, SheetError
from people.views.access import manager_required
from people.views.imports import about, found_import

CHANGEABLE = {ImportState.UPLOADED, ImportState.CHECKED}


@manager_required
@cache_control(private=True, no_store=True)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Also of a list that was compared already: then it is compared anew."""
    roster_import = found_import(request, pk)
    if roster_import.state not in CHANGEABLE:
        return redirect("people:import-page", pk)
    try:
        sheet = sheet_of(roster_import, rows=BEGINNING)
    except (SheetError, RosterImportError) as error:
        messages.error(request, str(error))
        return redirect("people:import")
    asked = HeaderForm(request.POST or request.GET, rows=[row.number for row in sheet.rows])
    layout = _layout(roster_import, sheet, asked)
    form = LayoutForm(
        request.POST if request.method == "POST" else None,
        columns=columns_of(sheet, layout),
        layout=layout,
        has_default_unit=roster_import.unit_id is not None,
    )
    if request.method == "POST" and form.is_valid() and _is_chosen(request, roster_import, form):
        return redirect("people:import-page", pk)
    context = {**about(roster_import), "form": form, **_standing(roster_import, sheet, form, asked)}
    return render(request, "people/imports/columns.html", context)


def _layout(roster_import: RosterImport, sheet: Sheet, asked: HeaderForm) -> Layout:
    """As kept with the import, unless another header row is asked for."""
    kept = Layout.from_json(roster_import.layout) if roster_import.layout else None
    row = asked.cleaned_data.get("header_row") if asked.is_valid() else None
    if row is None:
        return kept or suggest_layout(sheet)
    if kept is not None and kept.header_row == row:
        return kept
    below = replace(sheet, rows=[each for each in sheet.rows if each.number >= row])
    found = suggest_layout(below)
    return found if found.header_row == row else Layout(row, 1, {})


def _is_chosen(request: HttpRequest, roster_import: RosterImport, form: LayoutForm) -> bool:
    """False when the form says why the list can't be compared."""
    try:
        choose_layout(roster_import, form.layout, at=timezone.now())
    except (SheetError, RosterImportError) as error:
        form.add_error(None, str(error))
        return False
    return True


def _standing(
    roster_import: RosterImport, sheet: Sheet, form: LayoutForm, asked: HeaderForm
) -> dict[str, Any]:
    """How sure we are: what is still missing, or since when it is remembered."""
    layout = form.suggested
    is_default = roster_import.unit_id is not None
    asks_for_row = "header_row" in asked.data
    initial = {"header_row": layout.header_row}
    return {
        "problems": layout_problems(layout, has_default_unit=is_default),
        "unread_codes": unread_codes(sheet, layout),
        "remembered": layout_remembered(roster_import.unit, signature_of(sheet, layout)),
        "header_form": asked if asks_for_row else HeaderForm(initial=initial, rows=[]),
    }
