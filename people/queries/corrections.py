"""What a person asked to have corrected, and what her record says of it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from people.models import CorrectionField, CorrectionRequest, Membership, Person


def corrections_of(person: Person) -> QuerySet[CorrectionRequest]:
    """The latest first, each with its answer if there is one."""
    return person.correction_requests.select_related("decision").order_by("-sent_at", "-pk")


def current_value(person: Person, field: str, *, on: date) -> str:
    """What the record says of the field that day, in words; empty where it says nothing."""
    return CorrectionField(field).in_words(recorded_value(person, field, on=on))


def recorded_value(person: Person, field: str, *, on: date) -> str:
    """The same as a decision keeps it: see `CorrectionDecision`."""
    if field == CorrectionField.FULL_NAME:
        return person.full_name
    if field == CorrectionField.BIRTH_DATE:
        return person.birth_date.isoformat() if person.birth_date else ""
    if field == CorrectionField.SEX:
        return person.sex
    membership = Membership.objects.filter(person=person).primary_on(on).first()
    if membership is None:
        return ""
    if field == CorrectionField.UNIT:
        return f"{membership.unit.code} · {membership.unit.name_on(on)}"
    if field == CorrectionField.POSITION:
        return membership.position_title or membership.position
    return str(getattr(membership, field))
