"""Where the page of an activity is. Pages are above this room, so they tell it, at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from courses.models import Activity

Finder = Callable[[Iterable[Activity]], dict[int, str]]

_finders: list[Finder] = []


def find_addresses_with(finder: Finder) -> None:
    """Register who knows: `finder(activities)` gives the paths by activity key, few queries."""
    _finders.append(finder)


def addresses_of(activities: Iterable[Activity]) -> dict[int, str]:
    """Paths by activity key; activities without a live page are left out."""
    wanted = list(activities)
    found: dict[int, str] = {}
    for finder in _finders:
        found.update(finder(wanted))
    return found
