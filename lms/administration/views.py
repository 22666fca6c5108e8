"""Viewing as someone else, with a reason; the audit log."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.administration.forms import AuditForm, ViewAsForm
from lms.administration.viewing import (
    LONGEST,
    Ending,
    end_viewing,
    start_viewing,
    viewing_in,
)
from people.models import AuditEntry, Person, User

ENTRIES_A_PAGE = 50
PERSON_REFERENCE = "people.person:"


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


@login_required
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    if not cast(User, request.user).is_superuser:
        raise Http404
    form = AuditForm(request.GET)
    form.is_valid()
    entries = form.chosen_from(
        AuditEntry.objects.select_related("actor__person", "acting_as__person")
    )
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "page": page,
        "rows": [(entry, _person_of(entry), entry.details) for entry in page],
        "query": urlencode(kept),
        "is_filtered": bool(kept),
    }
    return render(request, "administration/audit.html", context)


def _person_of(entry: AuditEntry) -> int | None:
    """Whose page to open, where the entry is about a person."""
    kind, _sign, key = entry.subject.partition(":")
    return int(key) if f"{kind}:" == PERSON_REFERENCE else None
