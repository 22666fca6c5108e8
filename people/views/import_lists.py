"""The people behind each count of an import, and the rows that could not be taken."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from people.models import Verdict
from people.queries.change_words import in_words
from people.queries.roster_imports import (
    DUPLICATES,
    LISTED,
    changes_called,
    known_by_code,
    refused_row_numbers,
    refused_rows,
)
from people.views.access import manager_required, viewer_of
from people.views.imports import about, found_import

ROWS_A_PAGE = 50


@manager_required
@cache_control(private=True, no_store=True)
@require_safe
def changes(request: HttpRequest, pk: int, verdict: str) -> HttpResponse:
    """Everybody of one verdict, field by field; or the possible duplicates."""
    if verdict not in {DUPLICATES, *(each.value for each in LISTED)}:
        raise Http404
    viewer, today = viewer_of(request), timezone.localdate()
    roster_import = found_import(request, pk)
    page: Page[Any] = _page(request, changes_called(roster_import, verdict))
    rows = list(page.object_list)
    codes = {each.duplicate_of for each in rows} | {each.code for each in rows}
    known = known_by_code(codes, viewer, on=today)
    title = _("Có thể trùng người") if verdict == DUPLICATES else str(Verdict(verdict).label)
    context = {
        **about(roster_import),
        "title": title,
        "kind": verdict,
        "page": page,
        "people": in_words(rows, as_of=roster_import.as_of, known=known),
    }
    return render(request, "people/imports/changes.html", context)


@manager_required
@cache_control(private=True, no_store=True)
@require_safe
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    roster_import = found_import(request, pk)
    page: Page[Any] = _page(request, refused_row_numbers(roster_import))
    rows = refused_rows(roster_import, list(page.object_list))
    context = {**about(roster_import), "page": page, "refused": rows}
    return render(request, "people/imports/rejected.html", context)


def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
