"""Where somebody stands in a run: one stage a person, so that the stages add up to everybody.

Pure. A stage says who must act next: nobody, she herself, or whoever may grant another attempt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """In the order in which they are shown: what is done leads, what is lost comes last."""

    COMPLETE = "complete"
    AWAITING_QUIZ = "awaiting-quiz"
    IN_PROGRESS = "in-progress"
    STUCK = "stuck"
    NOT_STARTED = "not-started"
    OVERDUE = "overdue"
    NOTHING_DUE = "nothing-due"


@dataclass(frozen=True, slots=True)
class ModuleWork:
    """A module required of her: how much of it is still unmet, quizzes apart from the rest."""

    is_complete: bool
    quizzes_left: int = 0
    others_left: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """One person in one run. `is_taken`: what she would do now still counts."""

    modules: Sequence[ModuleWork]
    has_begun: bool
    is_taken: bool
    is_complete: bool = False
    is_stuck: bool = False

    @property
    def unfinished(self) -> list[ModuleWork]:
        return [module for module in self.modules if not module.is_complete]


def stage_of(work: Work) -> Stage:
    """Complete stays complete; nothing required can't be late; late outweighs how far she got."""
    if work.is_complete:
        return Stage.COMPLETE
    if not work.modules:
        return Stage.NOTHING_DUE
    if not work.is_taken:
        return Stage.OVERDUE
    if not work.has_begun:
        return Stage.NOT_STARTED
    if work.is_stuck:
        return Stage.STUCK
    if _only_quizzes_are_left(work):
        return Stage.AWAITING_QUIZ
    return Stage.IN_PROGRESS


def _only_quizzes_are_left(work: Work) -> bool:
    left = work.unfinished
    return any(each.quizzes_left for each in left) and not any(each.others_left for each in left)
