"""The quiz attempts of two rows that are one person: all are hers, numbered on."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from activities.quiz.models import Attempt, AttemptGrant
from courses.merging import pairs_of, touched_enrolments
from courses.models import Enrolment
from people.formats import local_time
from people.merging.plan import GONE, KEPT, MergePlan
from people.signals import people_merging

ATTEMPTS = gettext_noop("lượt làm bài kiểm tra")
GRANTS = gettext_noop("lượt làm bài được cấp thêm")


@receiver(people_merging, dispatch_uid="quiz.plan_attempts")
def plan_attempts(plan: MergePlan, **_kwargs: Any) -> None:
    """Of runs in which both are enrolled; elsewhere attempts stay with their enrolment."""
    plan.handle("quiz.Attempt.enrolment", "quiz.AttemptGrant.enrolment")
    for ours, theirs in pairs_of(plan.kept, plan.gone):
        mine, others = _by_quiz(ours), _by_quiz(theirs)
        for quiz, attempts in others.items():
            _plan_quiz(plan, ours, mine.get(quiz, []), attempts)
        plan.change(theirs.attempt_grants.all(), enrolment_id=ours.pk)
    touched = touched_enrolments(plan)
    plan.guard(Attempt, ATTEMPTS, enrolment__in=touched)
    plan.guard(AttemptGrant, GRANTS, enrolment__in=touched)


def _by_quiz(enrolment: Enrolment) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = defaultdict(list)
    attempts = Attempt.objects.filter(enrolment=enrolment).select_related("activity")
    for attempt in attempts.order_by("activity", "number"):
        found[attempt.activity_id].append(attempt)
    return found


def _plan_quiz(
    plan: MergePlan, ours: Enrolment, mine: list[Attempt], theirs: list[Attempt]
) -> None:
    """Hers keep their numbers, and the other's follow."""
    open_mine, open_theirs = _open(mine), _open(theirs)
    aside: Attempt | None = None
    if open_mine and open_theirs:
        goes_on = _ask(plan, ours, open_mine, open_theirs)
        aside = open_mine if goes_on == GONE else open_theirs
    moving = [each for each in theirs if each is not aside]
    if aside is not None and aside is open_mine:
        _step_aside(plan, open_mine, moving, ours, count=len(mine) - 1)
        return
    _move(plan, moving, ours, after=len(mine))


def _move(plan: MergePlan, attempts: list[Attempt], ours: Enrolment, *, after: int) -> None:
    for number, attempt in enumerate(attempts, start=after + 1):
        plan.change([attempt], enrolment_id=ours.pk, number=number)


def _step_aside(
    plan: MergePlan, attempt: Attempt, moving: list[Attempt], ours: Enrolment, *, count: int
) -> None:
    """Hers changes places with the other's, by way of nowhere: an enrolment has one open attempt
    of a quiz at any moment."""
    paper = list(attempt.paper.order_by("pk"))
    plan.delete(paper)
    plan.delete([attempt])
    there = moving[0].enrolment
    _move(plan, moving, ours, after=count)
    left = copy(attempt)
    left.enrolment = there
    plan.make([left])
    plan.make(paper)


def _open(attempts: list[Attempt]) -> Attempt | None:
    return next((each for each in attempts if each.submitted_at is None), None)


def _ask(plan: MergePlan, ours: Enrolment, mine: Attempt, theirs: Attempt) -> str:
    """Two papers of one quiz are open: one goes on, the other is left as it is."""
    return plan.ask(
        f"attempt-{ours.run_id}-{mine.activity_id}",
        _("Hai hồ sơ cùng đang làm dở bài kiểm tra “%(quiz)s”. Làm tiếp bài nào?")
        % {"quiz": mine.activity.title},
        [(KEPT, _described(mine)), (GONE, _described(theirs))],
        hint=_("Bài kia bỏ dở, không tính. Có thể chờ nộp xong cả hai bài rồi mới gộp."),
    )


def _described(attempt: Attempt) -> str:
    return _("Bài bắt đầu %(at)s") % {"at": local_time(attempt.started_at)}
