"""One person at a time on the roster: added, moved, corrected. Whole lists are imported instead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.backends import account_of
from people.formats import local_date
from people.imports.positions import position_meant
from people.imports.roster_plan import Stay
from people.models import Membership, MembershipStatus, Person, Position, StaffGroup, Unit
from people.names import split_name
from people.queries.care import stays_of
from people.signals import memberships_changed
from people.stays import Difference, Restated, RosterError, Stays, differences, rows_to_write

__all__ = [
    "NewMember",
    "RosterError",
    "add_member",
    "change_membership",
    "correct_person",
    "position_called",
    "refuse_closed_units",
    "write_stays",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Somebody to be put on the roster of a unit from a day on."""

    code: str
    full_name: str
    sex: str
    birth_date: date | None
    staff_group: str
    position_title: str = ""
    status: str = MembershipStatus.WORKING
    email: str = ""
    phone: str = ""


@transaction.atomic
def add_member(member: NewMember, *, unit: Unit, started_on: date) -> Person:
    """A new person with a primary membership. Raises `RosterError` for a code that is taken."""
    known = Person.objects.filter(code__iexact=member.code).first()
    if known is not None or account_of(member.code) is not None:
        raise _code_taken(member.code)
    unit = _held({unit.code})[unit.code]
    _refuse_unless_open(unit, first=started_on, last=None)
    person = _new_person(member)
    Membership.objects.create(
        person=person,
        unit=unit,
        staff_group=member.staff_group,
        status=member.status,
        started_on=started_on,
        **position_called(member.position_title, group=member.staff_group),
    )
    memberships_changed.send(sender=Membership, person_ids={person.pk})
    return person


@transaction.atomic
def change_membership(person: Person, *, on: date, **facts: Any) -> Membership:
    """From `on`, the given facts hold of where the person counts; the row before ends the day
    before. One that starts on `on` is corrected in place.

    Raises `RosterError` when she counts nowhere that day, or the unit is not open all that time.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = stays_of(person)
    if "unit" in facts:
        facts["unit"] = facts["unit"].code
    after = Restated(on, facts).applied_to(before)
    write_stays(person, before, after)
    return Membership.objects.filter(person=person).primary_on(on).get()


def write_stays(person: Person, before: Stays, after: Stays) -> None:
    """Her primary memberships as they stand hereafter, within the caller's transaction, which holds
    her row: people before units, as `people.services.roster_applying.hold` does.

    Raises `RosterError` as `refuse_closed_units` does; none of the units closes meanwhile.
    """
    rows = rows_to_write(before, after)
    units = _held({stay.unit for stay in after})
    refuse_closed_units(differences(before, after))
    try:
        with transaction.atomic():
            Membership.objects.filter(pk__in=rows.deleted).delete()
            for stay in [*rows.shortened, *rows.changed]:
                assert stay.pk is not None
                Membership.objects.filter(pk=stay.pk).update(**_columns(stay, units))
            for stay in rows.opened:
                Membership.objects.create(person=person, **_columns(stay, units))
    except IntegrityError:  # an import wrote a moment before
        raise RosterError(
            _("Quá trình công tác vừa được thay đổi; chưa ghi gì. Hãy mở lại trang.")
        ) from None
    memberships_changed.send(sender=Membership, person_ids={person.pk})


def refuse_closed_units(changes: list[Difference]) -> None:
    """Raises `RosterError` where somebody would count in a unit on a day it did not exist."""
    for change in changes:
        old, new = change.before, change.after
        if new is not None and (old is None or old.unit != new.unit):
            last = None if change.is_open else change.last
            _refuse_unless_open(Unit.objects.get(code=new.unit), first=change.first, last=last)


def correct_person(person: Person, **facts: Any) -> None:
    """Name, birth date, sex: what was always so, written wrong. `full_name` is split.

    Nothing else of the person is written: somebody may have changed it meanwhile.
    """
    if "full_name" in facts:
        names = ("family_name", "middle_name", "given_name")
        facts |= zip(names, split_name(facts.pop("full_name")), strict=True)
    for field, value in facts.items():
        setattr(person, field, value)
    person.save(update_fields=[*facts, *Person.DERIVED])


def _held(codes: Collection[str]) -> dict[str, Unit]:
    """Locked until the transaction ends, in one order: whoever closes one of them waits."""
    units = Unit.objects.filter(code__in=codes).order_by("pk")
    return {unit.code: unit for unit in units.select_for_update(no_key=True)}


def _columns(stay: Stay, units: dict[str, Unit]) -> dict[str, Any]:
    return {
        "unit_id": units[stay.unit].pk,
        "staff_group": stay.staff_group,
        "position": stay.position,
        "position_title": stay.position_title,
        "status": stay.status,
        "started_on": stay.started_on,
        "ended_on": stay.ended_on,
    }


def _code_taken(code: str) -> RosterError:
    return RosterError(
        _(
            "Mã %(code)s đã có trong danh sách. Nếu là cùng một người, hãy dùng hồ sơ đã có; nếu "
            "người ấy đang ở đơn vị khác, hãy nhờ cấp trên chuyển đơn vị."
        )
        % {"code": code}
    )


def _new_person(member: NewMember) -> Person:
    family, middle, given = split_name(member.full_name)
    person = Person(
        code=member.code,
        family_name=family,
        middle_name=middle,
        given_name=given,
        sex=member.sex,
        birth_date=member.birth_date,
        email=member.email,
        phone=member.phone,
    )
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # somebody else gave the code a moment before
        raise _code_taken(member.code) from None
    return person


def _refuse_unless_open(unit: Unit, *, first: date, last: date | None) -> None:
    """Of a membership the first and the last day; None while it goes on."""
    if unit.version_on(first) is None:
        raise RosterError(
            _("Đơn vị không hoạt động ngày %(day)s: hãy chọn ngày khác.")
            % {"day": local_date(first)}
        )
    if unit.closed_on is not None and (last is None or last > unit.closed_on):
        raise RosterError(
            _(
                "Đơn vị chỉ hoạt động đến hết ngày %(day)s, thời gian công tác này dài hơn thế: "
                "hãy chọn đơn vị đang hoạt động."
            )
            % {"day": local_date(unit.closed_on)}
        )


def position_called(title: str, *, group: str) -> dict[str, str]:
    """The position that a rule may name and the words on the roster, as an import reads them."""
    if not title:
        is_teacher = group == StaffGroup.TEACHER
        return {
            "position": Position.TEACHER if is_teacher else Position.OTHER,
            "position_title": "",
        }
    return {
        "position": position_meant(title),
        "position_title": title,
    }
