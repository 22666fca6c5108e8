"""What the system holds about a person, for herself to read and take away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.formats import local_date
from people.models import CorrectionField, CorrectionRequest, Membership, Person, UnitVersion, User
from people.signals import personal_record_asked


def memberships_of(person: Person) -> QuerySet[Membership]:
    """The latest first, each with the name its unit had when it began."""
    versions = UnitVersion.objects.filter(unit=OuterRef("unit"))
    then = versions.filter(started_on__lte=OuterRef("started_on")).order_by("-started_on")
    return (
        Membership.objects.filter(person=person)
        .annotate(
            unit_code=F("unit__code"),
            unit_name=Coalesce(
                Subquery(then.values("name")[:1]),
                Subquery(versions.order_by("started_on").values("name")[:1]),
                F("unit__code"),
            ),
        )
        .order_by("-started_on", "-pk")
    )


def corrections_of(person: Person) -> QuerySet[CorrectionRequest]:
    """The latest first, each with its answer if there is one."""
    return person.correction_requests.select_related("decision").order_by("-sent_at", "-pk")


def current_value(person: Person, field: str, *, on: date) -> str:
    """What the record says of the field that day, in words; empty where it says nothing."""
    if field == CorrectionField.FULL_NAME:
        return person.full_name
    if field == CorrectionField.BIRTH_DATE:
        return local_date(person.birth_date)
    if field == CorrectionField.SEX:
        return person.get_sex_display()
    membership = Membership.objects.filter(person=person).primary_on(on).first()
    if membership is None:
        return ""
    return {
        CorrectionField.UNIT: lambda: membership.unit.name_on(on),
        CorrectionField.STAFF_GROUP: membership.get_staff_group_display,
        CorrectionField.POSITION: lambda: (
            membership.position_title or membership.get_position_display()
        ),
        CorrectionField.STATUS: membership.get_status_display,
    }[CorrectionField(field)]()


def exported(account: User) -> dict[str, Any]:
    """Everything, ready for JSON. Rooms above add their part by `personal_record_asked`."""
    person = account.person
    parts: dict[str, Any] = {"account": _account(account)}
    if person is not None:
        parts["person"] = _person(person)
        parts["memberships"] = [_membership(each) for each in memberships_of(person)]
        parts["corrections"] = [_correction(each) for each in corrections_of(person)]
        answers: list[Any] = personal_record_asked.send(sender=Person, person=person)
        parts |= dict(part for _receiver, part in answers)
    return parts


def _account(account: User) -> dict[str, Any]:
    return {
        "username": account.username,
        "email": account.email,
        "phone": account.phone,
        "created_at": timezone.localtime(account.date_joined),
        "last_signed_in_at": account.last_login and timezone.localtime(account.last_login),
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "code": person.code,
        "full_name": person.full_name,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "email": person.email,
        "phone": person.phone,
        "is_core_trainer": person.is_core_trainer,
        "is_core_teacher": person.is_core_teacher,
    }


def _membership(membership: Any) -> dict[str, Any]:
    return {
        "unit_code": membership.unit_code,
        "unit_name": membership.unit_name,
        "staff_group": membership.staff_group,
        "position": membership.position,
        "position_title": membership.position_title,
        "status": membership.status,
        "started_on": membership.started_on,
        "ended_on": membership.ended_on,
        "is_primary": membership.is_primary,
    }


def _correction(request: CorrectionRequest) -> dict[str, Any]:
    decision = getattr(request, "decision", None)
    return {
        "field": request.field,
        "value": request.value,
        "note": request.note,
        "sent_at": timezone.localtime(request.sent_at),
        "outcome": decision.outcome if decision else None,
        "reason": decision.reason if decision else "",
    }
