"""The people behind a figure, and a person's record."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from activities.quiz.access import can_grant_attempt
from activities.quiz.stuck import stuck_learners
from people.dates import local_day
from people.models import Person, User
from reports.forms import PeopleForm
from reports.queries.audience import Question
from reports.queries.people import PeopleFilter, people_behind, record_of
from reports.queries.reach import crumbs
from reports.views.asking import ask, scope_required, viewer_of
from reports.views.units import see_unit

PEOPLE_A_PAGE = 50
IS_DONE = {"yes": True, "no": False}


@scope_required
def unit_people(request: HttpRequest, code: str) -> HttpResponse:
    asked, viewer = ask(request), viewer_of(request)
    seen = see_unit(viewer, code, day=asked.as_of)
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
            "crumbs": crumbs(viewer, seen.unit, on=seen.day),
            "form": form,
            "page": page,
            "readable": _readable(viewer, [member.person_id for member in page]),
            "query": f"{asked.query}&{urlencode(kept)}" if kept else asked.query,
            "is_filtered": bool(kept),
        },
    )


@scope_required
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A record is open to whoever has the person in scope today, whatever day is asked about.

    It shows the present: someone who moved on is no longer her old principal's to read.
    """
    asked, viewer, now = ask(request), viewer_of(request), timezone.now()
    visible = Person.objects.visible_to(viewer, on=timezone.localdate(now))
    person = get_object_or_404(visible, pk=pk)
    context = {
        "asked": asked,
        "person": person,
        "record": record_of(person, at=now),
        "today": timezone.localdate(now),
        "grantable": _grantable(viewer, person, at=now),
    }
    return render(request, "reports/person.html", context)


def _readable(viewer: User, people: list[int]) -> set[int]:
    """Of people in a figure of some day, those whose records the viewer may read today."""
    visible = Person.objects.visible_to(viewer, on=timezone.localdate())
    return set(visible.filter(pk__in=people).values_list("pk", flat=True))


def _grantable(viewer: User, person: Person, *, at: datetime) -> set[int]:
    """Quizzes that the person is stuck in and the viewer may grant another attempt at."""
    if not can_grant_attempt(viewer, person, on=local_day(at)):
        return set()
    return {each.activity.pk for each in stuck_learners([person], at=at)}
