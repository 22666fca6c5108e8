"""The reminders of two rows that are one person: all are hers, save a second one of a week."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from people.merging.plan import MergePlan
from people.signals import people_merging
from reports.models import Reminder


@receiver(people_merging, dispatch_uid="reports.plan_reminders")
def plan_reminders(plan: MergePlan, **_kwargs: Any) -> None:
    """What would be her second of a week stays behind with the row that goes."""
    plan.handle("reports.Reminder.person")
    weeks = Reminder.objects.filter(person=plan.kept).values("week")
    moved = Reminder.objects.filter(person=plan.gone).exclude(week__in=weeks)
    plan.change(moved, person_id=plan.kept.pk)
