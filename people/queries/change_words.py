"""What a list changes about people, in words: field by field, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.dates import held_on
from people.formats import local_date
from people.models import (
    MembershipStatus,
    Person,
    Position,
    RosterChange,
    Sex,
    StaffGroup,
    UnitVersion,
    Verdict,
)

STAY = ("unit", "group", "position", "title", "status", "from", "until")
STAY_LABELS = {
    "unit": _("Đơn vị"),
    "group": _("Nhóm"),
    "position": _("Chức vụ"),
    "status": _("Trạng thái"),
    "from": _("Từ ngày"),
    "until": _("Đến hết ngày"),
}
PERSON_LABELS = {
    "name": _("Họ và tên"),
    "sex": _("Giới tính"),
    "birth_date": _("Ngày sinh"),
    "email": _("Thư điện tử"),
    "phone": _("Số điện thoại"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`before` is empty for what was not known; `after` for what ends."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeInWords:
    """`person` and who may be the same one, `duplicate`, where the viewer may read her record."""

    change: RosterChange
    lines: list[Line]
    masked_code: str
    person: Person | None = None
    duplicate: Person | None = None


def in_words(
    changes: Iterable[RosterChange], *, as_of: date, known: Mapping[str, Person]
) -> list[ChangeInWords]:
    """`known`: by code, people whose records may be read. One query."""
    changes = list(changes)
    stays = [(_stay_before(each), _stay_after(each)) for each in changes]
    names = _unit_names((s["unit"] for pair in stays for s in pair if s), as_of)
    return [
        ChangeInWords(
            change,
            _lines(change, *pair, names),
            Person(code=change.code).masked_code,
            known.get(change.code),
            known.get(change.duplicate_of),
        )
        for change, pair in zip(changes, stays, strict=True)
    ]


def _unit_names(units: Iterable[int], day: date) -> dict[int, str]:
    """As of that day, by key."""
    versions = UnitVersion.objects.filter(held_on(day), unit__in=set(units))
    return dict(versions.values_list("unit", "name"))


def _stay_before(change: RosterChange) -> dict[str, Any] | None:
    """The membership that the list ends, rewrites or withdraws."""
    before = change.before
    for prefix in ("closed", "withdrawn"):
        if before.get(f"{prefix}_from"):
            return _dated({name: before.get(f"{prefix}_{name}") for name in STAY})
    return None


def _stay_after(change: RosterChange) -> dict[str, Any] | None:
    """Where she stands by the list: the membership it opens, else the one it rewrites."""
    if change.opened_on is None and change.closed_id is None:
        return None
    prefix = "closed" if change.opened_on is None else "opened"
    told = {"unit": "unit_id", "from": "on" if prefix == "opened" else "from"}
    return {name: getattr(change, f"{prefix}_{told.get(name, name)}") for name in STAY}


def _dated(stay: dict[str, Any]) -> dict[str, Any]:
    """Days as days: JSON has them as text."""
    days = {name: date.fromisoformat(stay[name]) for name in ("from", "until") if stay.get(name)}
    return {**stay, **days}


def _lines(
    change: RosterChange,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    names: Mapping[int, str],
) -> list[Line]:
    told = _told_before(change, before, names), _told(after, names)
    if change.verdict == Verdict.NEW:
        facts = {**_person(change), "name": ""}  # her name stands above the lines
        return [*_differing(PERSON_LABELS, {}, facts), *_differing(STAY_LABELS, *told)]
    lines = []
    if change.is_corrected:
        lines = _differing(PERSON_LABELS, _person_before(change), _person(change))
    if change.verdict == Verdict.LEFT:
        return [*lines, *_leaving(*told)]
    return [*lines, *_differing(STAY_LABELS, *told)]


def _differing(
    labels: Mapping[str, Any], before: Mapping[str, str], after: Mapping[str, str]
) -> list[Line]:
    """Of what is not blank afterwards, and of what was there before, all that differs."""
    if not after:
        return []
    return [
        Line(str(label), before.get(name, ""), after.get(name, ""))
        for name, label in labels.items()
        if before.get(name, "") != after.get(name, "")
    ]


def _leaving(before: Mapping[str, str], after: Mapping[str, str]) -> list[Line]:
    where = [
        Line(str(STAY_LABELS[name]), "", before[name])
        for name in ("unit", "position")
        if before.get(name)
    ]
    if after:
        return [*where, *_differing({"until": STAY_LABELS["until"]}, before, after)]
    return [*where, Line(str(_("Bỏ thời gian làm việc từ ngày")), "", before.get("from", ""))]


def _told_before(
    change: RosterChange, stay: dict[str, Any] | None, names: Mapping[int, str]
) -> dict[str, str]:
    """Of somebody who comes from a unit that the importer does not manage: which unit. Where
    another membership begins, that it does is told, not when the one before it began."""
    told = _told(stay, names)
    hidden = {"from", "until"} if change.opened_on is not None else set()
    if change.is_outside:
        hidden = {name for name in told if name != "unit"}
    return {name: words for name, words in told.items() if name not in hidden}


def _told(stay: dict[str, Any] | None, names: Mapping[int, str]) -> dict[str, str]:
    if stay is None:
        return {}
    return {
        "unit": names.get(stay["unit"], ""),
        "group": _label(StaffGroup, stay["group"]),
        "position": stay["title"] or _label(Position, stay["position"]),
        "status": _label(MembershipStatus, stay["status"]),
        "from": local_date(stay["from"]),
        "until": local_date(stay["until"]),
    }


def _person(change: RosterChange) -> dict[str, str]:
    return _person_told({name: getattr(change, name) for name in Person.RECORD})


def _person_before(change: RosterChange) -> dict[str, str]:
    """What is not overwritten stands in the change itself."""
    facts = {name: change.before.get(name, getattr(change, name)) for name in Person.RECORD}
    if isinstance(facts["birth_date"], str):
        facts["birth_date"] = date.fromisoformat(facts["birth_date"])
    return _person_told(facts)


def _person_told(facts: Mapping[str, Any]) -> dict[str, str]:
    parts = (facts["family_name"], facts["middle_name"], facts["given_name"])
    return {
        "name": " ".join(filter(None, parts)),
        "sex": _label(Sex, facts["sex"]),
        "birth_date": local_date(facts["birth_date"]),
        "email": facts["email"],
        "phone": facts["phone"],
    }


def _label(choices: Any, value: str | None) -> str:
    return str(choices(value).label) if value in choices.values else (value or "")
