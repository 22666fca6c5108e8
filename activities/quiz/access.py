"""Who may do what with attempts, as sentences."""

from __future__ import annotations

from datetime import date

from people.models import Person, User

TRAINERS = "Giảng viên nguồn"  # the name of the Django group


def can_grant_attempt(viewer: User, person: Person, *, on: date) -> bool:
    """Trainers, and those who manage the person that day; nobody for herself."""
    if not viewer.is_active or viewer.person_id == person.pk:
        return False
    if Person.objects.managed_by(viewer, on=on).filter(pk=person.pk).exists():
        return True
    return viewer.groups.filter(name=TRAINERS).exists()
