"""The plain screens of runs: open one, change its terms, extend it, add a person by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import Sight, can_change_run, sight_of, units_managed_by
from courses.forms import AddPersonForm, ExtendForm, NewRunForm, TermsForm
from courses.models import Course, CourseRun, RunTerms
from courses.queries import audience_size, run_figures
from courses.services.runs import (
    RunTermsError,
    add_person,
    extend_run,
    open_run,
    set_terms,
    usual_terms,
)
from people.formats import local_date
from people.models import Person, User

RUNS_A_PAGE = 20


@login_required
def run_list(request: HttpRequest) -> HttpResponse:
    viewer, today = cast(User, request.user), timezone.localdate()
    sight = sight_of(viewer, on=today)
    terms = (
        RunTerms.objects.in_force(at=timezone.now())
        .filter(run__in=sight.runs.values("pk"))
        .select_related("run__course")
        .order_by("-closes_on", "-pk")
    )
    may_open = units_managed_by(viewer, on=today).exists()
    page = Paginator(terms, RUNS_A_PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count and not may_open:
        raise Http404
    shown = list(page)
    figures = {}
    if shown and sight.includes_people():
        figures = run_figures(shown, people=sight.people, on=today)
    runs = [(each, figures.get(each.run_id)) for each in shown]
    context = {"page": page, "runs": runs, "may_open": may_open, "today": today}
    return render(request, "courses/runs.html", context)


@login_required
def new_run(request: HttpRequest) -> HttpResponse:
    viewer, today = cast(User, request.user), timezone.localdate()
    courses = list(Course.objects.filter(is_published=True))
    if not courses or not units_managed_by(viewer, on=today).exists():
        raise Http404
    asked = request.GET.get("course", "" if len(courses) > 1 else courses[0].code)
    course = next((each for each in courses if each.code == asked), None)
    if course is None:
        return render(request, "courses/run_courses.html", {"courses": courses})
    form = NewRunForm(
        request.POST or None,
        viewer=viewer,
        course=course,
        day=today,
        initial=usual_terms(today),
    )

    def opened(cleaned: dict[str, Any]) -> HttpResponse:
        try:
            run = open_run(course, at=timezone.now(), by=viewer, **cleaned)
        except IntegrityError:  # a double click: the first one has opened it
            return redirect("courses:run", cleaned["code"])
        messages.success(request, _("Đã mở đợt %(run)s.") % {"run": run.title})
        return redirect("courses:run", run.code)

    context = {
        "run": None,
        "heading": _("Mở đợt mới"),
        "course": course,
        "several_courses": len(courses) > 1,
    }
    return _terms_asked(request, form, opened, context)


@login_required
def run_page(request: HttpRequest, code: str) -> HttpResponse:
    sight, run, terms = _visible_run(request, code)
    today = sight.on
    may_change = can_change_run(sight.viewer, terms, on=today)
    figures = None
    if sight.includes_people():
        figures = run_figures([terms], people=sight.people, on=today)[run.pk]
    return render(
        request,
        "courses/run.html",
        {
            "run": run,
            "terms": terms,
            "units": terms.units.named_on(today),
            "history": run.terms.select_related("decided_by__person").order_by("-pk"),
            "additions": run.additions.select_related("person") if may_change else [],
            "figures": figures,
            "may_change": may_change,
            "today": today,
        },
    )


@login_required
def edit_run(request: HttpRequest, code: str) -> HttpResponse:
    run, terms = _changeable_run(request, code)
    viewer, today = cast(User, request.user), timezone.localdate()
    form = TermsForm(
        request.POST or None,
        viewer=viewer,
        course=run.course,
        day=today,
        terms=terms,
    )

    def changed(cleaned: dict[str, Any]) -> HttpResponse:
        set_terms(run, at=timezone.now(), by=viewer, **cleaned)
        messages.success(request, _("Đã lưu thay đổi của đợt."))
        return redirect("courses:run", run.code)

    return _terms_asked(request, form, changed, {"run": run, "heading": _("Sửa đợt")})


def _terms_asked(
    request: HttpRequest,
    form: TermsForm,
    act: Callable[[dict[str, Any]], HttpResponse],
    context: dict[str, Any],
) -> HttpResponse:
    """Shows the form, says whom it would hold (`preview`), or acts and goes on."""
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = audience_size(on=form.day, **form.audience)
        else:
            try:
                return act(form.cleaned_data)
            except RunTermsError as error:
                form.add_error(None, str(error))
    context = {**context, "form": form, "preview": preview}
    return render(request, "courses/run_terms_form.html", context)


@login_required
def extend(request: HttpRequest, code: str) -> HttpResponse:
    run, terms = _changeable_run(request, code)
    viewer = cast(User, request.user)

    def change(cleaned: dict[str, Any]) -> str:
        extend_run(run, at=timezone.now(), by=viewer, **cleaned)
        return _("Đã gia hạn đợt đến hết ngày %(day)s.") % {"day": local_date(cleaned["closes_on"])}

    return _changed(
        request,
        terms,
        ExtendForm(request.POST or None),
        change,
        heading=_("Gia hạn"),
        lede=_("Hạn mới áp dụng cho mọi người của đợt ngay khi lưu; hạn cũ vẫn còn trong lịch sử."),
        act=_("Gia hạn"),
    )


@login_required
def add(request: HttpRequest, code: str) -> HttpResponse:
    run, terms = _changeable_run(request, code)
    viewer, today = cast(User, request.user), timezone.localdate()
    form = AddPersonForm(request.POST or None, people=Person.objects.managed_by(viewer, on=today))

    def change(cleaned: dict[str, Any]) -> str:
        person = cleaned["person_code"]
        add_person(run, person, at=timezone.now(), by=viewer, reason=cleaned["reason"])
        return _("Đã thêm %(name)s vào đợt.") % {"name": person.full_name}

    return _changed(
        request,
        terms,
        form,
        change,
        heading=_("Thêm một người"),
        lede=_("Người này thuộc diện của đợt, dù đơn vị hay nhóm của đợt không có tên."),
        act=_("Thêm vào đợt"),
    )


def _changed(
    request: HttpRequest,
    terms: RunTerms,
    form: forms.Form,
    change: Callable[[dict[str, Any]], str],
    **words: str,
) -> HttpResponse:
    """The common course of a short form: show it, or do it, say what was done and go back."""
    if request.method == "POST" and form.is_valid():
        try:
            done = change(form.cleaned_data)
        except RunTermsError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("courses:run", terms.run.code)
    context = {"form": form, "run": terms.run, "terms": terms, "today": timezone.localdate()}
    return render(request, "courses/run_form.html", {**context, **words})


def _visible_run(request: HttpRequest, code: str) -> tuple[Sight, CourseRun, RunTerms]:
    sight = sight_of(cast(User, request.user), on=timezone.localdate())
    run = get_object_or_404(sight.runs.select_related("course"), code=code)
    terms = run.terms_at(timezone.now())
    if terms is None:
        raise Http404
    terms.run = run
    return sight, run, terms


def _changeable_run(request: HttpRequest, code: str) -> tuple[CourseRun, RunTerms]:
    sight, run, terms = _visible_run(request, code)
    if not can_change_run(sight.viewer, terms, on=sight.on):
        raise Http404
    return run, terms
