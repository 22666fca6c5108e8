"""The plain screens of runs: open one, change its terms, extend it, add a person by name."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import (
    can_change_run,
    units_managed_by,
    visible_runs,
)
from courses.forms import AddPersonForm, ExtendForm, NewRunForm, TermsForm
from courses.models import Course, CourseRun, RunTerms
from courses.queries import run_figures
from courses.services.runs import RunTermsError, add_person, extend_run, open_run, set_terms
from people.models import Person, User


@login_required
def run_list(request: HttpRequest) -> HttpResponse:
    viewer, today = cast(User, request.user), timezone.localdate()
    terms = (
        RunTerms.objects.in_force(at=timezone.now())
        .filter(run__in=visible_runs(viewer, on=today))
        .select_related("run__course")
        .order_by("-closes_on", "-pk")
    )
    may_open = units_managed_by(viewer, on=today).exists()
    if not terms and not may_open:
        raise Http404
    return render(
        request,
        "courses/runs.html",
        {
            "runs": terms,
            "may_open": may_open,
            "today": today,
        },
    )


@login_required
def new_run(request: HttpRequest) -> HttpResponse:
    viewer, today = cast(User, request.user), timezone.localdate()
    course = Course.objects.filter(is_published=True).first()
    if course is None or not units_managed_by(viewer, on=today).exists():
        raise Http404
    form = NewRunForm(
        request.POST or None,
        viewer=viewer,
        course=course,
        day=today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            run = open_run(course, at=timezone.now(), by=viewer, **form.cleaned_data)
        except RunTermsError as error:
            form.add_error(None, str(error))
        except IntegrityError:  # a double click: the first one has opened it
            return redirect("courses:run", form.cleaned_data["code"])
        else:
            messages.success(request, _("Đã mở đợt %(run)s.") % {"run": run.title})
            return redirect("courses:run", run.code)
    context = {"form": form, "run": None, "heading": _("Mở đợt mới")}
    return render(request, "courses/run_form.html", context)


@login_required
def run_page(request: HttpRequest, code: str) -> HttpResponse:
    run, terms = _visible_run(request, code)
    viewer, today = cast(User, request.user), timezone.localdate()
    may_change = can_change_run(viewer, terms, on=today)
    return render(
        request,
        "courses/run.html",
        {
            "run": run,
            "terms": terms,
            "units": terms.units.named_on(today),
            "history": run.terms.select_related("decided_by__person").order_by("-pk"),
            "additions": run.additions.select_related("person") if may_change else [],
            "figures": run_figures(run, terms, on=today) if may_change else None,
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

    def change(cleaned: dict[str, Any]) -> None:
        set_terms(run, at=timezone.now(), by=viewer, **cleaned)

    return _changed(request, run, form, change, heading=_("Sửa đợt"))


@login_required
def extend(request: HttpRequest, code: str) -> HttpResponse:
    run, _terms = _changeable_run(request, code)
    viewer = cast(User, request.user)

    def change(cleaned: dict[str, Any]) -> None:
        extend_run(run, at=timezone.now(), by=viewer, **cleaned)

    return _changed(request, run, ExtendForm(request.POST or None), change, heading=_("Gia hạn"))


@login_required
def add(request: HttpRequest, code: str) -> HttpResponse:
    run, _terms = _changeable_run(request, code)
    viewer, today = cast(User, request.user), timezone.localdate()
    form = AddPersonForm(request.POST or None, people=Person.objects.managed_by(viewer, on=today))

    def change(cleaned: dict[str, Any]) -> None:
        add_person(
            run, cleaned["person_code"], at=timezone.now(), by=viewer, reason=cleaned["reason"]
        )

    return _changed(request, run, form, change, heading=_("Thêm một người"))


def _changed(
    request: HttpRequest, run: CourseRun, form: Any, change: Any, *, heading: str
) -> HttpResponse:
    """The common course of a form about a run: show it, or do it and go back to the run."""
    if request.method == "POST" and form.is_valid():
        try:
            change(form.cleaned_data)
        except RunTermsError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lưu: %(act)s.") % {"act": heading})
            return redirect("courses:run", run.code)
    context = {"form": form, "run": run, "heading": heading}
    return render(request, "courses/run_form.html", context)


def _visible_run(request: HttpRequest, code: str) -> tuple[CourseRun, RunTerms]:
    viewer = cast(User, request.user)
    run = get_object_or_404(
        visible_runs(viewer, on=timezone.localdate()).select_related("course"), code=code
    )
    terms = run.terms_at(timezone.now())
    if terms is None:
        raise Http404
    return run, terms


def _changeable_run(request: HttpRequest, code: str) -> tuple[CourseRun, RunTerms]:
    run, terms = _visible_run(request, code)
    if not can_change_run(cast(User, request.user), terms, on=timezone.localdate()):
        raise Http404
    return run, terms
