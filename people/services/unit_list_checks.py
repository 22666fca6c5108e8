"""Whether the tree still is one tree after a list of units was applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from people.dates import held_on
from people.formats import local_date
from people.imports.reading import Reading
from people.imports.rejections import WHOLE_FILE
from people.imports.unit_rows import UnitRow
from people.models import Unit, UnitVersion
from people.services.unit_timelines import Timeline
from people.services.units import UnitTreeError, rebuild_closure, refuse_while_occupied


class Applied(Protocol):
    row: UnitRow
    since: date
    verdict: str
    timeline: Timeline

    @property
    def unit(self) -> Unit: ...


def check_tree(
    reading: Reading[UnitRow],
    applied: Sequence[Applied],
    *,
    as_of: date | None,
    today: date,
) -> None:
    """Rejects rows. Where anything changed the closure is rebuilt, once."""
    standing = [one for one in applied if one.timeline.on(one.since) is not None]
    _check_parents(reading, standing, as_of)
    _check_vacated(reading, applied)
    for day in sorted({as_of} if as_of else {today, *_latest(standing)}):
        _check_root(reading, standing, day)
    if any(one.verdict != "unchanged" for one in applied):
        try:
            rebuild_closure()
        except UnitTreeError as error:
            _reject_circles(reading, standing, str(error))


def _latest(standing: Sequence[Applied]) -> list[date]:
    """The day by which everything in the file had opened."""
    return [max(one.since for one in standing)] if standing else []


def _check_parents(
    reading: Reading[UnitRow], standing: Sequence[Applied], as_of: date | None
) -> None:
    """A unit may not outlast its parent, nor on the list's day stand in one not yet open."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    for one in standing:
        version = one.timeline.on(one.since)
        if version is None or version.parent_id is None:
            continue
        parent = units[version.parent_id]
        words = {"code": parent.code}
        last_day = version.ended_on or date.max
        if parent.closed_on is not None and parent.closed_on < last_day:
            words["day"] = local_date(parent.closed_on)
            message = _(
                "Đơn vị cấp trên %(code)s ngừng hoạt động sau ngày %(day)s: hãy ghi đơn vị cấp "
                "trên khác."
            )
            reading.reject(one.row.number, "parent_code", message % words)
        elif parent.opened_on > (one.since if as_of else last_day):
            words["day"] = local_date(parent.opened_on)
            message = _(
                "Đơn vị cấp trên %(code)s đến ngày %(day)s mới thành lập: hãy ghi đơn vị cấp trên "
                "khác."
            )
            reading.reject(one.row.number, "parent_code", message % words)


def _check_vacated(reading: Reading[UnitRow], applied: Sequence[Applied]) -> None:
    for one in applied:
        if one.row.closed_on is None:
            continue
        try:
            refuse_while_occupied(one.unit, one.row.closed_on)
        except UnitTreeError as error:
            reading.reject(one.row.number, "closed_on", str(error))


def _check_root(reading: Reading[UnitRow], standing: Sequence[Applied], day: date) -> None:
    """Exactly one unit without a parent, over everything known that day."""
    versions = UnitVersion.objects.filter(held_on(day), parent__isnull=True)
    roots = sorted(versions.values_list("unit__code", flat=True))
    if len(roots) == 1:
        return
    words = {"codes": ", ".join(roots[:5]), "day": local_date(day)}
    if not roots:
        message = _("Ngày %(day)s không có đơn vị gốc: một đơn vị phải để trống đơn vị cấp trên.")
        reading.reject(WHOLE_FILE, "parent_code", message % words)
    for one in standing:
        if one.row.code in roots:
            message = _(
                "Ngày %(day)s có hơn một đơn vị không có cấp trên (%(codes)s): hãy ghi đơn vị cấp "
                "trên, chỉ để trống ở đơn vị gốc."
            )
            reading.reject(one.row.number, "parent_code", message % words)


def _reject_circles(reading: Reading[UnitRow], standing: Sequence[Applied], otherwise: str) -> None:
    """A circle closes on the day that some version begins: perhaps not one of this file."""
    message = _("Các đơn vị trực thuộc lẫn nhau thành vòng: hãy sửa đơn vị cấp trên.")
    found: set[int] = set()
    for day in set(UnitVersion.objects.values_list("started_on", flat=True)):
        parents = dict(UnitVersion.objects.filter(held_on(day)).values_list("unit", "parent"))
        found |= {one.row.number for one in standing if _is_in_circle(one.unit.pk, parents)}
    for number in sorted(found):
        reading.reject(number, "parent_code", message)
    if not found:
        reading.reject(WHOLE_FILE, "", otherwise)


def _is_in_circle(unit: int, parents: Mapping[int, int | None]) -> bool:
    seen = set()
    above = parents.get(unit)
    while above is not None and above not in seen:
        if above == unit:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
