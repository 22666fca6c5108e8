"""Figures of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from people.models import Unit, User
from reports.queries.audience import Question
from reports.queries.changes import changed_on
from reports.queries.curve import CurveQuestion, unit_curve
from reports.queries.figures import unit_figures
from reports.queries.reach import Reach, crumbs, reach_of, top_units
from reports.queries.workplace import workplace_of
from reports.views.asking import Asked, ask, scope_required, viewer_of


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
        **_shown(asked, seen, viewer),
    }
    return render(request, "reports/unit.html", context)


def _shown(asked: Asked, seen: SeenUnit, viewer: User) -> dict[str, Any]:
    """The figures, their curve and, today, who is left in a unit without units below."""
    target, period, reach = asked.target, asked.period, seen.reach
    if target is None or period is None:
        return {}
    figures = unit_figures(seen.unit, target=target, as_of=asked.as_of, reach=reach)
    shown: dict[str, Any] = {"figures": figures}
    if figures.note or not figures.headline.everyone.coverage.required:
        return shown
    shown["curve"] = unit_curve(
        CurveQuestion(target, period, asked.marked, reach.sector),
        seen.unit,
        today=asked.today,
        people=figures.headline.everyone.coverage.required,
        smallest=0 if reach.sees_people else figures.smallest,
    )
    if asked.compared:
        shown["before"] = shown["curve"].on(asked.compared)
    if asked.as_of < asked.today:
        shown["changed_on"] = changed_on(seen.unit, since=asked.as_of, today=asked.today)
    # Of today only: on another day the unit may have stood outside the viewer's reach.
    if reach.sees_people and not figures.below and asked.as_of == asked.today:
        question = Question(target, asked.as_of, sector=reach.sector)
        shown["workplace"] = workplace_of(seen.unit, question, viewer=viewer, at=timezone.now())
    return shown


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
