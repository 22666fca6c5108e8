"""My training: what is due, one button to go on, what is done, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from certificates.models import Certificate
from courses.models import Activity
from courses.queries import Explanation, due_runs, explain
from people.models import User


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run as its learner sees it. `next_activity` is None when nothing is left to do now."""

    explanation: Explanation
    due_on: date
    is_open: bool

    @property
    def modules_left(self) -> int:
        return len(self.explanation.unfinished)

    @property
    def minutes_left(self) -> int:
        """Of reading and answering, for what is still to be done."""
        return sum(
            rule.activity.minutes for state in self.explanation.unfinished for rule in state.unmet
        )

    @property
    def next_activity(self) -> Activity | None:
        """The first unmet activity of the module begun already, else of the first unfinished."""
        if not self.is_open:
            return None
        unfinished = [state for state in self.explanation.unfinished if state.unmet]
        begun = [state for state in unfinished if state.done]
        return next((state.unmet[0].activity for state in begun + unfinished), None)


@login_required
def my_training(request: HttpRequest) -> HttpResponse:
    user, now = cast(User, request.user), timezone.now()
    person, today = user.person, timezone.localdate()
    cards = []
    certificates = Certificate.objects.none()
    if person is not None:
        cards = [
            RunCard(
                explanation=explain(person, each.run, at=now),
                due_on=each.terms.closes_on,
                is_open=each.terms.opens_on <= today <= each.terms.last_day,
            )
            for each in due_runs(person, at=now)
        ]
        certificates = Certificate.objects.filter(person=person, replaced_by__isnull=True)
    return render(
        request,
        "reports/my.html",
        {
            "person": person,
            "open_cards": [card for card in cards if card.is_open],
            "past_cards": [card for card in cards if not card.is_open],
            "certificates": certificates.select_related("revocation"),
            "today": today,
        },
    )
