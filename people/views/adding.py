"""Putting one person on the roster by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from people.dates import local_day
from people.forms.people import NewPersonForm
from people.models import Person, Unit
from people.names import folded
from people.queries.matching import Match, Sought, who_may_be
from people.queries.people import units_managed
from people.services.people import Act, enlist
from people.services.roster import NewMember, RosterError
from people.views.access import manager_required, viewer_of
from people.views.acts import seen


@manager_required
def new_person(request: HttpRequest) -> HttpResponse:
    """Somebody who may be on the roster already is shown first; then whoever adds says that it is
    another person. Not of one who bears the very code: no two do."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    form = NewPersonForm(
        request.POST or None,
        units=units_managed(viewer, on=today),
        today=today,
        initial={"started_on": today, "unit": request.GET.get("unit", "")},
    )
    alike: list[Match] = []
    is_taken = False
    if request.method == "POST" and form.is_valid():
        alike = _alike(request, form)
        if same := [match for match in alike if match.same_code]:
            alike, is_taken = same, True
        is_confirmed = not alike or form.cleaned_data["confirmed"] == _mark(alike)
        if is_confirmed and not is_taken and (person := _added(request, form)):
            messages.success(
                request, _("Đã thêm %(name)s vào danh sách.") % {"name": person.full_name}
            )
            return redirect("reports:person", person.pk)
    seen(form, "" if is_taken else _mark(alike))
    context = {"form": form, "alike": alike, "is_taken": is_taken}
    return render(request, "people/people/new.html", context)


def _alike(request: HttpRequest, form: NewPersonForm) -> list[Match]:
    asked = form.cleaned_data
    sought = Sought(folded(asked["full_name"]), asked["birth_date"], asked["code"])
    return who_may_be(sought, viewer_of(request), on=form.today)


def _added(request: HttpRequest, form: NewPersonForm) -> Person | None:
    """None when the form says what is wrong."""
    asked = dict(form.cleaned_data)
    unit = Unit.objects.get(code=asked.pop("unit"))
    started_on, reason = asked.pop("started_on"), asked.pop("reason")
    del asked["confirmed"]
    act = Act(viewer_of(request), timezone.now(), reason)
    try:
        return enlist(NewMember(**asked), unit=unit, started_on=started_on, act=act)
    except RosterError as error:
        form.add_error(None, str(error))
        return None


def _mark(alike: Sequence[Match]) -> str:
    """Stands for the people who were shown: of others she has said nothing yet."""
    keys = sorted(match.person.pk for match in alike)
    return hashlib.sha256(repr(keys).encode()).hexdigest()[:16] if keys else ""
