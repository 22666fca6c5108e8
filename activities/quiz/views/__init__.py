"""Taking a quiz, its result, granting another attempt."""

from activities.quiz.views.grants import grant
from activities.quiz.views.result import result
from activities.quiz.views.taking import answer, paper, start, submit

__all__ = ["answer", "grant", "paper", "result", "start", "submit"]
