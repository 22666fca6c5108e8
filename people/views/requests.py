"""What waits for a manager's answer, and requests to be put on the roster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from people.audit import AuditAction, record
from people.dates import held_on, local_day
from people.forms.requests import AcceptNewForm, KnownPersonForm, RefusalForm
from people.models import CorrectionRequest, RosterRequest, UnitVersion
from people.queries.matching import possible_matches
from people.requests_sheet import HEADINGS, request_rows
from people.services.codes import CodeRefusedError, issue_code
from people.services.requests import (
    Answer,
    DecidedError,
    accept_as_known,
    accept_as_new,
    refuse_listing,
)
from people.services.roster import NewMember, RosterError
from people.sheets.sending import Counted, sheet_response
from people.views.access import manager_required, viewer_of
from people.views.codes import slip_page

REQUESTS_A_PAGE = 50


@manager_required
def request_list(request: HttpRequest) -> HttpResponse:
    """Open ones first come first; corrections beside requests to be listed."""
    listings, corrections = _waiting(request)
    context = {
        "listings": _page(request, listings, parameter="page"),
        "corrections": _page(request, corrections, parameter="corrections"),
    }
    return render(request, "people/requests.html", context)


@manager_required
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Both lists in one file; who took it is logged."""
    rows = Counted(request_rows(*_waiting(request)))
    name = f"yeu-cau-{timezone.localdate():%Y%m%d}.{kind}"
    headings = [str(heading) for heading in HEADINGS]
    response = sheet_response(headings, rows, name=name, title=_("Yêu cầu chờ trả lời"))
    detail = {"list": "requests", "entries": rows.count, "kind": kind}
    record(AuditAction.EXPORT, actor=viewer_of(request), detail=detail)
    return response


def _waiting(request: HttpRequest) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Requests to be listed, with `unit_name`, and corrections, with their person."""
    viewer, today = viewer_of(request), timezone.localdate()
    names = UnitVersion.objects.filter(held_on(today), unit=OuterRef("unit")).values("name")
    listings = RosterRequest.objects.decidable_by(viewer, on=today).open()
    corrections = CorrectionRequest.objects.decidable_by(viewer, on=today).open()
    named = listings.annotate(unit_name=Subquery(names[:1]))
    return named, corrections.select_related("person")


def _page(request: HttpRequest, waiting: QuerySet[Any], *, parameter: str) -> Page[Any]:
    """Each list turns its own pages."""
    return Paginator(waiting, REQUESTS_A_PAGE).get_page(request.GET.get(parameter))


@manager_required
@cache_control(private=True, no_store=True)
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Put on the roster, found there already, or refused: whichever button was pressed."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    decidable = RosterRequest.objects.decidable_by(viewer, on=today)
    asked = get_object_or_404(decidable.select_related("unit", "decision__person"), pk=pk)
    matches = possible_matches(asked, viewer, on=today)
    action = request.POST.get("action", "")
    first = {**AcceptNewForm.initial_from(asked), "started_on": today}
    forms = {
        "new": AcceptNewForm(request.POST if action == "new" else None, initial=first, today=today),
        "known": KnownPersonForm(
            request.POST if action == "known" else None, people=[each.person for each in matches]
        ),
        "refuse": RefusalForm(request.POST if action == "refuse" else None),
    }
    if action in forms and forms[action].is_valid():
        response = ANSWERS[action](request, asked, forms[action], now)
        if response is not None:
            return response
    unit_name = asked.unit.name_on(today)
    context = {"asked": asked, "unit_name": unit_name, "matches": matches, "forms": forms}
    return render(request, "people/request.html", context)


def _accept(
    request: HttpRequest, asked: RosterRequest, form: AcceptNewForm, at: datetime
) -> HttpResponse | None:
    viewer, wanted = viewer_of(request), dict(form.cleaned_data)
    started_on = wanted.pop("started_on")
    answer = Answer(decided_by=viewer, decided_at=at)
    try:
        person = accept_as_new(asked, NewMember(**wanted), started_on=started_on, answer=answer)
    except RosterError as error:
        form.add_error(None, str(error))
        return None
    except DecidedError as error:
        return _decided(request, asked, error)
    try:
        slip = issue_code(person, issued_by=viewer, at=at)
    except CodeRefusedError:
        return redirect("people:request", asked.pk)
    return slip_page(request, [slip], at=at)


def _link(
    request: HttpRequest, asked: RosterRequest, form: KnownPersonForm, at: datetime
) -> HttpResponse:
    person = form.cleaned_data["person"]
    try:
        accept_as_known(asked, person, answer=Answer(viewer_of(request), at))
    except DecidedError as error:
        return _decided(request, asked, error)
    messages.success(request, _("Đã ghi nhận là người đã có. Hãy cấp mã đăng nhập nếu cần."))
    return redirect("people:code", person.pk)


def _refuse(
    request: HttpRequest, asked: RosterRequest, form: RefusalForm, at: datetime
) -> HttpResponse:
    answer = Answer(viewer_of(request), at, reason=form.cleaned_data["reason"])
    try:
        refuse_listing(asked, answer=answer)
    except DecidedError as error:
        return _decided(request, asked, error)
    messages.success(request, _("Đã từ chối yêu cầu."))
    return redirect("people:requests")


ANSWERS: dict[str, Callable[..., HttpResponse | None]] = {
    "new": _accept,
    "known": _link,
    "refuse": _refuse,
}


def _decided(request: HttpRequest, asked: RosterRequest, error: DecidedError) -> HttpResponse:
    messages.info(request, str(error))
    return redirect("people:request", asked.pk)
