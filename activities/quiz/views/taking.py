"""From the first question to the submission."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.quiz.models import Attempt
from activities.quiz.papers import asked_paper
from activities.quiz.queries import quiz_state
from activities.quiz.services.attempts import (
    AttemptSubmittedError,
    ForeignAnswerError,
    NoAttemptLeftError,
    QuizUnavailableError,
    save_answer,
    save_answers,
    start_attempt,
    submit_attempt,
)
from activities.quiz.views.learners import account_of, own_attempt
from courses.models import Activity, ActivityKind
from courses.services.evidence import MergedMeanwhileError, NoOpenRunError


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """POST begins or continues. GET shows what the quiz asks, or why it can't be begun."""
    quizzes = Activity.objects.filter(kind=ActivityKind.QUIZ).select_related("module")
    activity = get_object_or_404(quizzes, pk=pk)
    person = account_of(request).person
    if request.method == "POST" and person is not None:
        try:
            attempt = start_attempt(person, activity, at=timezone.now())
        except (QuizUnavailableError, NoAttemptLeftError, NoOpenRunError):
            return _intro(request, activity, status=409)
        return redirect("quiz:paper", attempt.pk)
    return _intro(request, activity)


@never_cache
@login_required
@require_GET
def paper(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    attempt = own_attempt(request, attempt_id)
    if attempt.submitted_at is not None:
        return redirect("quiz:result", attempt.pk)
    return _paper(request, attempt)


@require_POST
def answer(request: HttpRequest, attempt_id: UUID, position: int) -> HttpResponseBase:
    """Saves one answer: JSON `{"options": [key, …]}` from the page's script, or its form."""
    by_script = request.content_type == "application/json"
    if not request.user.is_authenticated:
        page = reverse("quiz:paper", args=[attempt_id])
        return _refusal("signed_out", status=401) if by_script else redirect_to_login(page)
    attempt = own_attempt(request, attempt_id)
    try:
        keys = _keys_in(request) if by_script else request.POST.getlist(f"q{position}")
        save_answer(attempt, position, keys, at=timezone.now())
    except AttemptSubmittedError:
        address = reverse("quiz:result", args=[attempt.pk])
        if by_script:
            return JsonResponse({"saved": False, "result": address}, status=409)
        return redirect(address)
    except ForeignAnswerError as error:
        if by_script:
            return _refusal(str(error), status=400)
        return _paper(request, attempt, problem=str(error), status=400)
    if by_script:
        return JsonResponse({"saved": True})
    return redirect(reverse("quiz:paper", args=[attempt.pk]) + f"#q{position}")


@login_required
@require_POST
def submit(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The whole form: saves the answers that it carries, then submits.

    A question that the form leaves empty keeps what was saved: a tab that was opened earlier must
    not wipe out what another one answered. A tab left behind gets the result like the first.
    """
    attempt = own_attempt(request, attempt_id)
    now = timezone.now()
    try:
        save_answers(attempt, _answers_in(request, attempt), at=now)
    except ForeignAnswerError as error:
        return _paper(request, attempt, problem=str(error), status=400)
    except AttemptSubmittedError:
        return redirect("quiz:result", attempt.pk)
    try:
        submit_attempt(attempt, at=now)
    except MergedMeanwhileError as error:
        return _paper(request, attempt, problem=str(error), status=409)
    except NoOpenRunError:
        problem = _(
            "Bài chưa nộp được vì đợt bồi dưỡng đã hết hạn. Các câu trả lời vẫn được lưu; "
            "hãy hỏi người quản lý đơn vị về việc gia hạn rồi nộp lại."
        )
        return _paper(request, attempt, problem=problem, status=409)
    return redirect("quiz:result", attempt.pk)


def _intro(request: HttpRequest, activity: Activity, *, status: int = 200) -> HttpResponse:
    state = quiz_state(account_of(request).person, activity, at=timezone.now())
    if not activity.is_published and not state.used:
        raise Http404
    return render(request, "quiz/start.html", {"activity": activity, "state": state}, status=status)


def _paper(
    request: HttpRequest, attempt: Attempt, *, problem: str = "", status: int = 200
) -> HttpResponse:
    questions = asked_paper(attempt)
    answered = sum(question.is_answered for question in questions)
    context = {
        "attempt": attempt,
        "questions": questions,
        "answered": answered,
        "unanswered": len(questions) - answered,
        "problem": problem,
    }
    return render(request, "quiz/paper.html", context, status=status)


def _answers_in(request: HttpRequest, attempt: Attempt) -> dict[int, list[str]]:
    """What the form says of the questions on this paper; anything else in it is not read."""
    positions = attempt.paper.values_list("position", flat=True)
    sent = {position: request.POST.getlist(f"q{position}") for position in positions}
    return {position: keys for position, keys in sent.items() if keys}


def _keys_in(request: HttpRequest) -> list[str]:
    try:
        keys = json.loads(request.body)["options"]
    except (ValueError, TypeError, KeyError, RecursionError):
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise ForeignAnswerError(_("Câu trả lời gửi lên không đọc được: hãy tải lại trang."))
    return keys


def _refusal(reason: str, *, status: int) -> JsonResponse:
    return JsonResponse({"saved": False, "reason": reason}, status=status)
