"""What happens to records when people move."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from courses.services.decisions import decide_people
from people.signals import memberships_changed


@receiver(memberships_changed, dispatch_uid="decide_unfinished_runs")
def decide_unfinished_runs(sender: Any, person_ids: Iterable[int], **kwargs: Any) -> None:
    """A change of group, position or unit can complete an unfinished run the same day."""
    decide_people(person_ids, at=timezone.now())
