"""Figures of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.audit import AuditAction, record
from people.grants import grants_of
from people.models import Unit, User
from people.sheets.sending import sheet_response
from reports.figures_sheet import HEADINGS, figures_rows
from reports.queries.audience import Question
from reports.queries.changes import changed_on
from reports.queries.curve import CurveQuestion, unit_curve
from reports.queries.figures import unit_figures
from reports.queries.reach import Reach, sight, top_units
from reports.queries.workplace import workplace_of
from reports.views.asking import Asked, ask, scope_required, viewer_of


@scope_required
def index(request: HttpRequest) -> HttpResponse:
    """Straight to the unit of whoever has one; else a choice."""
    asked = ask(request)
    units = top_units(grants_of(request), on=asked.as_of)
    if len(units) == 1:
        page = redirect("reports:unit", units[0].code)
        if request.GET:
            page["Location"] += f"?{asked.query}"
        return page
    return render(request, "reports/index.html", {"asked": asked, "units": units})


@scope_required
def unit_page(request: HttpRequest, code: str) -> HttpResponse:
    asked = ask(request)
    seen = see_unit(request, code, day=asked.as_of)
    context = {
        "asked": asked,
        "unit": seen.unit,
        "reach": seen.reach,
        "crumbs": seen.crumbs,
        "open_day": None if seen.day == asked.as_of else seen.day,
        **_shown(asked, seen, viewer_of(request)),
    }
    return render(request, "reports/unit.html", context)


@scope_required
@require_safe
def unit_sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """The figures of the unit's page as CSV, withheld ones withheld; who took them is logged."""
    asked = ask(request)
    seen = see_unit(request, code, day=asked.as_of)
    if asked.target is None:
        raise Http404
    figures = unit_figures(seen.unit, target=asked.target, as_of=asked.as_of, reach=seen.reach)
    if figures.note:
        raise Http404
    rows = figures_rows(figures, seen.unit, target=asked.target, as_of=asked.as_of)
    name = f"{asked.target.code}-{seen.unit.code}-{asked.as_of:%Y%m%d}.csv"
    headings = [str(heading) for heading in HEADINGS]
    response = sheet_response(headings, rows, name=name, title=seen.unit.code)
    detail = {"target": asked.target.code, "as_of": asked.as_of.isoformat(), "kind": "csv"}
    record(AuditAction.EXPORT, actor=viewer_of(request), subject=seen.unit, detail=detail)
    return response


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
    """A unit that the viewer may see; `day` lies within its life. `crumbs`: see `Sighted`."""

    unit: Unit
    reach: Reach
    crumbs: list[Unit]
    day: date


def see_unit(request: HttpRequest, code: str, *, day: date) -> SeenUnit:
    """404 unless a scope opens it. For a day outside the unit's life its nearest day decides.

    So whoever watches over a district that has ended is told when it ended.
    """
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Http404
    near = min(max(day, unit.opened_on), unit.closed_on or date.max)
    seen = sight(grants_of(request), unit, on=near)
    if seen is None:
        raise Http404
    return SeenUnit(seen.unit, seen.reach, seen.crumbs, near)
