"""What is true of one unit: opened, changed from a day on, corrected."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from people.dates import local_day
from people.forms.units import CorrectionForm, NewUnitForm, RevisionForm, label_of
from people.models import Unit, UnitVersion
from people.queries.units import day_within, sectors_managed
from people.services.reorganising import (
    Effects,
    NewUnit,
    Trial,
    UnitTreeError,
    correct_version,
    open_unit,
    revise_unit,
)
from people.views.access import manager_required, viewer_of
from people.views.reorganising import (
    asked_twice,
    changeable_unit,
    day_asked,
    offered,
    order_of,
    restructuring,
    units_to_hang_from,
)


@restructuring
def new_unit(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    parents = units_to_hang_from(viewer, on=today)
    above = next((each for each in parents if each.code == request.GET.get("parent")), None)
    initial = {"on": today, "parent": label_of(above) if above else ""}
    form = NewUnitForm(
        request.POST or None, units=parents, sectors=sectors_managed(viewer), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            unit = open_unit(_as_new(form), **order_of(form, viewer, now))
        except UnitTreeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lập đơn vị %(code)s.") % {"code": unit.code})
            return redirect("people:structure-unit", unit.code)
    context = {"form": form, "offered": offered(parents)}
    return render(request, "people/structure/new.html", context)


@manager_required
def edit_unit(request: HttpRequest, code: str) -> HttpResponse:
    """From a day on. What was written wrong is corrected elsewhere, at its version."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    unit = changeable_unit(code, viewer, today=today)
    version = _version_asked(request, unit, today=today)
    parents = units_to_hang_from(viewer, on=today)
    form = RevisionForm(
        request.POST or None, units=parents, sectors=sectors_managed(viewer), version=version
    )
    form.initial.setdefault("on", day_within(unit, today))
    _keep_parent(form, version, parents)

    def act(trial: Trial) -> Effects:
        order = order_of(form, viewer, now)
        return revise_unit(unit, form.facts(), **order, **trial)

    return asked_twice(
        request,
        form,
        act,
        template="people/structure/edit.html",
        context={
            "unit": unit,
            "version": version,
            "offered": offered(parents),
            "heading": _("Đổi tên, loại, cấp trên"),
        },
        done=_("Đã ghi thay đổi của đơn vị %(code)s.") % {"code": unit.code},
        back_to=unit.code,
    )


@manager_required
def correct_unit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """In place, for all the days that the version holds."""
    viewer, now = viewer_of(request), timezone.now()
    unit = changeable_unit(code, viewer, today=local_day(now))
    version = get_object_or_404(unit.versions.select_related("parent"), pk=pk)
    parents = units_to_hang_from(viewer, on=local_day(now))
    form = CorrectionForm(
        request.POST or None, units=parents, sectors=sectors_managed(viewer), version=version
    )
    _keep_parent(form, version, parents)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            correct_version(version, form.facts(), by=viewer, at=now, reason=reason)
        except UnitTreeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã sửa thông tin ghi sai."))
            return redirect("people:structure-unit", unit.code)
    context = {"form": form, "unit": unit, "version": version, "offered": offered(parents)}
    return render(request, "people/structure/correct.html", context)


def _as_new(form: NewUnitForm) -> NewUnit:
    known = form.cleaned_data
    return NewUnit(
        code=known["code"],
        name=known["name"],
        kind=known["kind"],
        sector=known["sector"],
        parent=known["parent"],
        levels=known["levels"],
        attributes=form.facts()["attributes"],
    )


def _version_asked(request: HttpRequest, unit: Unit, *, today: date) -> UnitVersion:
    """What the form shows as it is: that of the day it is sent for, else of today."""
    day = day_within(unit, day_asked(request, today))
    version = unit.versions.select_related("parent").filter(started_on__lte=day).last()
    if version is None:
        raise Http404
    return version


def _keep_parent(form: forms.Form, version: UnitVersion, parents: list[Unit]) -> None:
    """Where it hangs is offered too, be it beyond her reach: it is no change to leave it there."""
    field: Any = form.fields.get("parent")
    if field is not None and version.parent and version.parent not in parents:
        field.units = [*parents, version.parent]
