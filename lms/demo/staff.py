"""Ten years of people: one holds a post after the other, some move, the tier ends in 2025."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from lms.demo.geography import (
    DISTRICT,
    NEW_COMMUNES,
    OLD_COMMUNES,
    REORGANISED_ON,
    SUCCESSOR,
    PlannedUnit,
    planned_units,
)
from lms.demo.leaves import give_leaves
from lms.demo.names import draw_name, draw_sex

FIRST_ROSTER_ON = date(2016, 1, 1)
LEAVING_A_YEAR = 0.04  # of the holders of posts
MOVING_A_YEAR = 0.012
STANDARD_SIZE = 4500  # people that the planned posts employ, about

COMMUNE_POSTS = (("officer", "other", 3), ("collaborator", "other", 4))


@dataclass(slots=True)
class Stay:
    """A membership to be: a stretch of days in one unit."""

    unit: str
    group: str
    position: str
    started_on: date
    ended_on: date | None = None
    status: str = "working"


@dataclass(slots=True)
class Someone:
    """A person to be."""

    number: int
    sex: str
    family: str
    middle: str
    given: str
    birth_date: date
    stays: list[Stay] = field(default_factory=list)

    def stay_on(self, day: date) -> Stay | None:
        for stay in self.stays:
            if stay.started_on <= day and (stay.ended_on is None or day <= stay.ended_on):
                return stay
        return None


class Staff:
    """Everybody who ever held a post, from the first roster to the given day."""

    def __init__(self, random: Random, *, until: date, people: int) -> None:
        self.random = random
        self.until = until
        self.people: list[Someone] = []
        self.units = {unit.code: unit for unit in planned_units()}
        scale = people / STANDARD_SIZE
        for unit in self.units.values():
            self._fill(unit.code, unit.kind, unit.posts, scale)
        for commune in OLD_COMMUNES:
            self._fill(commune, "commune", COMMUNE_POSTS, scale)
        give_leaves(self.people, random=random, until=until)

    def _fill(
        self, unit: str, kind: str, posts: tuple[tuple[str, str, int], ...], scale: float
    ) -> None:
        for group, position, count in posts:
            wanted = count if position == "principal" else max(1, round(count * scale))
            for _ in range(wanted if count else 0):
                self._hold(unit, kind, group, position)

    def _hold(self, unit: str, kind: str, group: str, position: str) -> None:
        """One post from the first roster to today, whoever holds it."""
        begins = FIRST_ROSTER_ON
        hired = begins - timedelta(days=self.random.randrange(30, 25 * 365))
        while begins <= self.until:
            someone = self._newcomer(kind, group, hired)
            ends = self._last_day(begins)
            self._stay(someone, unit, group, position, begins, ends)
            if ends is None:
                return
            if self.random.random() < MOVING_A_YEAR / LEAVING_A_YEAR:
                self._move_on(someone, kind, group, position, ends)
            begins = hired = ends + timedelta(days=self.random.randrange(1, 60))

    def _newcomer(self, kind: str, group: str, hired: date) -> Someone:
        sex = draw_sex(self.random, kind, group)
        age = self.random.randrange(23, 32) if hired.year > 2010 else self.random.randrange(23, 27)
        family, middle, given = draw_name(self.random, sex)
        born = hired - timedelta(days=age * 365 + self.random.randrange(365))
        someone = Someone(len(self.people) + 1, sex, family, middle, given, born)
        self.people.append(someone)
        return someone

    def _last_day(self, begins: date) -> date | None:
        """Some day within the coming years, None when that lies after today."""
        years = self.random.expovariate(LEAVING_A_YEAR)
        ends = begins + timedelta(days=200 + int(years * 365))
        return ends if ends < self.until else None

    def _move_on(self, someone: Someone, kind: str, group: str, position: str, ends: date) -> None:
        """To another unit of the same kind, beside those who hold its posts."""
        others = [unit for unit in self.units.values() if unit.kind == kind]
        target: PlannedUnit = self.random.choice(others) if others else self.units["GDTX"]
        begins = ends + timedelta(days=1)
        moved_to = "vice_principal" if position == "principal" else position
        self._stay(someone, target.code, group, moved_to, begins, self._last_day(begins))

    def _stay(
        self,
        someone: Someone,
        unit: str,
        group: str,
        position: str,
        begins: date,
        ends: date | None,
    ) -> None:
        """Cut at the reorganisation for whoever sits in a unit that ended then."""
        successor = self._successor(unit)
        last_old_day = REORGANISED_ON - timedelta(days=1)
        if successor is None or (ends is not None and ends <= last_old_day):
            someone.stays.append(Stay(unit, group, position, begins, ends))
            return
        if begins <= last_old_day:
            someone.stays.append(Stay(unit, group, position, begins, last_old_day))
            begins = REORGANISED_ON
        if begins <= self.until:
            someone.stays.append(Stay(successor, group, position, begins, ends))

    def _successor(self, unit: str) -> str | None:
        """Where the people of a unit that ended on 30 June 2025 went; None if it lives on."""
        if unit in SUCCESSOR:
            return SUCCESSOR[unit]
        planned = self.units.get(unit)
        if planned is not None and planned.parent == DISTRICT:
            return self.random.choice(list(NEW_COMMUNES))
        return None
