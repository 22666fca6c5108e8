"""What the system holds about a person, for herself to read and take away."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.models import (
    AuditEntry,
    CorrectionRequest,
    Membership,
    Person,
    RosterRequest,
    Scope,
    UnitVersion,
    User,
)
from people.queries.corrections import corrections_of
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


def exported(account: User) -> dict[str, Any]:
    """Everything, ready for JSON. Rooms above add their part by `personal_record_asked`."""
    person = account.person
    parts: dict[str, Any] = {
        "account": _account(account),
        "scopes": [_scope(each) for each in account.scopes.select_related("unit")],
    }
    if person is not None:
        parts["person"] = _person(person)
        parts["memberships"] = [_membership(each) for each in memberships_of(person)]
        parts["corrections"] = [_correction(each) for each in corrections_of(person)]
        parts["listing_requests"] = [_listing(each) for each in _listings_of(person)]
        parts["log"] = [_entry(each) for each in _entries_about(person)]
        answers: list[Any] = personal_record_asked.send(sender=Person, person=person)
        parts |= dict(part for _receiver, part in answers)
    return parts


def _account(account: User) -> dict[str, Any]:
    return {
        "username": account.username,
        "email": account.email,
        "phone": account.phone,
        "language": account.language,
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
        "before": decision.before if decision else "",
        "corrected_to": decision.value if decision else "",
        "holds_from": decision.holds_from if decision else None,
    }


def _scope(scope: Scope) -> dict[str, Any]:
    return {
        "unit_code": scope.unit.code,
        "role": scope.role,
        "sector": scope.sector,
        "started_on": scope.started_on,
        "ended_on": scope.ended_on,
        "reason": scope.reason,
    }


def _listings_of(person: Person) -> QuerySet[RosterRequest]:
    """Requests to be listed that turned out to be hers."""
    asked = RosterRequest.objects.filter(decision__person=person)
    return asked.select_related("unit", "decision")


def _listing(request: RosterRequest) -> dict[str, Any]:
    return {
        "unit_code": request.unit.code,
        "full_name": request.full_name,
        "birth_date": request.birth_date,
        "sex": request.sex,
        "staff_group": request.staff_group,
        "position_title": request.position_title,
        "staff_code": request.staff_code,
        "phone": request.phone,
        "email": request.email,
        "note": request.note,
        "sent_at": timezone.localtime(request.sent_at),
        "decided_at": timezone.localtime(request.decision.decided_at),
    }


def _entries_about(person: Person) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.about(person).select_related("actor__person", "acting_as__person")


def _entry(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": timezone.localtime(entry.at),
        "action": entry.action,
        "by": str(entry.actor) if entry.actor else None,
        "as": str(entry.acting_as) if entry.acting_as else None,
        "detail": entry.detail,
    }
