"""Taking a quiz, its result, granting another attempt."""

from activities.quiz.views.grants import grant, grants
from activities.quiz.views.result import result
from activities.quiz.views.taking import answer, paper, start, submit

__all__ = ["answer", "grant", "grants", "paper", "result", "start", "submit"]
