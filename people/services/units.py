"""What else is asked of units whose days change; many at once are changed by `unit_timelines`, and
the closure that follows from them is rebuilt by `unit_closure`."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from people.formats import local_date
from people.models import Membership, Unit, UnitVersion
from people.services.unit_closure import UnitTreeError, rebuild_closure

__all__ = ["UnitTreeError", "rebuild_closure", "refuse_while_occupied"]


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
