"""Coverage counted a second time, by hand: loops over raw rows, no code shared with reports."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import connection

Rows = list[dict[str, Any]]


def recount(
    target: Any,
    day: date,
    unit_code: str,
    by: tuple[str, ...],
    *,
    is_strict: bool = False,
    is_others: bool = False,
) -> dict[tuple[str, ...], tuple[int, int]]:
    """{keys: (required, complete)} for combinations with somebody in them."""
    ledger = _Ledger(day)
    counts: dict[tuple[str, ...], list[int]] = {}
    seen: set[int] = set()
    for row in ledger.members:
        version = ledger.versions.get(row["unit_id"])
        path = ledger.path(row["unit_id"])
        if version is None or unit_code not in path:
            continue
        if not _counts_for(target, row, version, is_others=is_others):
            continue
        assert row["person_id"] not in seen, "a person in two places on one day"
        seen.add(row["person_id"])
        keys = tuple(_key(axis, row, version, path, unit_code, ledger) for axis in by)
        cell = counts.setdefault(keys, [0, 0])
        cell[0] += 1
        cell[1] += ledger.is_complete(target, row, version, is_strict=is_strict)
    return {keys: (cell[0], cell[1]) for keys, cell in counts.items()}


def _key(
    axis: str, row: Any, version: Any, path: list[str], unit_code: str, ledger: _Ledger
) -> str:
    if axis == "unit":
        depth = path.index(unit_code)
        return path[depth + 1] if depth + 1 < len(path) else unit_code
    if axis == "sex":
        return str(ledger.sexes[row["person_id"]])
    if axis == "group":
        return str(row["staff_group"])
    return str(version[axis])


def _counts_for(target: Any, row: Any, version: Any, *, is_others: bool) -> bool:
    if target.staff_groups and (row["staff_group"] in target.staff_groups) == is_others:
        return False
    if not target.staff_groups and is_others:
        return False
    if target.sectors and version["sector"] not in target.sectors:
        return False
    if target.unit_kinds and version["kind"] not in target.unit_kinds:
        return False
    return (
        version["kind"] not in target.excluded_unit_kinds
        and row["status"] not in target.excluded_statuses
    )


class _Ledger:
    """Raw rows of the day."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.codes = {row["id"]: row["code"] for row in select("people_unit")}
        self.versions = {
            row["unit_id"]: row for row in select("people_unitversion") if self.holds(row)
        }
        self.members = [
            row for row in select("people_membership") if row["is_primary"] and self.holds(row)
        ]
        self.sexes = {row["id"]: row["sex"] for row in select("people_person")}
        self.certificates = select("certificates_certificate")
        self.covers = select("certificates_certificatemodule")
        self.revoked = {
            row["certificate_id"]: as_day(row["effective_on"])
            for row in select("certificates_revocation")
        }
        self.modules = select("courses_module")
        self.requirements = select("courses_modulerequirement")
        self.target_courses = select("reports_target_courses")

    def holds(self, row: Any) -> bool:
        last = as_day(row["ended_on"])
        return as_day(row["started_on"]) <= self.day and (last is None or last >= self.day)

    def path(self, unit_id: int) -> list[str]:
        """Codes from the root down to the unit, by the parents of that day."""
        codes: list[str] = []
        current: int | None = unit_id
        while current is not None:
            codes.insert(0, self.codes[current])
            version = self.versions.get(current)
            current = version["parent_id"] if version else None
        return codes

    def is_complete(self, target: Any, row: Any, version: Any, *, is_strict: bool) -> bool:
        courses = {
            link["course_id"] for link in self.target_courses if link["target_id"] == target.pk
        }
        good = [
            each["id"]
            for each in self.certificates
            if each["person_id"] == row["person_id"]
            and each["course_id"] in courses
            and self._counts(target, each)
        ]
        if not is_strict or not good:
            return bool(good)
        covered = {link["module_id"] for link in self.covers if link["certificate_id"] in good}
        return self._required(courses, row, version) <= covered

    def _counts(self, target: Any, certificate: Any) -> bool:
        done = as_day(certificate["completed_on"])
        lapses = as_day(certificate["valid_until"])
        revoked = self.revoked.get(certificate["id"])
        assert done is not None
        if done < target.started_on or done > self.day:
            return False
        if target.ended_on is not None and done > target.ended_on:
            return False
        if revoked is not None and revoked <= self.day:
            return False
        return lapses is None or lapses >= self.day

    def _required(self, courses: set[int], row: Any, version: Any) -> set[int]:
        required = set()
        for module in self.modules:
            if module["course_id"] not in courses:
                continue
            dated = [
                (as_day(each["started_on"]), each["id"], as_list(each["clauses"]))
                for each in self.requirements
                if each["module_id"] == module["id"] and as_day(each["started_on"]) <= self.day
            ]
            if dated and self._applies(max(dated, key=lambda each: each[:2])[2], row, version):
                required.add(module["id"])
        return required

    def _applies(self, clauses: list[dict[str, list[str]]], row: Any, version: Any) -> bool:
        values = {
            "groups": row["staff_group"],
            "positions": row["position"],
            "kinds": version["kind"],
        }
        return any(
            all(values[key] in allowed for key, allowed in clause.items()) for clause in clauses
        )


def select(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def as_day(value: Any) -> Any:
    """SQLite hands dates over as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_list(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
