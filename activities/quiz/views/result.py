"""What a submitted attempt came to, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from activities.quiz.models import Attempt
from activities.quiz.papers import MarkedQuestion, marked_paper
from activities.quiz.queries import has_passed, quiz_state
from activities.quiz.services.attempts import receipt_of
from activities.quiz.views.learners import account_of, own_attempt
from courses.models import Activity, ActivityCompletion, ActivityKind, CourseCompletion


@never_cache
@login_required
@require_GET
def result(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    attempt = own_attempt(request, attempt_id)
    if attempt.submitted_at is None:
        return redirect("quiz:paper", attempt.pk)
    receipt = receipt_of(attempt)
    questions = marked_paper(attempt)
    context = {
        "attempt": attempt,
        "receipt": receipt,
        "is_passed": has_passed(attempt),
        "questions": questions,
        "right": sum(question.is_right for question in questions),
        "to_review": [question for question in questions if not question.is_right],
        "unread": _unread(attempt),
        "is_run_complete": CourseCompletion.objects.filter(enrolment=attempt.enrolment_id).exists(),
        "lessons_again": _lessons_again(attempt, questions),
        "state": quiz_state(account_of(request).person, attempt.activity, at=timezone.now()),
    }
    return render(request, "quiz/result.html", context)


def _lessons_again(attempt: Attempt, questions: Iterable[MarkedQuestion]) -> Sequence[Activity]:
    """The module's lessons, when there is something to read again."""
    if all(question.is_right for question in questions):
        return []
    return list(_lessons(attempt))


def _unread(attempt: Attempt) -> Sequence[Activity]:
    """Lessons of the module that the learner has not read in this run."""
    done = ActivityCompletion.objects.filter(enrolment=attempt.enrolment_id).values("activity")
    return list(_lessons(attempt).exclude(pk__in=done))


def _lessons(attempt: Attempt) -> QuerySet[Activity]:
    return Activity.objects.filter(
        module=attempt.activity.module_id, kind=ActivityKind.LESSON, is_published=True
    )
