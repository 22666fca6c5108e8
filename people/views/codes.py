"""Managers issue codes for signing in: one slip on somebody's page, or a unit's at once."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control

from people.models import AccessCode, Person, Unit
from people.pdf import render_slips
from people.queries.code_mails import with_own_address
from people.queries.requests import people_without_account, units_without_accounts
from people.queries.rights import right_to_issue
from people.services.codes import CodeRefusedError, Slip, issue_code, issue_codes
from people.views.access import manager_required, viewer_of
from people.views.code_mails import ask_for_mails

UNITS_A_PAGE = 50


@manager_required
@cache_control(private=True, no_store=True)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, since the slip made before becomes worthless; shows the new one once."""
    viewer, now = viewer_of(request), timezone.now()
    today = timezone.localdate(now)
    person = get_object_or_404(Person.objects.managed_by(viewer, on=today).distinct(), pk=pk)
    right = right_to_issue(viewer, person, on=today)
    if request.method == "POST" and right:
        try:
            return slip_page(request, [issue_code(person, issued_by=viewer, at=now)], at=now)
        except CodeRefusedError:  # her rights changed this moment: what holds now is shown
            right = right_to_issue(viewer, person, on=today)
    context = {
        "person": person,
        "right": right,
        "live": AccessCode.objects.live_at(now).filter(person=person).first(),
    }
    status = 403 if request.method == "POST" else 200
    return render(request, "people/code.html", context, status=status)


@manager_required
@cache_control(private=True, no_store=True)
def issue_many(request: HttpRequest, code: str) -> HttpResponse:
    """For those chosen of a unit's people who can't sign in yet: on paper, or by e-mail."""
    viewer, now = viewer_of(request), timezone.now()
    today = timezone.localdate(now)
    managed = Unit.objects.managed_by(viewer, on=today)
    unit = get_object_or_404(managed.named_on(today), code=code)
    people = list(people_without_account(unit, viewer, on=today, at=now))
    if request.method == "POST":
        wanted = set(request.POST.getlist("person"))
        chosen = [person for person in people if str(person.pk) in wanted]
        if request.POST.get("as") == "mail":
            return ask_for_mails(request, unit, chosen, at=now)
        issued = issue_codes(chosen, issued_by=viewer, at=now)
        if issued.slips:
            refused = [person for person, _right in issued.refused]
            return slip_page(request, issued.slips, at=now, unit=unit, refused=refused)
    below = units_without_accounts(unit, viewer, on=today)
    context = {
        "unit": unit,
        "people": people,
        "reachable": with_own_address(people),
        "sends_email": settings.SENDS_EMAIL,
        "below": Paginator(below, UNITS_A_PAGE).get_page(request.GET.get("page")),
        "nobody_chosen": request.method == "POST",
    }
    return render(request, "people/slips_ask.html", context)


def slip_page(
    request: HttpRequest,
    slips: list[Slip],
    *,
    at: datetime,
    unit: Unit | None = None,
    refused: list[Person] | None = None,
) -> HttpResponse:
    """The codes, readable this once, as a page or as the PDF that was asked for; kept nowhere."""
    address = settings.BASE_URL.rstrip("/") + reverse("people:activate")
    name = str(getattr(unit, "name", "") or "")
    if request.POST.get("as") == "pdf":
        pdf = render_slips(slips, address=address, at=at, unit_name=name, refused=refused or [])
        response = HttpResponse(pdf, content_type="application/pdf")
        of_whom = unit.code if unit else slips[0].person.pk
        filename = f"phieu-ma-{of_whom}-{timezone.localdate(at):%Y-%m-%d}.pdf"
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    else:
        context = {
            "slips": slips,
            "unit": unit,
            "refused": refused or [],
            "address": address.split("://", 1)[-1],  # as it is typed: browsers add the rest
        }
        response = render(request, "people/slips.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
