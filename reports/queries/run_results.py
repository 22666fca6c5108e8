"""How a run's quizzes went: attempts, passes, best scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, QuerySet
from django.db.models.expressions import ExpressionWrapper

from activities.quiz.models import Attempt
from courses.models import Activity, ActivityCompletion, ActivityKind, RunTerms
from people.models import Person

BANDS = 10  # of the ten-point scale; ten points belong to the last


@dataclass(slots=True)
class QuizResults:
    """One quiz of the run. Scores are tenths on the ten-point scale, each learner's best.

    `bands[0]` counts best scores from 0 to 0,9, the last those from 9 to 10.
    """

    quiz: Activity
    attempts: int = 0
    passed: int = 0
    bests: list[int] = field(default_factory=list)

    @property
    def learners(self) -> int:
        return len(self.bests)

    @property
    def not_passed(self) -> int:
        return self.learners - self.passed

    @property
    def mean_tenths(self) -> int | None:
        """Rounded down; None before anybody has submitted."""
        return sum(self.bests) // len(self.bests) if self.bests else None

    @property
    def bands(self) -> list[int]:
        counts = [0] * BANDS
        for best in self.bests:
            counts[min(best // 10, BANDS - 1)] += 1
        return counts


def quiz_results(terms: RunTerms, *, people: QuerySet[Person]) -> list[QuizResults]:
    """Of every published quiz of the run's modules, in their order, those people's (2 queries)."""
    quizzes = Activity.objects.filter(
        kind=ActivityKind.QUIZ, is_published=True, module__in=terms.modules.values("pk")
    ).select_related("module")
    found = {
        quiz.pk: QuizResults(quiz)
        for quiz in quizzes.order_by("module__position", "module__code", "position")
    }
    for row in _bests(terms, found, people):
        results = found[row["activity"]]
        results.attempts += row["attempts"]
        results.passed += row["is_passed"]
        results.bests.append(row["best"])
    return list(found.values())


def _bests(
    terms: RunTerms, quizzes: Iterable[int], people: QuerySet[Person]
) -> Iterable[Mapping[str, Any]]:
    """Of each learner and quiz. Passed is what completed the activity, as everywhere else."""
    completed = ActivityCompletion.objects.filter(
        enrolment=OuterRef("enrolment"), activity=OuterRef("activity")
    )
    tenths = ExpressionWrapper(F("points") * 100 / F("possible"), output_field=IntegerField())
    submitted = Attempt.objects.filter(
        enrolment__run=terms.run_id,
        enrolment__person__in=people.order_by().values("pk"),
        activity__in=list(quizzes),
        submitted_at__isnull=False,
    )
    return (
        submitted.order_by()
        .values("enrolment", "activity")
        .annotate(attempts=Count("pk"), best=Max(tenths), is_passed=Exists(completed))
    )
