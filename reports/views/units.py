"""Figures of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from people.models import Unit, User
from reports.queries.figures import unit_figures
from reports.queries.reach import Reach, crumbs, reach_of, top_units
from reports.views.asking import ask, scope_required, viewer_of


@scope_required
def index(request: HttpRequest) -> HttpResponse:
    """Straight to the unit of whoever has one; else a choice."""
    asked, viewer = ask(request), viewer_of(request)
    units = top_units(viewer, on=asked.as_of)
    if len(units) == 1:
        page = redirect("reports:unit", units[0].code)
        if request.GET:
            page["Location"] += f"?{asked.query}"
        return page
    return render(request, "reports/index.html", {"asked": asked, "units": units})


@scope_required
def unit_page(request: HttpRequest, code: str) -> HttpResponse:
    asked, viewer = ask(request), viewer_of(request)
    seen = see_unit(viewer, code, day=asked.as_of)
    context = {
        "asked": asked,
        "unit": seen.unit,
        "reach": seen.reach,
        "crumbs": crumbs(viewer, seen.unit, on=seen.day),
        "open_day": None if seen.day == asked.as_of else seen.day,
    }
    if asked.target is not None:
        context["figures"] = unit_figures(
            seen.unit, target=asked.target, as_of=asked.as_of, reach=seen.reach
        )
    return render(request, "reports/unit.html", context)


@dataclass(frozen=True, slots=True)
class SeenUnit:
    """A unit that the viewer may see; `day` lies within its life."""

    unit: Unit
    reach: Reach
    day: date


def see_unit(viewer: User, code: str, *, day: date) -> SeenUnit:
    """404 unless a scope opens it. For a day outside the unit's life its nearest day decides.

    So whoever watches over a district that has ended is told when it ended.
    """
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Http404
    near = min(max(day, unit.opened_on), unit.closed_on or date.max)
    reach = reach_of(viewer, unit, on=near)
    if reach is None:
        raise Http404
    unit.name = unit.name_on(near)  # type: ignore[attr-defined]
    return SeenUnit(unit, reach, near)
