"""What happens to records when people move, and what is told of them when people ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from courses.queries.own_record import training_of
from courses.services.decisions import decide_people
from people.models import Person
from people.signals import memberships_changed, personal_record_asked


@receiver(memberships_changed, dispatch_uid="decide_unfinished_runs")
def decide_unfinished_runs(sender: Any, person_ids: Iterable[int], **kwargs: Any) -> None:
    """A change of group, position or unit can complete an unfinished run the same day."""
    decide_people(person_ids, at=timezone.now())


@receiver(personal_record_asked, dispatch_uid="courses.tell_training")
def tell_training(person: Person, **kwargs: Any) -> tuple[str, list[dict[str, Any]]]:
    return "enrolments", training_of(person)
