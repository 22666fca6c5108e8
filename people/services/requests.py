"""Sending and answering what people ask about their records. Each request has one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.dates import local_day
from people.formats import local_date
from people.models import (
    CorrectionDecision,
    CorrectionField,
    CorrectionRequest,
    Membership,
    Outcome,
    Person,
    RosterDecision,
    RosterRequest,
    Unit,
    User,
)
from people.names import folded
from people.queries.corrections import recorded_value
from people.services.roster import (
    NewMember,
    RosterError,
    add_member,
    change_membership,
    correct_person,
    position_called,
)


class DecidedError(Exception):
    """Somebody answered this request before; her answer stands."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers, when, and in what words."""

    decided_by: User
    decided_at: datetime
    reason: str = ""


def ask_to_be_listed(
    unit: Unit, *, key: UUID, full_name: str, birth_date: date, at: datetime, **facts: Any
) -> RosterRequest:
    """Kept once: sent again, with the same key or while one with the same name, birth date and
    unit is open, it is that one."""
    folded_name = folded(full_name)
    same = RosterRequest.objects.open().filter(
        unit=unit, name_folded=folded_name, birth_date=birth_date
    )
    if known := RosterRequest.objects.filter(key=key).first() or same.first():
        return known
    request = RosterRequest(
        key=key,
        unit=unit,
        full_name=full_name,
        name_folded=folded_name,
        birth_date=birth_date,
        sent_at=at,
        **facts,
    )
    return _kept_once(request)


def ask_for_correction(
    person: Person, *, key: UUID, field: str, value: str, note: str, at: datetime
) -> CorrectionRequest:
    """Kept once, like `ask_to_be_listed`."""
    same = CorrectionRequest.objects.open().filter(person=person, field=field, value=value)
    if known := CorrectionRequest.objects.filter(key=key).first() or same.first():
        return known
    request = CorrectionRequest(
        key=key, person=person, field=field, value=value, note=note, sent_at=at
    )
    return _kept_once(request)


@transaction.atomic
def accept_as_new(
    request: RosterRequest, member: NewMember, *, started_on: date, answer: Answer
) -> Person:
    """Puts the person on the roster. Raises `DecidedError`, or `RosterError` (nothing is kept)."""
    _claim(request)
    person = add_member(member, unit=request.unit, started_on=started_on)
    _answer_roster(request, Outcome.ACCEPTED, answer, person=person)
    return person


@transaction.atomic
def accept_as_known(request: RosterRequest, person: Person, *, answer: Answer) -> None:
    """She was on the roster all along: she needs a code, not a row. Raises `DecidedError`."""
    _claim(request)
    _answer_roster(request, Outcome.ACCEPTED, answer, person=person)


@transaction.atomic
def refuse_listing(request: RosterRequest, *, answer: Answer) -> None:
    _claim(request)
    _answer_roster(request, Outcome.REFUSED, answer, person=None)


@transaction.atomic
def accept_correction(request: CorrectionRequest, value: Any, *, on: date, answer: Answer) -> None:
    """Applies the value, as the decider understood it: of memberships from `on`, of the person for
    good. Where it is dated, the decider manages the unit in which the person counted that day.

    Raises `DecidedError`, or `RosterError` (nothing is kept).
    """
    _claim(request)
    person, field = Person.objects.select_for_update().get(pk=request.person_id), request.field
    is_dated = CorrectionField(field).is_dated
    if is_dated:
        _refuse_beyond_reach(person, on=on, answer=answer)
    before = recorded_value(person, field, on=on)
    _apply(person, field, value, on=on)
    changed = {
        "before": before,
        "value": recorded_value(person, field, on=on),
        "holds_from": on if is_dated else None,
    }
    _answer_correction(request, Outcome.ACCEPTED, answer, **changed)
    record(
        AuditAction.PERSON_CORRECTED,
        actor=answer.decided_by,
        subject=person,
        detail={"field": field},
    )


@transaction.atomic
def refuse_correction(request: CorrectionRequest, *, answer: Answer) -> None:
    _claim(request)
    _answer_correction(request, Outcome.REFUSED, answer)


def _refuse_beyond_reach(person: Person, *, on: date, answer: Answer) -> None:
    """Managing somebody today opens no unit in which she was before."""
    then = Membership.objects.filter(person=person).primary_on(on)
    reachable = then.managed_by(answer.decided_by, on=local_day(answer.decided_at))
    if then.exists() and not reachable.exists():
        raise RosterError(
            _(
                "Ngày %(day)s người này thuộc một đơn vị ngoài phạm vi quản lý nên chưa sửa gì. "
                "Hãy chọn ngày khác, hoặc nhờ cấp trên trả lời đề nghị này."
            )
            % {"day": local_date(on)}
        )


def _apply(person: Person, field: str, value: Any, *, on: date) -> None:
    if not CorrectionField(field).is_dated:
        correct_person(person, **{field: value})
    elif field == CorrectionField.POSITION:
        change_membership(person, on=on, **position_called(value, group=""))
    else:
        change_membership(person, on=on, **{field: value})


def _kept_once(request: Any) -> Any:
    """The request, or the one that another sending of the same form stored a moment before."""
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        return type(request).objects.get(key=request.key)
    return request


def _claim(request: RosterRequest | CorrectionRequest) -> None:
    """Holds the request until the transaction ends; two deciders take turns."""
    type(request).objects.select_for_update().get(pk=request.pk)
    decisions: Any = RosterDecision if isinstance(request, RosterRequest) else CorrectionDecision
    if decisions.objects.filter(request=request).exists():
        raise DecidedError(_("Yêu cầu này đã được trả lời; không có gì thay đổi."))


def _answer_roster(
    request: RosterRequest, outcome: Outcome, answer: Answer, *, person: Person | None
) -> None:
    RosterDecision.objects.create(
        request=request,
        outcome=outcome,
        decided_by=answer.decided_by,
        decided_at=answer.decided_at,
        reason=answer.reason,
        person=person,
    )
    record(
        AuditAction.REQUEST_DECIDED,
        actor=answer.decided_by,
        subject=person or request,
        detail={"request": request.pk, "outcome": outcome},
    )


def _answer_correction(
    request: CorrectionRequest, outcome: Outcome, answer: Answer, **changed: Any
) -> None:
    CorrectionDecision.objects.create(
        request=request,
        outcome=outcome,
        decided_by=answer.decided_by,
        decided_at=answer.decided_at,
        reason=answer.reason,
        **changed,
    )
    record(
        AuditAction.REQUEST_DECIDED,
        actor=answer.decided_by,
        subject=request.person,
        detail={"field": request.field, "outcome": outcome},
    )
