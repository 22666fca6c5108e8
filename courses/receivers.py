"""What happens to records when people move, and what is told of them when people ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import ngettext

from courses.models import RunTerms
from courses.queries.own_record import training_of
from courses.services.decisions import decide_people
from people.models import Person
from people.signals import memberships_changed, personal_record_asked, units_closing_asked


@receiver(memberships_changed, dispatch_uid="decide_unfinished_runs")
def decide_unfinished_runs(sender: Any, person_ids: Iterable[int], **kwargs: Any) -> None:
    """A change of group, position or unit can complete an unfinished run the same day."""
    decide_people(person_ids, at=timezone.now())


@receiver(personal_record_asked, dispatch_uid="courses.tell_training")
def tell_training(person: Person, **kwargs: Any) -> tuple[str, list[dict[str, Any]]]:
    return "enrolments", training_of(person)


@receiver(units_closing_asked, dispatch_uid="courses.tell_runs")
def tell_runs(sender: Any, unit_ids: Iterable[int], on: date, **kwargs: Any) -> list[str]:
    """Runs not yet over that name such a unit: its people are due there by that name alone."""
    terms = RunTerms.objects.in_force(at=timezone.now()).filter(closes_on__gte=on)
    count = terms.filter(units__in=list(unit_ids)).distinct().count()
    if not count:
        return []
    sentence = ngettext(
        "%(count)d đợt bồi dưỡng chưa kết thúc ghi tên đơn vị ngừng hoạt động: hãy thêm đơn vị "
        "nhận vào đợt, nếu không người chuyển đi không còn thuộc đợt.",
        "%(count)d đợt bồi dưỡng chưa kết thúc ghi tên đơn vị ngừng hoạt động: hãy thêm đơn vị "
        "nhận vào đợt, nếu không người chuyển đi không còn thuộc đợt.",
        count,
    )
    return [sentence % {"count": count}]
