"""Who may do what with attempts, as sentences."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from people.models import Person, User
from people.trainers import is_trainer


def can_grant_attempt(viewer: User, person: Person, *, on: date) -> bool:
    """Trainers, and those who manage the person that day; nobody for herself."""
    if not viewer.is_active or viewer.person_id == person.pk:
        return False
    if Person.objects.managed_by(viewer, on=on).filter(pk=person.pk).exists():
        return True
    return is_trainer(viewer)


def grants_for(viewer: User, *, on: date) -> QuerySet[Person] | None:
    """Whose attempts the viewer may add to: the people she manages; None is everyone.

    Nobody's is an empty set.
    """
    if viewer.is_active and (viewer.is_superuser or is_trainer(viewer)):
        return None
    return Person.objects.managed_by(viewer, on=on)
