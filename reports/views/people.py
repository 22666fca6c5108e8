"""The people behind a figure, and a person's record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from activities.quiz.access import can_grant_attempt
from activities.quiz.stuck import stuck_learners
from people.audit import AuditAction, record
from people.dates import local_day
from people.models import Person, User
from reports.forms import PeopleForm
from reports.queries.attempts import attempts_in
from reports.queries.audience import Question
from reports.queries.people import PeopleFilter, people_behind, record_of, standing_of
from reports.views.asking import ask, scope_required, viewer_of
from reports.views.units import see_unit

PEOPLE_A_PAGE = 50
IS_DONE = {"yes": True, "no": False}


@scope_required
def unit_people(request: HttpRequest, code: str) -> HttpResponse:
    asked, viewer = ask(request), viewer_of(request)
    seen = see_unit(request, code, day=asked.as_of)
    if asked.target is None or not seen.reach.sees_people:
        raise Http404
    form = PeopleForm(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    group = chosen.get("group", "")
    named = asked.target.staff_groups
    people = people_behind(
        Question(
            asked.target,
            asked.as_of,
            audience="others" if group and named and group not in named else "target",
            sector=seen.reach.sector,
        ),
        seen.unit,
        viewer=viewer,
        chosen=PeopleFilter(
            group=group,
            sex=chosen.get("sex", ""),
            is_done=IS_DONE.get(chosen.get("done", "")),
            words=chosen.get("q", ""),
        ),
    )
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in chosen.items() if value}
    return render(
        request,
        "reports/people.html",
        {
            "asked": asked,
            "unit": seen.unit,
            "crumbs": seen.crumbs,
            "form": form,
            "page": page,
            "has_units": any(member.unit_id != seen.unit.pk for member in page),
            "readable": _readable(viewer, [member.person_id for member in page]),
            "query": _joined(asked.query, kept),
            "is_filtered": bool(kept.keys() - {"done"}),
            "results": _results(form, asked.query, kept),
        },
    )


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
    context = {
        "asked": asked,
        "person": person,
        "record": record_of(person, at=now),
        "standing": standing_of(person, Question(asked.target, local_day(now)))
        if asked.target
        else None,
        "attempts": attempts_in(person),
        "today": timezone.localdate(now),
        "grantable": _grantable(viewer, person, at=now),
        "may_view_as": account is not None and account.can_be_viewed_by(viewer),
    }
    if person.pk != viewer.person_id:
        record(AuditAction.RECORD_VIEWED, actor=viewer, subject=person)
    return render(request, "reports/person.html", context)


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
