"""A staff list on its way in: uploaded, followed while it is compared, looked at, applied."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from people.dates import local_day
from people.formats import local_number, local_percent
from people.forms.imports import FULL, PARTIAL, UploadForm
from people.imports.rejections import WHOLE_FILE
from people.models import ImportState, RosterImport
from people.queries.change_words import in_words
from people.queries.import_warnings import warnings_in_words
from people.queries.roster_imports import (
    DUPLICATES,
    LISTED,
    Headcount,
    changes_called,
    headcounts,
    imports_of,
    known_by_code,
    may_open,
    refused_row_numbers,
    refused_rows,
    units_to_list,
)
from people.services.roster_imports import RosterImportError, discard, upload_list
from people.sheets import SheetError
from people.views.access import manager_required, viewer_of

IMPORTS_A_PAGE = 20
FEW = 10  # rows shown of a list that has its own page
FEW_UNITS = 20
LONGEST_KEY = 18  # digits that any database holds
FEW_DOWNLOADS = 10  # units whose people can be downloaded from here
WAITING = [ImportState.UPLOADED, ImportState.CHECKED]
RUNNING = [ImportState.CHECKING, ImportState.APPLYING]


def found_import(request: HttpRequest, pk: int) -> RosterImport:
    """One's own, while her scopes open its unit; else 404."""
    viewer, today = viewer_of(request), timezone.localdate()
    roster_import = get_object_or_404(imports_of(viewer, on=today).select_related("unit"), pk=pk)
    if not may_open(viewer, roster_import, on=today):
        raise Http404
    return roster_import


def about(roster_import: RosterImport) -> dict[str, Any]:
    """What every page of an import begins with."""
    unit = roster_import.unit
    return {
        "roster_import": roster_import,
        "unit_name": unit.name_on(roster_import.as_of) if unit else "",
    }


def fingerprint(roster_import: RosterImport) -> str:
    """Of what the page of an import shows: it changes whenever the list is compared anew."""
    shown = [roster_import.known_hash, roster_import.layout, roster_import.counts]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


@manager_required
@cache_control(private=True, no_store=True)
def upload(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    units, replaced = units_to_list(viewer, on=today), _replaced(request)
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        units=units,
        today=today,
        initial={"as_of": today, **_initial(request, replaced)},
    )
    if request.method == "POST" and form.is_valid():
        kept = _kept(request, form, at=now)
        if kept is not None:
            if replaced is not None:
                _discard(request, replaced, at=now)
            return redirect("people:import-columns", kept.pk)
    mine = imports_of(viewer, on=today)
    context = {
        "form": form,
        "replaced": replaced,
        "unfinished": mine.filter(state__in=[*WAITING, *RUNNING])[:FEW],
        "page": Paginator(mine, IMPORTS_A_PAGE).get_page(request.GET.get("page")),
        "own_units": units if len(units) <= FEW_DOWNLOADS else [],
    }
    return render(request, "people/imports/upload.html", context)


def _replaced(request: HttpRequest) -> RosterImport | None:
    """The import that a corrected file stands in for; None once it was applied or is gone."""
    roster_import = _named(request, "replaces")
    return roster_import if roster_import and roster_import.state in WAITING else None


def _discard(request: HttpRequest, replaced: RosterImport, *, at: datetime) -> None:
    """Says so where it was confirmed since: the new file is a list of its own then."""
    try:
        discard(replaced, by=viewer_of(request), at=at)
    except RosterImportError:
        messages.warning(
            request,
            _(
                "Danh sách trước vừa được xác nhận áp dụng nên không được thay thế. Tệp mới là một "
                "danh sách riêng: hãy xem lại trước khi áp dụng."
            ),
        )


def _named(request: HttpRequest, parameter: str) -> RosterImport | None:
    number = request.POST.get(parameter) or request.GET.get(parameter) or ""
    is_key = number.isascii() and number.isdecimal() and len(number) < LONGEST_KEY
    return found_import(request, int(number)) if is_key else None


def _initial(request: HttpRequest, replaced: RosterImport | None) -> dict[str, Any]:
    """As an earlier import had it: the one replaced, or one whose refused rows follow."""
    amended = _named(request, "amends")
    earlier = replaced or amended
    if earlier is None:
        return {"unit": request.GET.get("unit", "")}
    return {
        "unit": earlier.unit.code if earlier.unit else "",
        "as_of": earlier.as_of,
        "extent": PARTIAL if amended or earlier.is_partial else FULL,
    }


def _kept(request: HttpRequest, form: UploadForm, *, at: datetime) -> RosterImport | None:
    """None when the form says beside the file what is wrong with it."""
    chosen = form.cleaned_data
    try:
        return upload_list(
            chosen["file"].read(),
            name=chosen["file"].name,
            unit=chosen["unit"],
            as_of=chosen["as_of"],
            is_partial=form.is_partial,
            by=viewer_of(request),
            at=at,
        )
    except (SheetError, RosterImportError) as error:
        form.add_error("file", str(error))
        return None


@manager_required
@cache_control(private=True, no_store=True)
@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an import stands: one page for each state."""
    roster_import = found_import(request, pk)
    context = about(roster_import)
    match roster_import.state:
        case ImportState.UPLOADED:
            return redirect("people:import-columns", pk)
        case ImportState.CHECKING | ImportState.APPLYING:
            context["progress"] = _progress(roster_import)
            return render(request, "people/imports/progress.html", context)
        case ImportState.CHECKED:
            context |= _comparison(request, roster_import)
            return render(request, "people/imports/diff.html", context)
    counted = headcounts(roster_import)
    context |= {**_tallies(roster_import), **_figures(counted), "has_lists": bool(counted)}
    return render(request, "people/imports/result.html", context)


@manager_required
@cache_control(private=True, no_store=True)
@require_safe
def progress(request: HttpRequest, pk: int) -> JsonResponse:
    """How far it is, for the page to show; `is_over`: there is another page to see."""
    roster_import = found_import(request, pk)
    is_over = roster_import.state not in RUNNING
    return JsonResponse({"is_over": is_over, **({} if is_over else _progress(roster_import))})


def _progress(roster_import: RosterImport) -> dict[str, Any]:
    """`percent` is None while nobody can tell; `said` is for being read out, so it changes every
    tenth of the way only."""
    total, done = roster_import.rows_total, roster_import.rows_done
    if roster_import.state == ImportState.APPLYING:
        words = _("Cả danh sách được ghi trong một lần, thường chỉ vài giây.")
        return {"percent": None, "text": words, "said": words}
    if not total:
        return {"percent": None, "text": _("Đang đọc tệp…"), "said": _("Đang đọc tệp…")}
    percent = min(100, done * 100 // total)
    figures = {
        "done": local_number(min(done, total)),
        "total": local_number(total),
        "percent": local_percent(percent),
    }
    return {
        "percent": percent,
        "text": _("%(done)s/%(total)s dòng (%(percent)s)") % figures,
        "said": _("Đã xong %(percent)s.") % {"percent": local_percent(percent // 10 * 10)},
    }


def _tallies(roster_import: RosterImport) -> dict[str, Any]:
    """How many people of each verdict, and how many rows could not be taken."""
    counts = roster_import.counts
    return {
        "tallies": [(verdict, counts.get(verdict.value, 0)) for verdict in LISTED],
        "unchanged": counts.get("unchanged", 0),
        "duplicates": counts.get(DUPLICATES, 0),
        "rejected": counts.get("rejected", 0),
        "changes_anything": any(counts.get(verdict.value) for verdict in LISTED),
    }


def _figures(counted: list[Headcount]) -> dict[str, Any]:
    return {
        "headcounts": counted[:FEW_UNITS],
        "more_units": max(0, len(counted) - FEW_UNITS),
        "before": sum(each.before for each in counted),
        "after": sum(each.after for each in counted),
    }


def _comparison(request: HttpRequest, roster_import: RosterImport) -> dict[str, Any]:
    viewer, today = viewer_of(request), timezone.localdate()
    alike = list(changes_called(roster_import, DUPLICATES)[:FEW])
    known = known_by_code((each.duplicate_of for each in alike), viewer, on=today)
    numbers = list(refused_row_numbers(roster_import)[:FEW])
    counted = headcounts(roster_import)
    return {
        **_tallies(roster_import),
        **_figures(counted),
        "alike": in_words(alike, as_of=roster_import.as_of, known=known),
        "refused": refused_rows(roster_import, numbers),
        "warnings": warnings_in_words(roster_import, {each.code: each.name for each in counted}),
        "can_apply": bool(counted) and WHOLE_FILE not in numbers,
        "seen": fingerprint(roster_import),
    }
