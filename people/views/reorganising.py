"""What is decided about units: each act shows what it comes to before it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from people.dates import local_day
from people.forms.fields import DayField
from people.forms.reorganising import MergingForm, SplittingForm
from people.forms.units import ClosingForm
from people.models import Membership, Unit, UnitVersion, User
from people.names import title_key
from people.queries.units import (
    day_within,
    find_unit,
    later_change_on,
    members_from,
    scopes_ending_with,
    sectors_managed,
)
from people.services.reorganising import (
    ChangedMeanwhileError,
    Effects,
    NewUnit,
    Trial,
    UnitTreeError,
    close_unit,
    merge_units,
    split_unit,
)
from people.views.access import View, manager_required, viewer_of
from people.views.structure import may_restructure

MOST_OCCUPANTS = 10  # names of people and units that keep a unit from closing
MOST_BESIDE = 60  # units to tick
MOST_OFFERED = 300  # units that a browser offers while one is typed

Act = Callable[[Trial], Effects]


def restructuring(view: View) -> View:
    """Only for accounts that may change some unit; which, the querysets and services say."""

    @manager_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_restructure(viewer_of(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@manager_required
def close(request: HttpRequest, code: str) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    unit = changeable_unit(code, viewer, today=today)
    form = ClosingForm(request.POST or None, initial={"last_day": today})

    def act(trial: Trial) -> Effects:
        return close_unit(
            unit,
            last_day=form.cleaned_data["last_day"],
            deciding_document=form.cleaned_data["document"],
            by=viewer,
            at=now,
            **trial,
        )

    return asked_twice(
        request,
        form,
        act,
        template="people/structure/close.html",
        context={
            "unit": unit,
            "heading": _("Ngừng hoạt động"),
            **_occupants(unit, viewer, on=day_within(unit, today)),
        },
        done=_("Đã ghi ngày ngừng hoạt động của đơn vị %(code)s.") % {"code": unit.code},
        back_to=unit.code,
    )


@restructuring
def merge(request: HttpRequest) -> HttpResponse:
    """Begins from some units (`?unit=`), which those beside them may join."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    units = units_to_change(viewer, on=today)
    chosen = request.POST.getlist("sources") + request.GET.getlist("unit")
    parents = units_to_hang_from(viewer, on=today)
    form = MergingForm(
        request.POST or None,
        units=units,
        parents=parents,
        sectors=sectors_managed(viewer),
        beside=_beside(units, chosen, on=today),
        initial={"on": today, "sources": request.GET.getlist("unit")},
    )

    def act(trial: Trial) -> Effects:
        order = order_of(form, viewer, now)
        return merge_units(form.chosen, form.into, **order, **trial)

    return asked_twice(
        request,
        form,
        act,
        template="people/structure/merge.html",
        context={
            "offered": offered(units),
            "heading": _("Sáp nhập đơn vị"),
        },
        done=_("Đã sáp nhập."),
        back_to=lambda: _code_of(form.into),
    )


@manager_required
def split(request: HttpRequest, code: str) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    unit = changeable_unit(code, viewer, today=today)
    units = units_to_change(viewer, on=today)
    members = _members(unit, day_asked(request, today))
    form = SplittingForm(
        request.POST or None,
        units=units,
        parents=units_to_hang_from(viewer, on=today),
        sectors=sectors_managed(viewer),
        members=members,
        initial={"on": today},
    )

    def act(trial: Trial) -> Effects:
        return split_unit(
            unit,
            form.into,
            people=form.chosen,
            rest=form.cleaned_data.get("rest"),
            **order_of(form, viewer, now),
            **trial,
        )

    return asked_twice(
        request,
        form,
        act,
        template="people/structure/split.html",
        context={
            "unit": unit,
            "offered": offered(units),
            "heading": _("Tách đơn vị"),
        },
        done=_("Đã tách."),
        back_to=lambda: _code_of(form.into),
    )


def units_to_change(viewer: User, *, on: date) -> list[Unit]:
    """Named, by name."""
    return _by_name(Unit.objects.restructurable_by(viewer, on=on).open_on(on).named_on(on))


def units_to_hang_from(viewer: User, *, on: date) -> list[Unit]:
    """Named, by name."""
    return _by_name(Unit.objects.receiving_from(viewer, on=on).open_on(on).named_on(on))


def asked_twice(
    request: HttpRequest,
    form: forms.Form,
    act: Act,
    *,
    template: str,
    context: dict[str, Any],
    done: str,
    back_to: str | Callable[[], str],
) -> HttpResponse:
    """The form; then what it comes to; then, if that is still what it comes to, it is done."""
    step = request.POST.get("step", "")
    if request.method == "POST" and step != "edit" and form.is_valid():
        try:
            if step == "confirm" and _is_done(act, request.POST.get("seen", "")):
                messages.success(request, done)
                code = back_to if isinstance(back_to, str) else back_to()
                return redirect("people:structure-unit", code)
            effects = act({"is_dry_run": True})
            preview = {"effects": effects, "form": form, "has_changed": step == "confirm"}
            return render(request, "people/structure/preview.html", {**context, **preview})
        except UnitTreeError as error:
            form.add_error(None, str(error))
    return render(request, template, {**context, "form": form})


def _is_done(act: Act, seen: str) -> bool:
    """False where it comes to something else than what was seen: then nothing is done."""
    try:
        act({"seen": seen})
    except ChangedMeanwhileError:
        return False
    return True


def order_of(form: forms.Form, by: User, at: datetime) -> Any:
    known = form.cleaned_data
    return {"on": known["on"], "deciding_document": known["document"], "by": by, "at": at}


def changeable_unit(code: str, viewer: User, *, today: date) -> Unit:
    """Named as of today, or the nearest day of its life; 404 unless it is hers to change."""
    unit = find_unit(code, viewer, on=today)
    if unit is None:
        raise Http404
    near = day_within(unit, today)
    return get_object_or_404(
        Unit.objects.restructurable_by(viewer, on=near).named_on(near), pk=unit.pk
    )


def day_asked(request: HttpRequest, today: date) -> date:
    try:
        return DayField(required=False).clean(request.POST.get("on", "")) or today
    except forms.ValidationError:
        return today


def _occupants(unit: Unit, viewer: User, *, on: date) -> dict[str, Any]:
    """Who and what keeps the unit from closing, and whose scopes end with it."""
    rows = members_from(unit, on).select_related("person").order_by("person__sort_key", "pk")
    people = {row.person_id: row.person for row in rows}
    children = Unit.objects.directly_below(unit, on=on).named_on(on)
    return {
        "people": list(people.values())[:MOST_OCCUPANTS],
        "people_count": len(people),
        "children": children[:MOST_OCCUPANTS],
        "children_count": children.count(),
        "scopes": scopes_ending_with([unit], last_day=on),
        "later": later_change_on(unit, on),
    }


def _members(unit: Unit, day: date) -> list[Membership]:
    rows = members_from(unit, day).select_related("person")
    return list(rows.order_by("person__sort_key", "person__code", "started_on"))


def _beside(units: list[Unit], codes: list[str], *, on: date) -> list[Unit]:
    """The units of these codes first, then those that hang where they hang."""
    chosen = [unit for unit in units if unit.code in codes]
    held = UnitVersion.objects.filter(unit__in=chosen, started_on__lte=on).exclude(ended_on__lt=on)
    places = UnitVersion.objects.filter(parent__in=held.values("parent"), started_on__lte=on)
    near = set(places.exclude(ended_on__lt=on).values_list("unit", flat=True)) if chosen else set()
    others = [unit for unit in units if unit.pk in near and unit not in chosen]
    return [*chosen, *others[: max(0, MOST_BESIDE - len(chosen))]]


def offered(units: list[Unit]) -> list[Unit]:
    return units if len(units) <= MOST_OFFERED else []


def _by_name(units: Any) -> list[Unit]:
    return sorted(units, key=lambda unit: (title_key(unit.name or unit.code), unit.code))


def _code_of(target: Unit | NewUnit) -> str:
    return target.code
