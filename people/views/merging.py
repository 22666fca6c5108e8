"""Two rows of one person: found, compared, made one, taken apart again."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from people.dates import local_day
from people.forms.merging import ChoicesForm, FindForm, MergeForm, UnmergeForm, choices_in
from people.merging.plan import MergePlan
from people.models import PersonMerge
from people.queries.care import in_care_of
from people.queries.comparing import compared, moved_in_words, taken_over
from people.queries.merging import (
    duplicate_names,
    merges_in_care_of,
    namesakes,
    possible_duplicates,
)
from people.queries.unit_names import units_of
from people.services.merging import MergeError, merge_people, plan_merge, refusal
from people.services.unmerging import obstacles_to_undoing, undo_merge, undo_refusal
from people.views.access import manager_required, viewer_of

NAMES_A_PAGE = 25
MOST_FOUND = 20


@manager_required
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """People of one name and birth date in the viewer's care."""
    viewer, today = viewer_of(request), timezone.localdate()
    found = duplicate_names(viewer, on=today)
    page = Paginator(found, NAMES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "groups": namesakes(list(page), viewer, on=today)}
    return render(request, "people/merging/duplicates.html", context)


@manager_required
@require_safe
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may be the same person as this one."""
    viewer, today = viewer_of(request), timezone.localdate()
    care = in_care_of(viewer, on=today)
    person = get_object_or_404(care, pk=pk)
    form = FindForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    alike = list(possible_duplicates(person, viewer, on=today)[:MOST_FOUND])
    others = care.found_by(words).exclude(pk=pk)
    found = list(others[: MOST_FOUND + 1]) if words else []
    units = units_of([*alike, *found], on=today)
    context = {
        "person": person,
        "form": form,
        "words": words,
        "alike": [(each, units.get(each.pk, "")) for each in alike],
        "found": [(each, units.get(each.pk, "")) for each in found[:MOST_FOUND]],
        "is_cut": len(found) > MOST_FOUND,
        "merges": person.merges.select_related("gone", "merged_by__person", "undoing"),
    }
    return render(request, "people/merging/find.html", context)


@manager_required
@cache_control(private=True, no_store=True)
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Chosen first, then what will happen is shown, then it is done: by one page.

    Pressed twice, the second press finds it done.
    """
    viewer, now = viewer_of(request), timezone.now()
    if done := _done(request, pk, other):
        return redirect("people:merge-page", done.pk)
    care = in_care_of(viewer, on=local_day(now))
    kept, gone = get_object_or_404(care, pk=pk), get_object_or_404(care, pk=other)
    if kept == gone:
        raise Http404
    plan = plan_merge(kept, gone, choices=choices_in(request.POST), at=now)
    form = MergeForm(request.POST if "confirm" in request.POST else None)
    problem = ""
    if form.is_bound and form.is_valid():
        try:
            merge = _merge(request, plan, form)
        except MergeError as error:
            problem = str(error)
            plan = plan_merge(kept, gone, choices=plan.choices, at=now)
        else:
            return redirect("people:merge-page", merge.pk)
    return _compared(request, plan, form, problem=problem)


@manager_required
@cache_control(private=True, no_store=True)
def merge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was merged, and the way back while there is one."""
    viewer, now = viewer_of(request), timezone.now()
    merges = merges_in_care_of(viewer, on=local_day(now))
    related = ("kept", "gone", "merged_by__person", "undoing__undone_by__person")
    merge = get_object_or_404(merges.select_related(*related), pk=pk)
    form = UnmergeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            undo_merge(merge, by=viewer, at=now, reason=form.cleaned_data["reason"])
        except MergeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã hoàn tác. Hai hồ sơ trở lại như trước khi gộp."))
            return redirect("people:merge-page", merge.pk)
    is_undone = hasattr(merge, "undoing")
    alike = possible_duplicates(merge.kept, viewer, on=local_day(now))
    context = {
        "merge": merge,
        "taken_over": taken_over(merge),
        "moved": moved_in_words(merge),
        "more_alike": 0 if is_undone else alike.count(),
        "obstacles": [] if is_undone else obstacles_to_undoing(merge),
        "refusal": undo_refusal(merge, by=viewer, at=now),
        "form": form,
    }
    return render(request, "people/merging/merge.html", context)


def _done(request: HttpRequest, kept: int, gone: int) -> PersonMerge | None:
    merges = merges_in_care_of(viewer_of(request), on=timezone.localdate())
    return merges.standing().filter(kept=kept, gone=gone).first()


def _merge(request: HttpRequest, plan: MergePlan, form: MergeForm) -> PersonMerge:
    merge = merge_people(
        plan.kept,
        plan.gone,
        choices=plan.choices,
        by=viewer_of(request),
        at=plan.at,
        **form.cleaned_data,
    )
    told = {"code": merge.gone.masked_code, "name": merge.kept.full_name}
    messages.success(request, _("Đã gộp hồ sơ mã %(code)s vào hồ sơ của %(name)s.") % told)
    return merge


def _compared(
    request: HttpRequest, plan: MergePlan, form: MergeForm, *, problem: str
) -> HttpResponse:
    """Questions first; without any, or once they are answered, what will happen."""
    is_answered = request.method == "POST" and "again" not in request.POST
    if not form.errors:
        first = {"expected": plan.digest, "reason": request.POST.get("reason", "")}
        form = MergeForm(initial=first)
    is_left_open = is_answered and bool(plan.open_questions)
    context = {
        "plan": plan,
        "rows": compared(plan),
        "refusal": refusal(plan, by=viewer_of(request)),
        "problem": problem,
        "shows_plan": not plan.open_questions and (is_answered or not plan.questions),
        "choices": ChoicesForm(request.POST if is_left_open else None, questions=plan.questions),
        "form": form,
    }
    return render(request, "people/merging/compare.html", context)
