"""Managers issue codes for signing in: one slip on somebody's page, or a unit's at once."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control

from people.models import AccessCode, Person, Unit
from people.queries.requests import people_without_account
from people.queries.rights import right_to_issue
from people.services.codes import CodeRefusedError, Slip, issue_code, issue_codes
from people.views.access import manager_required, viewer_of


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
            return slip_page(request, [issue_code(person, issued_by=viewer, at=now)])
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
    """For those chosen of a unit's people who can't sign in yet."""
    viewer, now = viewer_of(request), timezone.now()
    today = timezone.localdate(now)
    managed = Unit.objects.managed_by(viewer, on=today)
    unit = get_object_or_404(managed.named_on(today), code=code)
    people = list(people_without_account(unit, viewer, on=today, at=now))
    if request.method == "POST":
        wanted = set(request.POST.getlist("person"))
        chosen = [person for person in people if str(person.pk) in wanted]
        issued = issue_codes(chosen, issued_by=viewer, at=now)
        if issued.slips:
            refused = [person for person, _right in issued.refused]
            return slip_page(request, issued.slips, unit=unit, refused=refused)
    context = {"unit": unit, "people": people, "nobody_chosen": request.method == "POST"}
    return render(request, "people/slips_ask.html", context)


def slip_page(
    request: HttpRequest,
    slips: list[Slip],
    *,
    unit: Unit | None = None,
    refused: list[Person] | None = None,
) -> HttpResponse:
    """The codes, readable this once; kept by no cache."""
    context = {
        "slips": slips,
        "unit": unit,
        "refused": refused or [],
        # As it is typed: browsers add the rest.
        "address": settings.BASE_URL.split("://", 1)[-1] + reverse("people:activate"),
    }
    response = render(request, "people/slips.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
