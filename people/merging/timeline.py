"""Two timelines made one. Pure.

Where both say something of a day, the leading one holds; what the other says of the other days
holds too. What follows on or overlaps with the same of the other timeline becomes one stay.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

END_OF_TIME = date.max


@dataclass(frozen=True, slots=True)
class Stay:
    """From a day to a day, both inclusive; `last` is `END_OF_TIME` while it goes on.

    `key` is the row's, None for a row to be made; `source` is the row that it is like. `leads`: it
    is of the leading timeline.
    """

    key: int | None
    source: int
    facts: Hashable
    first: date
    last: date
    leads: bool

    def shares_a_day_with(self, other: Stay) -> bool:
        return self.first <= other.last and other.first <= self.last


def merged(leading: Sequence[Stay], following: Sequence[Stay]) -> list[Stay]:
    """The stays of the one timeline, by day; each key at most once, the leading row's where it
    can be. A row whose key is missing holds no more days of its own."""
    pieces = [*leading]
    for stay in following:
        pieces.extend(_uncovered(stay, leading))
    united: list[list[Stay]] = []
    for piece in sorted(pieces, key=lambda each: (each.first, each.last)):
        group = united[-1] if united else []
        if group and _continues(group, piece):
            group.append(piece)
        else:
            united.append([piece])
    return _keyed(united)


def disagreements(leading: Iterable[Stay], following: Iterable[Stay]) -> list[tuple[Stay, Stay]]:
    """Pairs that say different things of some day."""
    following = list(following)
    return [
        (ours, theirs)
        for ours in leading
        for theirs in following
        if ours.facts != theirs.facts and ours.shares_a_day_with(theirs)
    ]


def _uncovered(stay: Stay, leading: Iterable[Stay]) -> list[Stay]:
    """What is left of the stay beside the leading ones."""
    left, first = [], stay.first
    for other in sorted(leading, key=lambda each: each.first):
        if first > stay.last or other.first > stay.last or other.last < first:
            continue
        if other.first > first:
            left.append(replace(stay, first=first, last=other.first - timedelta(days=1)))
        if other.last == END_OF_TIME:
            return left
        first = max(first, other.last + timedelta(days=1))
    if first <= stay.last:
        left.append(replace(stay, first=first))
    return left


def _continues(group: list[Stay], piece: Stay) -> bool:
    """Whether the piece goes on with the same, across the two timelines."""
    before = group[-1]
    return (
        before.last != END_OF_TIME
        and before.last + timedelta(days=1) == piece.first
        and before.facts == piece.facts
        and before.leads != piece.leads
    )


def _keyed(united: Iterable[list[Stay]]) -> list[Stay]:
    used: set[int | None] = set()
    stays = []
    for group in united:
        candidates = sorted(group, key=lambda each: not each.leads)
        key = next((each.key for each in candidates if each.key not in used), None)
        used.add(key)
        stays.append(
            replace(candidates[0], key=key, source=key or candidates[0].source,
                    first=group[0].first, last=group[-1].last)
        )  # fmt: skip
    return stays
