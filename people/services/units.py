"""Dated facts of one unit. Many at once are changed by `unit_timelines`; the closure that follows
from them is rebuilt by `unit_closure`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.formats import local_date
from people.models import Membership, Unit, UnitVersion
from people.services.unit_closure import UnitTreeError, rebuild_closure
from people.services.unit_timelines import timelines_of, write_timelines

__all__ = [
    "UnitTreeError",
    "change_unit",
    "close_unit",
    "rebuild_closure",
    "refuse_while_occupied",
    "set_last_day",
]


@transaction.atomic
def change_unit(unit: Unit, *, on: date, **facts: Any) -> UnitVersion:
    """`Timeline.change`, stored. The caller rebuilds the closure when the tree changed."""
    timeline = timelines_of([unit])[unit.pk]
    version = timeline.change(on=on, **facts)
    write_timelines([timeline])
    return version


@transaction.atomic
def close_unit(unit: Unit, *, last_day: date) -> None:
    """The unit's last day. Refused while people or other units stand in it after that day."""
    refuse_while_occupied(unit, last_day)
    set_last_day(unit, last_day)
    rebuild_closure()


def set_last_day(unit: Unit, last_day: date) -> None:
    """Without asking who still stands in it; the caller rebuilds the closure."""
    timeline = timelines_of([unit])[unit.pk]
    timeline.end(last_day)
    write_timelines([timeline])


def refuse_while_occupied(unit: Unit, last_day: date) -> None:
    """Raises `UnitTreeError` when people or units stand in it after its last day."""
    still_there = Membership.objects.filter(unit=unit).exclude(ended_on__lte=last_day)
    if still_there.exists():
        raise UnitTreeError(
            _("Đơn vị %(code)s còn %(count)d người sau ngày %(day)s: hãy chuyển họ đi trước.")
            % {"code": unit.code, "count": still_there.count(), "day": local_date(last_day)}
        )
    if UnitVersion.objects.filter(parent=unit).exclude(ended_on__lte=last_day).exists():
        raise UnitTreeError(
            _("Đơn vị %(code)s còn đơn vị trực thuộc sau ngày %(day)s: hãy chuyển chúng đi trước.")
            % {"code": unit.code, "day": local_date(last_day)}
        )
