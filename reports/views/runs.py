"""Who is where in a run, how its quizzes went, and the list as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.quiz.access import can_grant_attempt, grants_for
from activities.quiz.stuck import stuck_learners
from courses.access import Sight, sight_of
from courses.models import CourseRun, RunTerms
from courses.queries import explain
from people.audit import AuditAction, record
from people.dates import local_day
from people.models import Person
from people.sheets.sending import sheet_response
from reports.progress import Stage
from reports.progress_forms import STAGE_LABELS, ProgressForm
from reports.queries.attempts import attempts_in
from reports.queries.run_people import run_people, with_details
from reports.queries.run_progress import Learner, run_progress, stage_counts
from reports.queries.run_results import quiz_results
from reports.queries.run_units import unit_choices
from reports.run_sheet import HEADINGS, sheet_rows
from reports.views.asking import viewer_of

PEOPLE_A_PAGE = 50
STUCK_SHOWN = 100


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A run whose people the viewer may follow, on the terms of this instant."""

    run: CourseRun
    terms: RunTerms
    sight: Sight
    at: datetime


def run_viewer_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Calls the view with a `SeenRun`; 404 for whoever may see nobody's work in the run."""

    @login_required
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, code: str, **kwargs: int) -> HttpResponseBase:
        now = timezone.now()
        sight = sight_of(viewer_of(request), on=timezone.localdate(now))
        terms = (
            RunTerms.objects.in_force(at=now)
            .filter(run__in=sight.runs.values("pk"), run__code=code)
            .select_related("run__course")
            .first()
        )
        if terms is None or not sight.includes_people():
            raise Http404
        return view(request, SeenRun(terms.run, terms, sight, now), **kwargs)

    return guarded


@run_viewer_required
def progress(request: HttpRequest, seen: SeenRun) -> HttpResponse:
    found = _found(request, seen)
    counts = stage_counts(found.learners)
    page = Paginator(found.chosen, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    learners = list(page)
    people = with_details([each.person for each in learners], seen.run, today=local_day(seen.at))
    context = {
        **_context(seen),
        "form": found.form,
        "stages": [(stage, STAGE_LABELS[stage], counts[stage]) for stage in Stage],
        "total": len(found.learners),
        "page": page,
        "rows": [(each, people[each.person]) for each in learners],
        "query": urlencode(found.form.kept),
        "query_without_state": urlencode(
            {name: value for name, value in found.form.kept.items() if name != "state"}
        ),
    }
    return render(request, "reports/run_progress.html", context)


@run_viewer_required
def results(request: HttpRequest, seen: SeenRun) -> HttpResponse:
    """Quizzes of the people the viewer sees, and who of them waits for another attempt."""
    stuck = [
        each
        for each in stuck_learners(seen.sight.people, at=seen.at, run=seen.run)
        if each.enrolment.person_id != seen.sight.viewer.person_id
    ]
    context = {
        **_context(seen),
        "helped": _helped(seen, [each.enrolment.person_id for each in stuck[:STUCK_SHOWN]]),
        "results": quiz_results(seen.terms, people=seen.sight.people),
        "stuck": stuck[:STUCK_SHOWN],
        "stuck_beyond": max(0, len(stuck) - STUCK_SHOWN),
    }
    return render(request, "reports/run_results.html", context)


@run_viewer_required
def run_person(request: HttpRequest, seen: SeenRun, *, pk: int) -> HttpResponse:
    """One person's work in the run: why it is not complete, and every attempt."""
    person = get_object_or_404(seen.sight.people, pk=pk)
    explanation = explain(person, seen.run, at=seen.at)
    is_due = seen.terms.audience(on=seen.terms.counted_on(local_day(seen.at))).filter(pk=pk)
    if explanation.enrolment is None and not is_due.exists():
        raise Http404
    context = {
        **_context(seen),
        "person": person,
        "explanation": explanation,
        "attempts": attempts_in(person, run=seen.run),
        "grantable": _grantable(seen, pk),
        "may_read_record": _may_read_record(seen, pk),
    }
    if pk != seen.sight.viewer.person_id:
        detail = {"run": seen.run.code}
        record(AuditAction.RECORD_VIEWED, actor=seen.sight.viewer, subject=person, detail=detail)
    return render(request, "reports/run_person.html", context)


@run_viewer_required
def export(request: HttpRequest, seen: SeenRun, *, kind: str) -> HttpResponseBase:
    """The list as it is shown, filter included, as CSV or XLSX; who took it is logged."""
    found = _found(request, seen)
    rows = sheet_rows(found.chosen, seen.run, today=local_day(seen.at))
    name = f"{seen.run.code}-{local_day(seen.at):%Y%m%d}.{kind}"
    headings = [str(heading) for heading in HEADINGS]
    response = sheet_response(headings, rows, name=name, title=seen.run.code)
    detail = {"run": seen.run.code, "people": len(found.chosen), "kind": kind}
    record(AuditAction.EXPORT, actor=seen.sight.viewer, subject=seen.run, detail=detail)
    return response


@dataclass(frozen=True, slots=True)
class Found:
    """Everybody whom the filter leaves, and those at the chosen stage."""

    form: ProgressForm
    learners: list[Learner]
    chosen: list[Learner]


def _found(request: HttpRequest, seen: SeenRun) -> Found:
    today = local_day(seen.at)
    form = ProgressForm(request.GET, units=unit_choices(seen.sight))
    if form.asks_for_unseen_unit:
        return Found(form, [], [])
    people = run_people(seen.terms, among=seen.sight.people, chosen=form.people, today=today)
    learners = run_progress(seen.terms, people, at=seen.at)
    chosen = [each for each in learners if form.stage in (None, each.stage)]
    return Found(form, learners, chosen)


def _context(seen: SeenRun) -> dict[str, object]:
    return {"run": seen.run, "terms": seen.terms, "today": local_day(seen.at)}


def _grantable(seen: SeenRun, person: int) -> set[int]:
    """Quizzes of the run in which the person is stuck and the viewer may help."""
    someone = seen.sight.people.get(pk=person)
    if not can_grant_attempt(seen.sight.viewer, someone, on=local_day(seen.at)):
        return set()
    return {each.activity.pk for each in stuck_learners([someone], at=seen.at, run=seen.run)}


def _helped(seen: SeenRun, people: list[int]) -> set[int]:
    """Of these people those to whom the viewer may grant another attempt."""
    grantable = grants_for(seen.sight.viewer, on=local_day(seen.at))
    if grantable is None:
        return set(people)
    return set(grantable.filter(pk__in=people).values_list("pk", flat=True))


def _may_read_record(seen: SeenRun, person: int) -> bool:
    """A trainer follows everybody's work, but reads the records of her scopes only."""
    visible = Person.objects.visible_to(seen.sight.viewer, on=local_day(seen.at))
    return visible.filter(pk=person).exists()
