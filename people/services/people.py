"""What a manager does about one person: dated, for a reason, logged.

She acts on days on which the person counted in a unit that she manages, and moves her into such
units only. Managing somebody today opens no unit in which she was before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.backends import account_of
from people.dates import local_day
from people.formats import local_date
from people.models import Person, Unit, User
from people.models.membership import LeavingCause
from people.queries.care import codes_managed_by, is_over, stays_of
from people.queries.effects import effect_in_words
from people.queries.rights import account_of_person, reasons_not_to_act
from people.services.roster import (
    NewMember,
    RosterError,
    add_member,
    correct_person,
    refuse_closed_units,
    write_stays,
)
from people.stays import (
    Change,
    Difference,
    Ended,
    Redated,
    Restated,
    Returned,
    Stays,
    Withdrawn,
    differences,
)

OFFICE_ONLY = frozenset({"code", "is_core_trainer", "is_core_teacher"})
SIGNS_IN = frozenset({"code", "email", "phone"})  # or is where a code is sent


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, and why. `cause`: of leaving."""

    by: User
    at: datetime
    reason: str
    cause: LeavingCause | None = None

    @property
    def day(self) -> date:
        return local_day(self.at)


@transaction.atomic
def enlist(member: NewMember, *, unit: Unit, started_on: date, act: Act) -> Person:
    """Somebody new in a unit that the actor manages. Raises `RosterError`; nothing is kept."""
    if started_on > act.day:
        raise RosterError(_("Ngày bắt đầu chưa đến: hãy thêm người này vào ngày ấy."))
    if unit.code not in codes_managed_by(act.by, {unit.code}, on=act.day):
        raise _beyond(unit.code)
    person = add_member(member, unit=unit, started_on=started_on)
    detail = {"unit": unit.code, "from": started_on.isoformat(), "reason": act.reason}
    record(AuditAction.PERSON_ADDED, actor=act.by, subject=person, detail=detail)
    return person


def foresee(person: Person, change: Change, *, by: User, on: date) -> str:
    """What `change_memberships` would come to, in words. Raises `RosterError` as it would."""
    before = stays_of(person)
    after = _decided(change, before, by=by, on=on)
    refuse_closed_units(differences(before, after))
    return effect_in_words(before, after)


@transaction.atomic
def change_memberships(person: Person, change: Change, *, act: Act) -> None:
    """Raises `RosterError`; nothing is kept."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = stays_of(person)
    after = _decided(change, before, by=act.by, on=act.day)
    write_stays(person, before, after)
    _log(person, change, differences(before, after), act)


def foresee_correction(person: Person, facts: Mapping[str, Any]) -> str:
    """What `correct_record` would change, in words; empty if nothing."""
    changes = _changes(person, facts)
    said = [
        _("%(field)s: %(before)s → %(after)s")
        % {"field": _label(name), "before": _said(name, before), "after": _said(name, after)}
        for name, (before, after) in changes.items()
    ]
    return "; ".join(said)


@transaction.atomic
def correct_record(person: Person, facts: Mapping[str, Any], *, act: Act) -> None:
    """What was always so, and written wrong; by name of the person's fields.

    Code and the marks of core trainers and teachers are for whoever manages her from above; code,
    e-mail and phone only for whoever may act on her account. The account goes on signing in: its
    name follows the code. Raises `RosterError`.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    changes = _changes(person, facts)
    if not changes:
        raise RosterError(_("Không có gì khác với hồ sơ hiện tại: chưa ghi gì."))
    if OFFICE_ONLY & set(changes) and not is_over(act.by, person, on=act.day):
        raise RosterError(_("Mã nhân sự và các danh hiệu do cấp trên sửa: hãy nhờ cấp trên."))
    if SIGNS_IN & set(changes) and (reason := _reason_not_to_sign_in_otherwise(person, act)):
        raise RosterError(reason)
    before = person.masked_code
    if "code" in changes:
        _follow_code(person, facts["code"])
    try:
        with transaction.atomic():
            correct_person(person, **{name: facts[name] for name in changes})
    except IntegrityError:
        raise _code_taken(facts["code"]) from None
    detail = {
        "field": sorted(changes),
        "previous_code": before if "code" in changes else "",
        "reason": act.reason,
    }
    said = {name: value for name, value in detail.items() if value}
    record(AuditAction.PERSON_CORRECTED, actor=act.by, subject=person, detail=said)


def _decided(change: Change, before: Stays, *, by: User, on: date) -> Stays:
    managed = codes_managed_by(by, {stay.unit for stay in before}, on=on)
    fixed = frozenset(
        stay.pk for stay in before if stay.pk is not None and stay.unit not in managed
    )
    after = change.applied_to(before, fixed=fixed)
    found = differences(before, after)
    if not found:
        raise RosterError(_("Không có gì khác với hiện tại: chưa ghi gì."))
    _refuse_beyond_reach(found, by=by, on=on)
    return after


def _refuse_beyond_reach(found: list[Difference], *, by: User, on: date) -> None:
    units = {s.unit for each in found for s in (each.before, each.after) if s is not None}
    managed = codes_managed_by(by, units, on=on)
    for each in found:
        if each.before is not None and each.before.unit not in managed:
            raise RosterError(
                _(
                    "Ngày %(day)s người này thuộc một đơn vị ngoài phạm vi quản lý nên chưa ghi "
                    "gì. Hãy chọn ngày khác, hoặc nhờ cấp trên."
                )
                % {"day": local_date(each.first)}
            )
        if each.after is not None and each.after.unit not in managed:
            raise _beyond(each.after.unit)


def _beyond(unit: str) -> RosterError:
    return RosterError(
        _(
            "Đơn vị %(unit)s ngoài phạm vi quản lý: chưa ghi gì. Hãy cho người này rời đơn vị; nơi "
            "đến sẽ nhận bằng danh sách của họ. Hoặc nhờ cấp trên của cả hai đơn vị."
        )
        % {"unit": unit}
    )


def _log(person: Person, change: Change, found: list[Difference], act: Act) -> None:
    units = {each.after.unit for each in found if each.after is not None}
    detail = {
        "unit": sorted(units),
        "from": found[0].first.isoformat(),
        "until": "" if found[-1].is_open else found[-1].last.isoformat(),
        "cause": act.cause.value if act.cause else "",
        "reason": act.reason,
    }
    said = {name: value for name, value in detail.items() if value}
    record(_action(change), actor=act.by, subject=person, detail=said)


def _action(change: Change) -> AuditAction:
    match change:
        case Restated():
            moves = "unit" in change.facts
            return AuditAction.PERSON_MOVED if moves else AuditAction.POST_CHANGED
        case Ended():
            return AuditAction.PERSON_LEFT
        case Returned():
            return AuditAction.PERSON_RETURNED
        case Redated():
            return AuditAction.POST_REDATED
        case Withdrawn():
            return AuditAction.POST_WITHDRAWN
    raise TypeError(change)


def _changes(person: Person, facts: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Of the facts those that differ: what is known and what is right."""
    known = {name: getattr(person, name) for name in facts}
    return {name: (known[name], right) for name, right in facts.items() if known[name] != right}


def _label(name: str) -> str:
    words = str(_field(name).verbose_name)
    return words[:1].upper() + words[1:]


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, date):
        return local_date(value)
    return str(dict(_field(name).flatchoices).get(value, value) or "–")


def _field(name: str) -> Any:
    return Person._meta.get_field(name)


def _reason_not_to_sign_in_otherwise(person: Person, act: Act) -> str:
    account = account_of_person(person)
    if account is None or account.pk == act.by.pk:
        return ""
    return reasons_not_to_act(act.by, [account], on=act.day).get(account.pk, "")


def _follow_code(person: Person, code: str) -> None:
    """The account that signed in by the old code signs in by the new one."""
    known = Person.objects.filter(code__iexact=code).exclude(pk=person.pk).exists()
    account = User.objects.filter(person=person).first()
    holder = account_of(code)
    if known or (holder is not None and holder != account):
        raise _code_taken(code)
    if account is not None and account.username.casefold() == person.code.casefold():
        account.username = code
        account.save(update_fields=["username"])


def _code_taken(code: str) -> RosterError:
    return RosterError(
        _("Mã %(code)s đã thuộc người khác: chưa sửa gì. Hãy kiểm tra lại mã.") % {"code": code}
    )
