"""The people behind a figure, and a person's record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.quiz.access import can_grant_attempt
from activities.quiz.stuck import stuck_learners
from people.audit import AuditAction, record
from people.dates import local_day
from people.grants import grants_of
from people.models import Membership, Person, User
from people.models.scope import MANAGING_PEOPLE
from people.queries.care import codes_managed_by, in_care_of
from people.queries.corrections import corrections_of
from people.queries.history import changes_of
from people.sheets.sending import Counted, sheet_response
from reports.forms import PeopleForm
from reports.models import Target
from reports.people_sheet import HEADINGS, people_rows
from reports.queries.attempts import attempts_in
from reports.queries.audience import Question
from reports.queries.modules import modules_of
from reports.queries.people import (
    PeopleFilter,
    Record,
    people_behind,
    record_of,
    standing_of,
)
from reports.views.asking import Asked, ask, scope_required, viewer_of
from reports.views.units import SeenUnit, see_unit

PEOPLE_A_PAGE = 50
ROWS_AT_ONCE = 2000  # fetched from the database while a file is written
CHANGES_SHOWN = 20
IS_DONE = {"yes": True, "no": False}


@scope_required
def unit_people(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(request, code)
    asked, unit, kept = found.asked, found.seen.unit, found.kept
    page = Paginator(found.people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "reports/people.html",
        {
            "asked": asked,
            "unit": unit,
            "crumbs": found.seen.crumbs,
            "form": found.form,
            "page": page,
            "has_units": any(member.unit_id != unit.pk for member in page),
            "readable": _readable(viewer_of(request), [member.person_id for member in page]),
            "query": _joined(asked.query, kept),
            "is_filtered": bool(kept.keys() - {"done"}),
            "results": _results(found.form, asked.query, kept),
        },
    )


@scope_required
@require_safe
def unit_people_sheet(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """The list as it is shown, filters included, as CSV or XLSX; who took it is logged."""
    found = _found(request, code)
    asked, unit = found.asked, found.seen.unit
    people = Counted(people_rows(found.people.iterator(chunk_size=ROWS_AT_ONCE), found.target))
    name = f"{found.target.code}-{unit.code}-{asked.as_of:%Y%m%d}-nhan-su.{kind}"
    headings = [str(heading) for heading in HEADINGS]
    response = sheet_response(headings, people, name=name, title=unit.code)
    detail = {
        "target": found.target.code,
        "as_of": asked.as_of.isoformat(),
        "people": people.count,
        "filter": sorted(found.kept),
        "kind": kind,
    }
    said = {name: value for name, value in detail.items() if value != []}
    record(AuditAction.EXPORT, actor=viewer_of(request), subject=unit, detail=said)
    return response


@dataclass(frozen=True, slots=True)
class Found:
    """The people of one figure that a filter leaves; `kept` is what it asked."""

    asked: Asked
    target: Target
    seen: SeenUnit
    form: PeopleForm
    kept: dict[str, str]
    people: QuerySet[Membership]


def _found(request: HttpRequest, code: str) -> Found:
    asked = ask(request)
    seen = see_unit(request, code, day=asked.as_of)
    target = asked.target
    if target is None or not seen.reach.sees_people:
        raise Http404
    question = Question(target, asked.as_of, sector=seen.reach.sector)
    modules = {module.code: module for module in modules_of(question)}
    form = PeopleForm(request.GET, modules=list(modules.values()))
    form.is_valid()
    chosen = form.cleaned_data
    group, named = chosen.get("group", ""), target.staff_groups
    people = people_behind(
        replace(question, audience="others")
        if group and named and group not in named
        else question,
        seen.unit,
        viewer=viewer_of(request),
        chosen=PeopleFilter(
            group=group,
            sex=chosen.get("sex", ""),
            kind=chosen.get("kind", ""),
            sector=chosen.get("sector", ""),
            module=modules.get(chosen.get("module", "")),
            without=modules.get(chosen.get("without", "")),
            is_done=IS_DONE.get(chosen.get("done", "")),
            words=chosen.get("q", ""),
        ),
    )
    kept = {name: value for name, value in chosen.items() if value}
    return Found(asked, target, seen, form, kept, people)


@dataclass(frozen=True, slots=True)
class Result:
    """A choice of the filter by result, as a link."""

    label: str
    query: str
    is_chosen: bool


@scope_required
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A record is open to whoever has the person in scope today, whatever day is asked about.

    It shows the present: someone who moved on is no longer her old principal's to read.
    """
    asked, viewer, now = ask(request), viewer_of(request), timezone.now()
    visible = Person.objects.visible_to(viewer, on=timezone.localdate(now))
    person = get_object_or_404(visible.select_related("user"), pk=pk)
    account: User | None = getattr(person, "user", None)
    record_now = record_of(person, at=now)
    context = {
        "asked": asked,
        "person": person,
        "account": account,
        "record": record_now,
        "history": changes_of(person, limit=CHANGES_SHOWN),
        "corrections": list(corrections_of(person)[:CHANGES_SHOWN]),
        "care": _care(request, person, record_now),
        "standing": standing_of(person, Question(asked.target, local_day(now)))
        if asked.target
        else None,
        "has_early": _has_early(record_now, asked.target),
        "attempts": attempts_in(person),
        "today": timezone.localdate(now),
        "grantable": _grantable(viewer, person, at=now),
        "may_view_as": account is not None and account.can_be_viewed_by(viewer),
    }
    if person.pk != viewer.person_id:
        record(AuditAction.RECORD_VIEWED, actor=viewer, subject=person)
    return render(request, "reports/person.html", context)


def _has_early(record_now: Record, target: Target | None) -> bool:
    """Whether a certificate is from before what the target counts."""
    if target is None:
        return False
    return any(each.completed_on < target.started_on for each in record_now.certificates)


@dataclass(frozen=True, slots=True)
class Care:
    """What the viewer may do about the person; `rows`: keys of the memberships she may mend."""

    acts: bool
    rows: frozenset[int]


def _care(request: HttpRequest, person: Person, record_now: Record) -> Care:
    viewer, today = viewer_of(request), timezone.localdate()
    grants = grants_of(request)
    manages = grants.is_unlimited or bool(grants.roles & MANAGING_PEOPLE)
    if not manages or not in_care_of(viewer, on=today).filter(pk=person.pk).exists():
        return Care(acts=False, rows=frozenset())
    hers = [row for row in record_now.memberships if row.is_primary]
    codes = {row.unit_code for row in hers}  # type: ignore[attr-defined]
    managed = codes_managed_by(viewer, codes, on=today)
    mendable = (row.pk for row in hers if row.unit_code in managed)  # type: ignore[attr-defined]
    return Care(acts=True, rows=frozenset(mendable))


def _results(form: PeopleForm, query: str, kept: dict[str, str]) -> list[Result]:
    """The filter by result as links that keep every other filter."""
    others = {name: value for name, value in kept.items() if name != "done"}
    return [
        Result(
            label=label,
            query=_joined(query, {**others, "done": code} if code else others),
            is_chosen=code == kept.get("done", ""),
        )
        for code, label in form.fields["done"].choices  # type: ignore[attr-defined]
    ]


def _joined(query: str, more: dict[str, str]) -> str:
    return f"{query}&{urlencode(more)}" if more else query


def _readable(viewer: User, people: list[int]) -> set[int]:
    """Of people in a figure of some day, those whose records the viewer may read today."""
    visible = Person.objects.visible_to(viewer, on=timezone.localdate())
    return set(visible.filter(pk__in=people).values_list("pk", flat=True))


def _grantable(viewer: User, person: Person, *, at: datetime) -> set[int]:
    """Quizzes that the person is stuck in and the viewer may grant another attempt at."""
    if not can_grant_attempt(viewer, person, on=local_day(at)):
        return set()
    return {each.activity.pk for each in stuck_learners([person], at=at)}
