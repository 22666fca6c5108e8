"""A trainer or a manager grants a learner another attempt."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.quiz.access import can_grant_attempt, grants_for
from activities.quiz.forms import GrantForm
from activities.quiz.services.grants import GrantRefusedError, grant_attempt, needs_grant
from activities.quiz.stuck import stuck_learners
from activities.quiz.views.learners import account_of
from courses.models import Activity, ActivityKind, Enrolment
from people.addresses import local_address


@login_required
def grants(request: HttpRequest) -> HttpResponse:
    """Learners who have used up their attempts, for whoever may grant another."""
    viewer, today = account_of(request), timezone.localdate()
    people = grants_for(viewer, on=today)
    if people is not None and not people.exists():
        raise Http404
    stuck = [
        each
        for each in stuck_learners(people, at=timezone.now())
        if each.enrolment.person_id != viewer.person_id
    ]
    return render(request, "quiz/grants.html", {"stuck": stuck})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, enrolment_pk: int, activity_pk: int) -> HttpResponse:
    enrolment, activity = _fetched(request, enrolment_pk, activity_pk)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grant_attempt(
                enrolment,
                activity,
                by=account_of(request),
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
            messages.success(request, _("Đã cấp thêm một lượt làm bài."))
        except GrantRefusedError as error:
            messages.info(request, str(error))
        return redirect(
            _back_to(request) or reverse("quiz:grant", args=[enrolment.pk, activity.pk])
        )
    context = {
        "form": form,
        "enrolment": enrolment,
        "activity": activity,
        "needs_grant": needs_grant(enrolment, activity),
        "grants": list(
            enrolment.attempt_grants.filter(activity=activity)
            .select_related("granted_by__person")
            .order_by("granted_at")
        ),
    }
    return render(request, "quiz/grant.html", context)


def _back_to(request: HttpRequest) -> str:
    """The page of ours that led here, by `?next=`; empty for none or a foreign one."""
    return local_address(request, request.GET.get("next", ""))


def _fetched(
    request: HttpRequest, enrolment_pk: int, activity_pk: int
) -> tuple[Enrolment, Activity]:
    """404 unless the viewer may grant, and unless the quiz belongs to the run's course."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("person", "run"), pk=enrolment_pk
    )
    quizzes = Activity.objects.filter(
        kind=ActivityKind.QUIZ, module__course=enrolment.run.course_id
    )
    activity = get_object_or_404(quizzes.select_related("module"), pk=activity_pk)
    if not can_grant_attempt(account_of(request), enrolment.person, on=timezone.localdate()):
        raise Http404
    return enrolment, activity
