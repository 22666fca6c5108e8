"""Who reports to whom, and until when. Pure: the tree of a day goes in as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

OFFICE, TERRITORIES = "office", frozenset({"city", "district"})
EDUCATION, SOCIAL = "education", "social"


class Step(StrEnum):
    """Where a unit stands in the chain; each step has its own last day."""

    UNIT = "unit"
    OFFICE = "office"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as it stood on a day."""

    unit: int
    kind: str
    sector: str
    parent: int | None


def receivers_of(places: Iterable[Place]) -> dict[int, int | None]:
    """By unit, who receives its report; None at the end of the chain.

    Schools report to the nearest education office beside one of the units above them, everybody
    else to the office of the social sector, and so does an education office. Where there is no
    such office the unit directly above takes its part.
    """
    by_unit = {place.unit: place for place in places}
    offices = _offices(by_unit.values())
    return {unit: _receiver(place, by_unit, offices) for unit, place in by_unit.items()}


def files_reports(place: Place) -> bool:
    """A city or district is reported about by its offices."""
    return place.kind not in TERRITORIES


def step_of(place: Place, receiver: int | None) -> Step:
    if receiver is None:
        return Step.LAST
    return Step.OFFICE if place.kind == OFFICE else Step.UNIT


def area_of(place: Place) -> tuple[int, str]:
    """Unit and sector that a report is about: an office reports on what lies around it."""
    if place.kind != OFFICE or place.parent is None:
        return place.unit, ""
    return place.parent, EDUCATION if place.sector == EDUCATION else ""


def last_day(month_day: tuple[int, int], *, year: int) -> date:
    return date(year, *month_day)


def _offices(places: Iterable[Place]) -> Mapping[tuple[int | None, str], int]:
    """By the unit above and the sector; the first made decides where there are several."""
    found: dict[tuple[int | None, str], int] = {}
    for place in sorted(places, key=lambda each: each.unit, reverse=True):
        if place.kind == OFFICE:
            found[place.parent, place.sector or SOCIAL] = place.unit
    return found


def _receiver(
    place: Place, by_unit: Mapping[int, Place], offices: Mapping[tuple[int | None, str], int]
) -> int | None:
    is_office = place.kind == OFFICE
    if is_office and place.sector != EDUCATION:
        return None
    wanted = EDUCATION if place.sector == EDUCATION and not is_office else SOCIAL
    above = place.parent
    while above is not None:
        if (above, wanted) in offices:
            return offices[above, wanted]
        above = by_unit[above].parent if above in by_unit else None
    return place.parent
