"""A staff list held against what is known: what becomes of each person, and what can't be taken.

Nothing is written here. Changes come one at a time, so that a city's list needs no more memory than
its rows; counts, warnings and rejections are whole once the last has come.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from people.dates import day_before
from people.imports.layout import Layout, suggest_layout, unread_codes
from people.imports.list_checks import is_full_of_outsiders, is_of_other_units
from people.imports.reading import Reading
from people.imports.rejections import Rejection
from people.imports.roster_accounts import know_accounts
from people.imports.roster_changes import Change, change_of, facts_corrected, facts_of_new
from people.imports.roster_checks import Checks, Refusal
from people.imports.roster_known import (
    Facts,
    Importer,
    Known,
    KnownPerson,
    know_units,
    know_whose,
)
from people.imports.roster_matching import UNSEEN, match, possible_duplicates
from people.imports.roster_plan import Stay, Steps, leave, reconcile
from people.imports.roster_reading import read_roster
from people.imports.roster_rows import RosterRow
from people.models import Verdict
from people.names import folded
from people.sheets import Sheet

MANY_LEAVE = 5  # people of one unit, and more than the share below: perhaps half a list
SHARE_LEAVES = 0.3
FEW_ROWS = 5  # that a warning names


@dataclass(frozen=True, slots=True)
class ListTerms:
    """What is to be known of a list beside its rows. Without a layout the columns are guessed;
    `default_unit` is the code of the unit of rows that name none."""

    as_of: date
    is_partial: bool
    importer: Importer
    layout: Layout | None = None
    default_unit: str = ""


@dataclass(slots=True)
class Comparison:
    """`rows_by_unit` holds the rows that are taken; `left_by_unit` and `moved_by_unit` people;
    `contacts_kept` the numbers of rows whose e-mail or phone number is not taken."""

    terms: ListTerms
    sheet: Sheet
    reading: Reading[RosterRow]
    known: Known
    checks: Checks
    duplicates: dict[int, str]
    counts: Counter[str] = field(default_factory=Counter)
    rows_by_unit: dict[str, list[RosterRow]] = field(default_factory=lambda: defaultdict(list))
    left_by_unit: Counter[str] = field(default_factory=Counter)
    moved_by_unit: Counter[str] = field(default_factory=Counter)
    contacts_kept: list[int] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        return self.terms.layout or suggest_layout(self.sheet)

    @property
    def rejected(self) -> list[Rejection]:
        return sorted(self.reading.rejected)

    @property
    def duplicates_found(self) -> list[tuple[int, str]]:
        return sorted((row, code) for row, code in self.duplicates.items() if code != UNSEEN)

    def changes(self) -> Iterator[Change]:
        """Of everybody of whom the list changes anything. To be asked for once."""
        listed: set[str] = set()
        for row in self._readable():
            steps, refusals = self._steps_of(row)
            for refusal in refusals:
                self.reading.reject(row.number, self._column(refusal), refusal.message)
            if refusals:
                self.duplicates.pop(row.number, None)
                continue
            listed.add(row.person_code)
            self.rows_by_unit[row.unit_code].append(row)
            change = self._change_by_row(row, steps, takes_over=self.checks.takes_over(row))
            if change is not None:
                yield change
        if not self.terms.is_partial:
            yield from self._leaving(listed)

    def people_before(self) -> Counter[str]:
        """Of each unit that the list names, how many count there on its day."""
        return Counter(self.known.residents.values())

    def warnings(self) -> list[dict[str, Any]]:
        """As `RosterImport.warnings` keeps them."""
        before = self.people_before()
        found: list[dict[str, Any]] = [
            {"kind": "leaving", "unit": unit, "left": left, "of": before[unit]}
            for unit, left in sorted(self.left_by_unit.items())
            if left > MANY_LEAVE and left > SHARE_LEAVES * before[unit]
        ]
        if heading := unread_codes(self.sheet, self.layout):
            found.append({"kind": "codes_unread", "column": heading})
        if kept := self.contacts_kept:
            found.append({"kind": "contacts_kept", "rows": kept[:FEW_ROWS], "of": len(kept)})
        if elsewhere := len(self.duplicates) - len(self.duplicates_found):
            found.append({"kind": "known_elsewhere", "people": elsewhere})
        return found

    def content_hash(self, unit: str) -> str:
        """Of what the list says of the unit, whatever the order of rows and the kind of file."""
        lines = sorted(repr(row.content()) for row in self.rows_by_unit[unit])
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def cells_of(self, numbers: Collection[int]) -> dict[int, list[Any]]:
        """Those rows as the file has them."""
        return {row.number: row.cells for row in self.sheet.rows if row.number in numbers}

    def _column(self, refusal: Refusal) -> str:
        """The column at fault; a list without codes tells people by their names."""
        if refusal.column in self.reading.headers:
            return refusal.column
        return "full_name" if refusal.column == "person_code" else ""

    def _readable(self) -> Iterator[RosterRow]:
        refused = {rejection.row for rejection in self.reading.rejected}
        return (row for row in self.reading.rows if row.number not in refused)

    def _steps_of(self, row: RosterRow) -> tuple[Steps, list[Refusal]]:
        if refusals := self.checks.of_row(row):
            return Steps(), refusals
        stays = self.known.stays.get(row.person_code, [])
        steps = reconcile(row, stays, self.checks.day_in(self.known.units[row.unit_code]))
        return steps, self.checks.of_steps(row, steps)

    def _change_by_row(self, row: RosterRow, steps: Steps, *, takes_over: bool) -> Change | None:
        person = self.known.people.get(row.person_code)
        if person is None:
            facts = facts_of_new(row)
        elif self.known.is_outside(person):  # who she is, is for others to say
            facts = person.facts
        else:
            facts = self._facts_corrected(person, row)
        is_corrected = person is not None and facts != person.facts
        if steps.verdict is Verdict.UNCHANGED and is_corrected:
            steps.verdict = Verdict.CHANGED
        is_new = person is None and bool(steps.opened)
        if not is_new:
            self.duplicates.pop(row.number, None)
        self._count(row.person_code, steps)
        if not steps.touches_memberships and not is_corrected:
            return None
        return change_of(
            row.person_code,
            steps,
            facts,
            person=person,
            stays=self.known.stays.get(row.person_code, []),
            unit_keys=self.known.unit_keys,
            row=row.number,
            duplicate_of=self.duplicates.get(row.number, "").replace(UNSEEN, ""),
            is_outside=takes_over,
        )

    def _facts_corrected(self, person: KnownPerson, row: RosterRow) -> Facts:
        facts = facts_corrected(person, row)
        known = person.facts
        if person.pk not in self.known.unreachable:
            return facts
        if (facts.email, facts.phone) != (known.email, known.phone):
            self.contacts_kept.append(row.number)
        return facts._replace(email=known.email, phone=known.phone)

    def _leaving(self, listed: Collection[str]) -> Iterator[Change]:
        """Residents whom no row means, not even one that can't be taken."""
        spoken_of = self._spoken_of_by_rejected()
        for code in self.known.residents:
            person, current = self.known.people[code], self._stay_on_day(code)
            if current is None or current.unit not in self.rows_by_unit or code in listed:
                continue
            if not spoken_of.isdisjoint(_words_for(code, person.facts.full_name)):
                continue
            steps = leave(current, last_day=day_before(self.terms.as_of))
            self._count(code, steps)
            yield change_of(
                code,
                steps,
                person.facts,
                person=person,
                stays=self.known.stays[code],
                unit_keys=self.known.unit_keys,
            )

    def _count(self, code: str, steps: Steps) -> None:
        self.counts[steps.verdict.value] += 1
        current = self._stay_on_day(code)
        before = current.unit if current else None
        after = steps.unit_on(self.terms.as_of, self.known.stays.get(code, []))
        if steps.verdict is Verdict.LEFT and before is not None:
            self.left_by_unit[before] += 1
        if before != after:
            self.moved_by_unit.update({unit: -1 for unit in (before,) if unit is not None})
            self.moved_by_unit.update({unit: 1 for unit in (after,) if unit is not None})

    def _stay_on_day(self, code: str) -> Stay | None:
        stays = self.known.stays.get(code, [])
        return next((stay for stay in stays if stay.holds(self.terms.as_of)), None)

    def _spoken_of_by_rejected(self) -> set[str]:
        """Every cell of a rejected row, and neighbours together: a name may stand in two."""
        rows = self.cells_of({rejection.row for rejection in self.reading.rejected})
        spoken: set[str] = set()
        for cells in rows.values():
            words = [folded(str(cell)) for cell in cells]
            spoken.update(word.lstrip("0") for word in words)
            spoken.update(" ".join(pair) for pair in pairwise(words))
        return spoken - {""}


def compare(sheet: Sheet, terms: ListTerms) -> Comparison:
    """Reads the list and what is known of it. Never raises for what is wrong with the list."""
    reading = read_roster(
        sheet, as_of=terms.as_of, layout=terms.layout, default_unit=terms.default_unit
    )
    refused = {rejection.row for rejection in reading.rejected}
    rows = [row for row in reading.rows if row.number not in refused]
    known = Known()
    know_units(known, {row.unit_code for row in rows}, as_of=terms.as_of, importer=terms.importer)
    matches = match(rows, known, as_of=terms.as_of, importer=terms.importer)
    know_whose(known, terms.importer)
    know_accounts(known, (row.person_code for row in rows), terms.importer)
    strangers = [row for row in rows if row.person_code not in known.people]
    duplicates = possible_duplicates(strangers, matches, importer=terms.importer)
    checks = Checks(known, matches, terms.importer, terms.as_of)
    unseen = {number for number, code in duplicates.items() if code == UNSEEN}
    if is_of_other_units(reading, checks) or is_full_of_outsiders(reading, checks, unseen):
        duplicates = {}
    return Comparison(terms, sheet, reading, known, checks, duplicates)


def _words_for(code: str, full_name: str) -> Iterable[str]:
    return folded(code).lstrip("0"), folded(full_name)
