"""Marking a paper: pure functions of what was chosen and what was right.

Points are whole numbers. An answer earns all of its question's points or none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

SINGLE = "single"
MULTIPLE = "multiple"
TRUE_FALSE = "true_false"
ONE_CHOICE = frozenset({SINGLE, TRUE_FALSE})  # kinds that are answered with one option


@dataclass(frozen=True, slots=True)
class Score:
    """Points earned of those possible; 0 ≤ points ≤ possible."""

    points: int
    possible: int


def score_answer(
    kind: str, *, chosen: Collection[str], correct: Collection[str], points: int
) -> Score:
    """One question. `chosen` and `correct` are option keys, in any order.

    Multiple choice is right with exactly the right options, no more and no less. An empty answer
    is never right.
    """
    return Score(points if is_right(kind, chosen=chosen, correct=correct) else 0, points)


def is_right(kind: str, *, chosen: Collection[str], correct: Collection[str]) -> bool:
    picked, right = frozenset(chosen), frozenset(correct)
    if kind in ONE_CHOICE:
        return len(picked) == 1 and picked <= right
    return bool(picked) and picked == right


def total(scores: Iterable[Score]) -> Score:
    """The paper's score; `Score(0, 0)` for a paper without questions."""
    scores = list(scores)
    return Score(sum(each.points for each in scores), sum(each.possible for each in scores))
