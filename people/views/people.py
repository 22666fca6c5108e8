"""Everybody whom the viewer may see: on a page, and as a file."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.audit import AuditAction, record
from people.forms.people import PeopleForm
from people.grants import grants_of
from people.models import Person, User
from people.models.scope import MANAGING_PEOPLE
from people.queries.care import in_care_of
from people.queries.people import listed_people, placed, units_managed, units_seen, with_places
from people.roster_sheet import HEADINGS, SHEET, roster_rows
from people.sheets.sending import Counted, sheet_response
from people.views.access import people_seen_required, viewer_of

PEOPLE_A_PAGE = 50


@people_seen_required
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    form = _asked(request)
    listed = listed_people(viewer, on=form.day, chosen=form.chosen)
    page = Paginator(listed.values_list("pk", flat=True), PEOPLE_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = with_places(list(page), on=form.day)
    manages = _manages(request)
    shown = [row.person_id for row in rows]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "today": today,
        "query": urlencode(form.kept),
        "query_of_present": urlencode(_without(form, "left")),
        "manages": manages,
        "has_units": len(form.units) > 1,
        "readable": _readable(shown, viewer, form),
        "returnable": _returnable(shown, viewer, form) if manages else set(),
    }
    return render(request, "people/people/list.html", context)


@people_seen_required
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list as it is shown, filters included; who took it is logged. A unit out of sight is
    none at all."""
    viewer, form = viewer_of(request), _asked(request)
    if form.chosen_units == []:
        raise Http404
    people = placed(listed_people(viewer, on=form.day, chosen=form.chosen), on=form.day)
    managed = None
    if not grants_of(request).is_unlimited:
        managed = {unit.code for unit in units_managed(viewer, on=form.day)}
    counted = Counted(roster_rows(people, shows_codes_in=managed))
    name = f"nhan-su-{form.day:%Y%m%d}.{kind}"
    response = sheet_response(HEADINGS, counted, name=name, title=SHEET)
    detail = {
        "list": "people",
        "people": counted.count,
        "as_of": form.day.isoformat(),
        "filter": sorted(form.kept.keys() - {"as_of"}),
        "unit": [unit.code for unit in form.chosen_units or []],
        "kind": kind,
    }
    said = {name: value for name, value in detail.items() if value not in ("", [])}
    record(AuditAction.EXPORT, actor=viewer, detail=said)
    return response


def _asked(request: HttpRequest) -> PeopleForm:
    viewer = viewer_of(request)
    return PeopleForm(
        request.GET, today=timezone.localdate(), units_on=lambda day: units_seen(viewer, on=day)
    )


def _without(form: PeopleForm, name: str) -> dict[str, str]:
    return {key: value for key, value in form.kept.items() if key != name}


def _manages(request: HttpRequest) -> bool:
    grants = grants_of(request)
    return grants.is_unlimited or bool(grants.roles & MANAGING_PEOPLE)


def _readable(shown: Collection[int], viewer: User, form: PeopleForm) -> set[int]:
    """Of people on the list of some day, those whose records the viewer may read today."""
    if form.day == form.today and not form.chosen.has_left:
        return set(shown)
    visible = Person.objects.visible_to(viewer, on=form.today)
    return set(visible.filter(pk__in=shown).values_list("pk", flat=True))


def _returnable(shown: Collection[int], viewer: User, form: PeopleForm) -> set[int]:
    """Of those who left, whom the viewer may take back."""
    if not form.chosen.has_left:
        return set()
    people = in_care_of(viewer, on=form.today).filter(pk__in=shown)
    return set(people.values_list("pk", flat=True))
