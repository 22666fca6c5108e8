"""Applying a staff list: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.dates import day_before
from people.formats import local_date
from people.imports.reading import Reading
from people.imports.rejections import WHOLE_FILE, Rejection, as_json
from people.imports.roster_known import Known, know
from people.imports.roster_plan import ListDay, Problem, Steps, Verdict, leave, reconcile
from people.imports.roster_rows import RosterRow, read_roster
from people.imports.roster_writes import Plan, correct_person, write
from people.models import Person
from people.names import folded
from people.sheets import Sheet


@dataclass(slots=True)
class RosterOutcome:
    """What a list did, or would do. Anything rejected: it did nothing, and all counts are 0.

    `possible_duplicates`: rows of people new to the list who bear name, sex and birth date of
    somebody who leaves by it, with that person's code: perhaps one person under two codes.
    """

    as_of: date
    is_dry_run: bool
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    possible_duplicates: list[tuple[int, str]] = field(default_factory=list)
    ignored_sheets: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            **{verdict.value: self.counts[verdict.value] for verdict in Verdict},
            "rejected": as_json(self.rejected),
            "possible_duplicates": [
                {"row": row, "known_code": code} for row, code in self.possible_duplicates
            ],
            "as_of": self.as_of.isoformat(),
            "dry_run": self.is_dry_run,
        }


def import_roster(
    sheet: Sheet,
    *,
    as_of: date,
    applied_at: datetime,
    is_partial: bool = False,
    is_dry_run: bool = False,
) -> RosterOutcome:
    """Reconcile the units that the list names with the list as it stands on `as_of`.

    With `is_partial`, absence from the list says nothing. A dry run says the same and writes
    nothing. Never raises for what is wrong with the list: see `rejected`.
    """
    reading = read_roster(sheet, as_of=as_of)
    outcome = RosterOutcome(as_of, is_dry_run, ignored_sheets=sheet.ignored)
    try:
        with nullcontext() if is_dry_run else transaction.atomic():
            known = know(reading.rows, as_of=as_of, lock=not is_dry_run)
            plan = _plan(reading, known, as_of=as_of, is_partial=is_partial)
            outcome.rejected = sorted(reading.rejected)
            if outcome.rejected:
                return outcome
            if not is_dry_run:
                write(plan, known, as_of=as_of, applied_at=applied_at, is_partial=is_partial)
    except IntegrityError:
        message = _("Dữ liệu vừa được một lần nhập khác thay đổi; chưa áp dụng gì. Hãy nhập lại.")
        outcome.rejected = [Rejection(WHOLE_FILE, "", message)]
        return outcome
    outcome.counts = plan.counts
    outcome.possible_duplicates = _possible_duplicates(plan, known)
    return outcome


def _plan(reading: Reading[RosterRow], known: Known, *, as_of: date, is_partial: bool) -> Plan:
    plan = Plan(rows=reading.rows)
    for row in reading.rows:
        if not _is_placed(row, known, reading, as_of):
            continue
        unit = known.units[row.unit_code]
        steps = reconcile(row, known.stays[row.person_code], ListDay(as_of, unit.opened_on))
        if _is_acceptable(row, steps, known, reading):
            _add(plan, row, steps, known)
    if not is_partial:
        for code in _absent(reading.rows, known):
            current = next(stay for stay in known.stays[code] if stay.holds(as_of))
            plan.add(code, leave(current, last_day=day_before(as_of)))
    return plan


def _is_placed(row: RosterRow, known: Known, reading: Reading[RosterRow], as_of: date) -> bool:
    """Whether the codes of the row can be taken at their word; else it is rejected."""
    before = len(reading.rejected)
    if near := known.near_codes.get(row.person_code):
        words = {"code": row.person_code, "near": near}
        message = _(
            "Mã %(code)s chưa có, nhưng có mã %(near)s: hãy ghi đúng như mã đã có (đủ số 0 ở đầu, "
            "đúng chữ hoa, chữ thường)."
        )
        reading.reject(row.number, "person_code", message % words)
    problem = _problem_of_unit(row.unit_code, known, as_of)
    if problem:
        reading.reject(row.number, "unit_code", problem)
    return len(reading.rejected) == before


def _problem_of_unit(code: str, known: Known, as_of: date) -> str:
    unit = known.units.get(code)
    words = {"code": code, "day": local_date(as_of), "near": known.near_codes.get(code, "")}
    if unit is None and words["near"]:
        return _("Chưa có đơn vị %(code)s, nhưng có %(near)s: hãy ghi đủ số 0 ở đầu.") % words
    if unit is None:
        return _("Chưa có đơn vị %(code)s: hãy sửa mã, hoặc nhập đơn vị trước.") % words
    if unit.opened_on > as_of or (unit.closed_on is not None and unit.closed_on < as_of):
        return (
            _("Đơn vị %(code)s không hoạt động ngày %(day)s: hãy ghi đơn vị của ngày đó.") % words
        )
    if not unit.has_facts:
        return (
            _("Chưa có thông tin đơn vị %(code)s vào ngày %(day)s: hãy nhập đơn vị trước.") % words
        )
    if unit.latest_list_on is not None and unit.latest_list_on > as_of:
        return _(
            "Đơn vị %(code)s đã có danh sách ngày %(latest)s, mới hơn danh sách ngày %(day)s này: "
            "hãy nhập danh sách mới nhất."
        ) % {**words, "latest": local_date(unit.latest_list_on)}
    return ""


def _is_acceptable(row: RosterRow, steps: Steps, known: Known, reading: Reading[RosterRow]) -> bool:
    if steps.problem is Problem.ENDS_BEFORE_IT_BEGAN:
        message = _("Ngày kết thúc trước ngày bắt đầu đã ghi nhận: hãy kiểm tra lại ngày.")
        reading.reject(row.number, "ended_on", message)
        return False
    if steps.verdict is Verdict.MOVED:
        return _may_move(row, steps, known, reading)
    return True


def _may_move(row: RosterRow, steps: Steps, known: Known, reading: Reading[RosterRow]) -> bool:
    """A later full list of the unit she would leave has named her there: it knows better."""
    left = next(stay for stay in known.stays[row.person_code] if stay.pk == steps.rewritten[0].pk)
    listed_on = known.full_lists.get(left.unit)
    moved_on = (steps.opened or steps.rewritten)[0].started_on
    if listed_on is None or listed_on <= moved_on or not left.holds(listed_on):
        return True
    message = _(
        "Danh sách ngày %(day)s của đơn vị %(unit)s, mới hơn danh sách này, có người này: hãy "
        "nhập danh sách mới hơn, hoặc bỏ dòng này."
    ) % {"day": local_date(listed_on), "unit": left.unit}
    reading.reject(row.number, "unit_code", message)
    return False


def _add(plan: Plan, row: RosterRow, steps: Steps, known: Known) -> None:
    person = known.people.get(row.person_code)
    if person is None and steps.opened:
        plan.strangers.append(row)
    elif person is not None and correct_person(person, row):
        plan.corrected.append(person)
        if steps.verdict is Verdict.UNCHANGED:
            steps.verdict = Verdict.CHANGED
    plan.add(row.person_code, steps)


def _absent(rows: Iterable[RosterRow], known: Known) -> list[str]:
    listed = {row.person_code for row in rows}
    return [code for code in known.residents if code not in listed]


def _possible_duplicates(plan: Plan, known: Known) -> list[tuple[int, str]]:
    leavers = [known.people[c] for c, s in plan.steps.items() if s.verdict is Verdict.LEFT]
    marks = {_marks(person): person.code for person in leavers if person.birth_date}
    found = [(row.number, marks.get(_marks(row))) for row in plan.strangers]
    return [(number, code) for number, code in found if code]


def _marks(someone: Person | RosterRow) -> tuple[str, str, date | None]:
    return folded(someone.full_name), someone.sex, someone.birth_date
