"""Questions as immutable versions, quizzes as frozen settings, attempts with their own paper."""

from activities.quiz.models.attempts import Attempt, AttemptGrant, AttemptQuestion
from activities.quiz.models.questions import (
    Difficulty,
    Option,
    Question,
    QuestionKind,
    QuestionVersion,
)
from activities.quiz.models.quizzes import QuizQuestion, QuizVersion

__all__ = [
    "Attempt",
    "AttemptGrant",
    "AttemptQuestion",
    "Difficulty",
    "Option",
    "Question",
    "QuestionKind",
    "QuestionVersion",
    "QuizQuestion",
    "QuizVersion",
]
