"""Viewing as someone else, with a reason; the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.administration.audit_sheet import headings, sheet_rows
from lms.administration.forms import AuditForm, ViewAsForm
from lms.administration.viewing import (
    LONGEST,
    Ending,
    end_viewing,
    start_viewing,
    viewing_in,
)
from people.audit import AuditAction, record
from people.models import AuditEntry, Person, Unit, UnitVersion, User
from people.models.audit import Detail, reference_to
from people.sheets.sending import Counted, sheet_response

ENTRIES_A_PAGE = 50
PERSON_REFERENCE, UNIT_REFERENCE = "people.person:", "people.unit:"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def view_as(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason, then opens the pages as that person sees them."""
    person = get_object_or_404(Person.objects.select_related("user"), pk=pk)
    account: User | None = getattr(person, "user", None)
    if account is None or not account.can_be_viewed_by(cast(User, request.user)):
        raise Http404
    form = ViewAsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        start_viewing(request, account, reason=form.cleaned_data["reason"], at=timezone.now())
        return redirect("reports:my")
    context = {"form": form, "person": person, "minutes": int(LONGEST.total_seconds() // 60)}
    return render(request, "administration/view_as.html", context)


@login_required
@require_POST
def stop_viewing(request: HttpRequest) -> HttpResponse:
    """Back to the page of the person; twice is harmless."""
    viewing = viewing_in(request, on=timezone.localdate())
    if viewing is None:
        return redirect("reports:index")
    end_viewing(request, viewing, how=Ending.STOPPED)
    return redirect(viewing.back_to)


def superuser_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everybody else the page does not exist."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        viewer = cast(User, request.user)
        if not viewer.is_unlimited:
            raise Http404
        return view(request, **kwargs)

    return guarded


@superuser_required
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    form, entries = _asked(request)
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "page": page,
        "rows": _rows(list(page)),
        "query": urlencode(kept),
        "is_filtered": bool(kept),
    }
    return render(request, "administration/audit.html", context)


@superuser_required
@require_safe
def export_audit(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The lines that the filter leaves, as long as the log is; that they were taken is the next."""
    now = timezone.now()
    rows = Counted(sheet_rows(_asked(request)[1].filter(at__lt=now)))
    name = f"nhat-ky-{timezone.localdate(now):%Y%m%d}.{kind}"
    response = sheet_response(headings(), rows, name=name, title=_("Nhật ký"))
    detail = {"list": "audit", "entries": rows.count, "kind": kind}
    record(AuditAction.EXPORT, actor=request.user, detail=detail)
    return response


def _asked(request: HttpRequest) -> tuple[AuditForm, QuerySet[AuditEntry]]:
    form = AuditForm(request.GET)
    form.is_valid()
    entries = AuditEntry.objects.select_related("actor__person", "acting_as__person")
    return form, form.chosen_from(entries)


def _rows(
    entries: list[AuditEntry],
) -> list[tuple[AuditEntry, int | None, Unit | None, list[Detail]]]:
    """Each with the key of the person, or with the unit, that it is about."""
    units = _units_of(entries)
    return [
        (entry, _key_in(entry, PERSON_REFERENCE), units.get(entry.subject), entry.details)
        for entry in entries
    ]


def _key_in(entry: AuditEntry, reference: str) -> int | None:
    """Whose page to open, where the entry is about one of this kind."""
    return (
        int(entry.subject.removeprefix(reference)) if entry.subject.startswith(reference) else None
    )


def _units_of(entries: Iterable[AuditEntry]) -> dict[str, Unit]:
    """By how entries refer to them, as they are called today or were at last."""
    keys = {_key_in(entry, UNIT_REFERENCE) for entry in entries} - {None}
    versions = UnitVersion.objects.filter(unit__in=keys, started_on__lte=timezone.localdate())
    found = {}
    for version in versions.select_related("unit").order_by("started_on"):
        version.unit.name = version.name  # type: ignore[attr-defined]
        found[reference_to(version.unit)] = version.unit
    return found
