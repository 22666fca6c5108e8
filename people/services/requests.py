"""Sending and answering what people ask about their records. Each request has one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.models import (
    CorrectionDecision,
    CorrectionField,
    CorrectionRequest,
    Outcome,
    Person,
    RosterDecision,
    RosterRequest,
    Unit,
    User,
)
from people.names import folded
from people.services.roster import (
    NewMember,
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
    good. Raises `DecidedError`, or `RosterError` (nothing is kept)."""
    _claim(request)
    _apply(request, value, on=on)
    _answer_correction(request, Outcome.ACCEPTED, answer)
    record(
        AuditAction.PERSON_CORRECTED,
        actor=answer.decided_by,
        subject=request.person,
        detail={"field": request.field},
    )


@transaction.atomic
def refuse_correction(request: CorrectionRequest, *, answer: Answer) -> None:
    _claim(request)
    _answer_correction(request, Outcome.REFUSED, answer)


def _apply(request: CorrectionRequest, value: Any, *, on: date) -> None:
    person, field = request.person, request.field
    if field in (CorrectionField.FULL_NAME, CorrectionField.BIRTH_DATE, CorrectionField.SEX):
        correct_person(person, **{field: value})
    elif field == CorrectionField.POSITION:
        change_membership(person, on=on, **position_called(value, group=""))
    else:
        change_membership(person, on=on, **{str(field): value})


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


def _answer_correction(request: CorrectionRequest, outcome: Outcome, answer: Answer) -> None:
    CorrectionDecision.objects.create(
        request=request,
        outcome=outcome,
        decided_by=answer.decided_by,
        decided_at=answer.decided_at,
        reason=answer.reason,
    )
    record(
        AuditAction.REQUEST_DECIDED,
        actor=answer.decided_by,
        subject=request.person,
        detail={"field": request.field, "outcome": outcome},
    )
