"""Who is asking, and whether the attempt is hers. Someone else's doesn't exist for her."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from activities.quiz.models import Attempt
from activities.quiz.queries import attempts_of
from people.models import Person, User


def account_of(request: HttpRequest) -> User:
    """Behind `login_required` only."""
    return cast(User, request.user)


def own_attempt(request: HttpRequest, attempt_id: UUID) -> Attempt:
    """The signed-in learner's own attempt; 404 for everybody else's."""
    person: Person | None = account_of(request).person
    if person is None:
        raise Http404
    attempts = attempts_of(person).select_related("activity__module", "quiz_version")
    return get_object_or_404(attempts, pk=attempt_id)
