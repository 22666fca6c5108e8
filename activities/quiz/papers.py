"""A paper as its learner may see it: before submission without any key, after it marked."""

from __future__ import annotations

from dataclasses import dataclass

from activities.quiz.models import Attempt, AttemptQuestion, Option, QuestionKind
from activities.quiz.scoring import ONE_CHOICE


@dataclass(frozen=True, slots=True)
class AskedOption:
    key: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question to answer. Holds nothing that tells the right answer, so no template can."""

    position: int
    scenario: str
    stem: str
    takes_several: bool
    options: list[AskedOption]

    @property
    def is_answered(self) -> bool:
        return any(option.is_chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class MarkedOption:
    text: str
    is_chosen: bool
    is_correct: bool


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    position: int
    scenario: str
    stem: str
    is_right: bool
    options: list[MarkedOption]
    feedback: str
    sources: list[str]

    @property
    def is_answered(self) -> bool:
        return any(option.is_chosen for option in self.options)


def asked_paper(attempt: Attempt) -> list[AskedQuestion]:
    """The questions in their order, with what was answered so far (2 queries)."""
    return [
        AskedQuestion(
            position=question.position,
            scenario=question.version.scenario,
            stem=question.version.stem,
            takes_several=takes_several(question),
            options=[
                AskedOption(str(option.key), option.text, str(option.key) in question.answer)
                for option in _options_shown(question)
            ],
        )
        for question in questions_of(attempt)
    ]


def marked_paper(attempt: Attempt) -> list[MarkedQuestion]:
    """Answers, right answers and their reasons (2 queries); nothing before submission."""
    if attempt.submitted_at is None:
        return []
    return [
        MarkedQuestion(
            position=question.position,
            scenario=question.version.scenario,
            stem=question.version.stem,
            is_right=question.points == question.version.points,
            options=[
                MarkedOption(option.text, str(option.key) in question.answer, option.is_correct)
                for option in _options_shown(question)
            ],
            feedback=question.version.feedback,
            sources=list(question.version.sources),
        )
        for question in questions_of(attempt)
    ]


def questions_of(attempt: Attempt) -> list[AttemptQuestion]:
    """The attempt's questions with version and options (2 queries)."""
    return list(
        AttemptQuestion.objects.filter(attempt=attempt)
        .select_related("version")
        .prefetch_related("version__options")
        .order_by("position")
    )


def takes_several(question: AttemptQuestion) -> bool:
    return QuestionKind(question.version.kind).value not in ONE_CHOICE


def _options_shown(question: AttemptQuestion) -> list[Option]:
    """In the order that the attempt froze."""
    by_key = {str(option.key): option for option in question.version.options.all()}
    return [by_key[key] for key in question.option_order]
