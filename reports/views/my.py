"""My training: what is due, one button to go on, what is done, certificates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from activities.quiz.stuck import stuck_pairs
from certificates.models import Certificate
from certificates.queries import standing_of
from certificates.rules import Standing
from courses.models import Activity, ActivityKind, Module
from courses.queries import Explanation, ModuleState, OpenRun, due_runs, explain_runs
from people.formats import local_date
from people.models import Person, User
from reports.queries.reminders import reminder_for

MINUTES_AN_HOUR = 60
MINUTES_A_STEP = 5  # nobody reads to the minute


class NextStep(NamedTuple):
    """Where to go on."""

    module: Module
    activity: Activity

    def __str__(self) -> str:
        """A quiz is named after its module already."""
        if self.activity.kind == ActivityKind.QUIZ:
            return self.activity.title
        return f"{self.module.code} – {self.activity.title}"


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    certificate: Certificate
    standing: Standing


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run as its learner sees it; `stuck` are the quizzes whose attempts she has used up."""

    explanation: Explanation
    opens_on: date
    due_on: date
    last_day: date
    today: date
    stuck: frozenset[int]
    certificate: HeldCertificate | None

    @property
    def is_open(self) -> bool:
        return self.opens_on <= self.today <= self.last_day

    @property
    def is_overdue(self) -> bool:
        """Past its day with something still to do, which is received until the last day."""
        return self.due_on < self.today and bool(self.explanation.unfinished)

    @property
    def time_left(self) -> str:
        """Of reading and answering, for what is still to be done."""
        unfinished = self.explanation.unfinished
        return in_words(sum(rule.activity.minutes for state in unfinished for rule in state.unmet))

    @property
    def due_day(self) -> str:
        return short_day(self.due_on, today=self.today)

    @property
    def end_of_grace(self) -> str:
        return short_day(self.last_day, today=self.today)

    @property
    def next_step(self) -> NextStep | None:
        """The first thing that can be done of the module begun already, else of the first one.

        None when nothing is left to do, or when all that is left waits for another attempt.
        """
        if not self.is_open:
            return None
        unfinished = self.explanation.unfinished
        begun = [state for state in unfinished if state.done]
        return next((step for step in self._steps(begun + unfinished)), None)

    @property
    def waits_for(self) -> list[NextStep]:
        """Quizzes that need another attempt granted."""
        return [
            NextStep(state.module, rule.activity)
            for state in self.explanation.unfinished
            for rule in state.unmet
            if rule.activity.pk in self.stuck
        ]

    @property
    def listed(self) -> list[ModuleState]:
        """What is required of her, and what she completed beyond that."""
        return [each for each in self.explanation.modules if each.is_required or each.completed_at]

    @property
    def elective(self) -> list[ModuleState]:
        return [each for each in self.explanation.modules if each not in self.listed]

    def _steps(self, states: Iterable[ModuleState]) -> Iterable[NextStep]:
        for state in states:
            for rule in state.unmet:
                if rule.activity.pk not in self.stuck:
                    yield NextStep(state.module, rule.activity)


@login_required
def my_training(request: HttpRequest) -> HttpResponse:
    person, now = cast(User, request.user).person, timezone.now()
    certificates = _certificates(person, on=timezone.localdate(now)) if person else []
    cards = _cards(person, certificates, at=now) if person else []
    context = {
        "person": person,
        "open_cards": [card for card in cards if card.is_open],
        "past_cards": [card for card in cards if not card.is_open],
        "certificates": certificates,
        "reminder": reminder_for(person, on=timezone.localdate(now)) if person else None,
        "today": timezone.localdate(now),
    }
    return render(request, "reports/my.html", context)


def in_words(minutes: int) -> str:
    """About how long: to five minutes below an hour, to half an hour above."""
    if minutes < MINUTES_AN_HOUR:
        rounded = max(MINUTES_A_STEP, -(-minutes // MINUTES_A_STEP) * MINUTES_A_STEP)
        return ngettext("%(count)d phút", "%(count)d phút", rounded) % {"count": rounded}
    hours, half = divmod(-(-minutes * 2 // MINUTES_AN_HOUR), 2)
    if half:
        return ngettext("%(count)d giờ rưỡi", "%(count)d giờ rưỡi", hours) % {"count": hours}
    return ngettext("%(count)d giờ", "%(count)d giờ", hours) % {"count": hours}


def short_day(day: date, *, today: date) -> str:
    """Day and month; with the year when it is another one."""
    if day.year != today.year:
        return local_date(day)
    return str(date_format(day, "MONTH_DAY_FORMAT"))


def _cards(
    person: Person, certificates: Iterable[HeldCertificate], *, at: datetime
) -> list[RunCard]:
    today, runs = timezone.localdate(at), due_runs(person, at=at)
    stuck = stuck_pairs([each.run for each in runs if _takes_work(each, today)], people=[person])
    earned = {
        held.certificate.completion.enrolment_id: held
        for held in certificates
        if held.certificate.completion
    }

    def card(each: OpenRun, explanation: Explanation) -> RunCard:
        enrolment = each.enrolment.pk if each.enrolment else None
        return RunCard(
            explanation=explanation,
            opens_on=each.terms.opens_on,
            due_on=each.terms.closes_on,
            last_day=each.terms.last_day,
            today=today,
            stuck=frozenset(activity for holder, activity in stuck if holder == enrolment),
            certificate=earned.get(enrolment) if enrolment else None,
        )

    return [card(*each) for each in zip(runs, explain_runs(person, runs, at=at), strict=True)]


def _takes_work(each: OpenRun, today: date) -> bool:
    """Whether she began it and it still receives what she does."""
    return each.enrolment is not None and each.terms.opens_on <= today <= each.terms.last_day


def _certificates(person: Person, *, on: date) -> list[HeldCertificate]:
    """Hers, each replaced one left out for what replaced it."""
    held = Certificate.objects.filter(person=person, replaced_by__isnull=True)
    return [
        HeldCertificate(each, standing_of(each, on=on))
        for each in held.select_related("completion", "revocation", "replaced_by")
    ]
