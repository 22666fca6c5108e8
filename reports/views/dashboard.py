"""What stands behind a unit's page: forecast, breakdown, modules, every place of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from people.audit import AuditAction, record
from people.formats import local_tenths
from people.sheets.sending import sheet_response
from people.sheets.writing import Value
from reports.dashboard_forms import BreakdownForm, ForecastForm, StandingForm
from reports.models import Target
from reports.queries.audience import Question
from reports.queries.breakdown import LABELS, axes_for, breakdown
from reports.queries.coverage import NO_ROSTER, coverage_by
from reports.queries.figures import smallest_cell
from reports.queries.forecasts import ForecastQuestion, outlooks
from reports.queries.modules import module_lines
from reports.queries.workplaces import Standing, Workplace, workplaces
from reports.views.asking import Asked, ask, scope_required, viewer_of
from reports.views.units import SeenUnit, see_unit

WORKPLACES_A_PAGE = 50
HEADINGS = [
    gettext_lazy("Mã đơn vị"),
    gettext_lazy("Đơn vị"),
    gettext_lazy("Chỉ tiêu"),
    gettext_lazy("Tính đến hết ngày"),
    gettext_lazy("Tổng số người"),
    gettext_lazy("Tổng số đã đạt"),
    gettext_lazy("Còn thiếu (người)"),
    gettext_lazy("Tỷ lệ đạt (%)"),
]

Shown = Callable[[HttpRequest, Asked, Target, SeenUnit], dict[str, Any]]


@scope_required
@require_safe
def forecast_page(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, code, "forecast", _outlooks)


@scope_required
@require_safe
def breakdown_page(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, code, "breakdown", _breakdown)


@scope_required
@require_safe
def modules_page(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, code, "modules", _modules, is_of_people=True)


@scope_required
@require_safe
def workplaces_page(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, code, "workplaces", _workplaces, is_of_people=True)


@scope_required
@require_safe
def workplaces_sheet(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """The list as it is shown, as CSV or XLSX; who took it is logged."""
    asked = ask(request)
    seen = see_unit(request, code, day=asked.as_of)
    if asked.target is None or not seen.reach.sees_people:
        raise Http404
    standing, found = _chosen(request, asked, asked.target, seen)
    rows = _rows(found, asked, asked.target)
    name = f"{asked.target.code}-{seen.unit.code}-{asked.as_of:%Y%m%d}-{standing}.{kind}"
    headings = [str(heading) for heading in HEADINGS]
    response = sheet_response(headings, rows, name=name, title=seen.unit.code)
    detail = {
        "list": "workplaces",
        "target": asked.target.code,
        "as_of": asked.as_of.isoformat(),
        "units": len(found),
        "kind": kind,
    }
    record(AuditAction.EXPORT, actor=viewer_of(request), subject=seen.unit, detail=detail)
    return response


def _page(
    request: HttpRequest, code: str, name: str, shown: Shown, *, is_of_people: bool = False
) -> HttpResponse:
    """404 for whoever sees figures only, where a page is of people."""
    asked = ask(request)
    seen = see_unit(request, code, day=asked.as_of)
    if is_of_people and not seen.reach.sees_people:
        raise Http404
    context: dict[str, Any] = {
        "asked": asked,
        "unit": seen.unit,
        "reach": seen.reach,
        "crumbs": seen.crumbs,
        "current": name,
        "query": asked.query,
        "smallest": smallest_cell(),
    }
    if asked.target is not None:
        context |= shown(request, asked, asked.target, seen)
    return render(request, f"reports/{name}.html", context)


def _outlooks(request: HttpRequest, asked: Asked, target: Target, seen: SeenUnit) -> dict[str, Any]:
    form = ForecastForm(request.GET)
    question = ForecastQuestion(target, asked.as_of, form.chosen_weeks)
    found = outlooks(seen.unit, question, reach=seen.reach)
    return {"form": form, "weeks": form.chosen_weeks, "outlooks": found, "note": found.note}


def _breakdown(
    request: HttpRequest, asked: Asked, target: Target, seen: SeenUnit
) -> dict[str, Any]:
    form = BreakdownForm(request.GET, axes=axes_for(seen.reach))
    found = breakdown(seen.unit, target=target, as_of=asked.as_of, reach=seen.reach, by=form.axes)
    lines = [(each.line, urlencode(each.filters)) for each in found.lines]
    heading = " · ".join(str(LABELS[axis]) for axis in found.by)
    return {
        "form": form,
        "breakdown": found,
        "lines": lines,
        "heading": heading,
        "note": found.note,
    }


def _modules(request: HttpRequest, asked: Asked, target: Target, seen: SeenUnit) -> dict[str, Any]:
    """Of an empty audience no line; whether there was a roster, the headline says."""
    question = Question(target, asked.as_of, sector=seen.reach.sector)
    table = coverage_by(target, as_of=asked.as_of, unit=seen.unit, sector=seen.reach.sector)
    people = table.total.required
    lines = module_lines(question, seen.unit, people=people) if people else []
    return {"lines": lines, "people": people, "note": table.note}


def _workplaces(
    request: HttpRequest, asked: Asked, target: Target, seen: SeenUnit
) -> dict[str, Any]:
    found = workplaces(seen.unit, target=target, as_of=asked.as_of, reach=seen.reach)
    standing = StandingForm(request.GET).chosen
    page = Paginator(found.of(standing), WORKPLACES_A_PAGE).get_page(request.GET.get("page"))
    counts = {each.value: len(found.of(each)) for each in Standing}
    return {
        "page": page,
        "standing": standing.value,
        "counts": counts,
        "note": found.note,
        "query": f"{asked.query}&standing={standing.value}",
        "is_overdue": asked.as_of > target.due_on,
    }


def _chosen(
    request: HttpRequest, asked: Asked, target: Target, seen: SeenUnit
) -> tuple[Standing, list[Workplace]]:
    found = workplaces(seen.unit, target=target, as_of=asked.as_of, reach=seen.reach)
    if found.note == NO_ROSTER:
        raise Http404
    standing = StandingForm(request.GET).chosen
    return standing, found.of(standing)


def _rows(found: list[Workplace], asked: Asked, target: Target) -> Iterator[list[Value]]:
    for each in found:
        coverage = each.line.everyone.coverage
        yield [
            each.line.code,
            each.line.label,
            target.code,
            asked.as_of,
            coverage.required,
            coverage.complete,
            coverage.missing,
            local_tenths(coverage.percent_tenths),
        ]
