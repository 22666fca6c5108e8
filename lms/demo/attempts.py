"""Attempts of the demo, passed and failed, written in bulk with the papers they were given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from activities.quiz.models import Attempt, AttemptQuestion, Option, QuestionVersion, QuizVersion
from courses.models import Activity, Enrolment, Evidence
from courses.rules import EvidenceKind, is_passed

TAKEN = timedelta(minutes=12)  # from start to submission


@dataclass(frozen=True, slots=True)
class Paper:
    quiz_version: QuizVersion
    questions: list[tuple[QuestionVersion, list[Option]]]

    @property
    def possible(self) -> int:
        return sum(version.points for version, _options in self.questions)


class PaperMill:
    """Gathers attempts and their papers; `write` stores them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.attempts: list[Attempt] = []
        self.rows: list[AttemptQuestion] = []
        self.papers: dict[int, Paper] = {}

    def passed(self, enrolment: Enrolment, activity: Activity, *, at: datetime) -> Evidence:
        """An attempt with a few mistakes but enough points; returns its evidence."""
        mistakes = self._mistakes(self._paper(activity))
        return self._attempt(enrolment, activity, mistakes, number=1, at=at)

    def failed(
        self, enrolment: Enrolment, activity: Activity, *, number: int, at: datetime
    ) -> Evidence:
        """An attempt with too many mistakes; returns its evidence."""
        positions = range(1, len(self._paper(activity).questions) + 1)
        right = set(self.random.sample(positions, len(positions) // 3))
        return self._attempt(enrolment, activity, set(positions) - right, number=number, at=at)

    def _attempt(
        self,
        enrolment: Enrolment,
        activity: Activity,
        mistakes: set[int],
        *,
        number: int,
        at: datetime,
    ) -> Evidence:
        paper = self._paper(activity)
        attempt = Attempt(
            enrolment=enrolment,
            activity=activity,
            quiz_version=paper.quiz_version,
            number=number,
            started_at=at - TAKEN,
            submitted_at=at,
            possible=paper.possible,
        )
        for position, (version, options) in enumerate(paper.questions, start=1):
            self._answer(attempt, position, version, options, position in mistakes)
        attempt.points = sum(row.points or 0 for row in self.rows[-len(paper.questions) :])
        self.attempts.append(attempt)
        return Evidence(
            id=attempt.id,
            enrolment=enrolment,
            activity=activity,
            kind=EvidenceKind.SCORE,
            points=attempt.points,
            possible=paper.possible,
            received_at=at,
        )

    def write(self) -> None:
        Attempt.objects.bulk_create(self.attempts, batch_size=1000)
        AttemptQuestion.objects.bulk_create(self.rows, batch_size=2000)

    def _mistakes(self, paper: Paper) -> set[int]:
        """Positions answered wrong: as many as still leave a pass, at most two."""
        possible = paper.possible
        positions = list(range(1, len(paper.questions) + 1))
        wrong = self.random.randrange(3)
        while wrong and not is_passed(
            possible - wrong, possible, paper.quiz_version.pass_mark_tenths
        ):
            wrong -= 1
        return set(self.random.sample(positions, wrong))

    def _answer(
        self,
        attempt: Attempt,
        position: int,
        version: QuestionVersion,
        options: list[Option],
        is_wrong: bool,
    ) -> None:
        right = [str(option.key) for option in options if option.is_correct]
        wrong = [str(option.key) for option in options if not option.is_correct][:1]
        order = [str(option.key) for option in options]
        if not version.keep_order:
            self.random.shuffle(order)
        self.rows.append(
            AttemptQuestion(
                attempt=attempt,
                position=position,
                version=version,
                option_order=order,
                answer=wrong if is_wrong else right,
                answered_at=attempt.submitted_at,
                points=0 if is_wrong else version.points,
            )
        )

    def _paper(self, activity: Activity) -> Paper:
        if activity.pk not in self.papers:
            quiz = QuizVersion.objects.filter(activity=activity).latest("number")
            questions = [
                (version := row.question.latest(), list(version.options.order_by("position")))
                for row in quiz.quiz_questions.select_related("question")
            ]
            self.papers[activity.pk] = Paper(quiz, questions)
        return self.papers[activity.pk]
