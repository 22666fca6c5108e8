"""Units that change: opened, renamed, moved, merged, split, closed, from a day on.

Each takes an `Order` as keywords and happens in one transaction; the day before stays as it was.
All raise `UnitTreeError`, whose message says what to do instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction
from people.dates import day_before
from people.formats import local_date
from people.models import RosterList, Unit, UnitVersion, User
from people.queries.units import members_from
from people.services.unit_acts import (
    ChangedMeanwhileError,
    Effects,
    Order,
    Trial,
    UnitAct,
    unit_act,
)
from people.services.unit_moves import move_people, move_units
from people.services.unit_refusals import (
    refuse_before_later_change,
    refuse_below,
    refuse_changing_sector,
    refuse_closing,
    refuse_parent,
    refuse_place,
    standing,
)
from people.services.units import UnitTreeError, refuse_while_occupied

__all__ = [
    "ChangedMeanwhileError",
    "Effects",
    "NewUnit",
    "Trial",
    "UnitTreeError",
    "close_unit",
    "correct_version",
    "merge_units",
    "move_unit",
    "open_unit",
    "rename_unit",
    "revise_unit",
    "split_unit",
]

STRUCTURAL = {"kind", "sector", "parent_id"}  # what decides who counts where


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit to be opened on the day of the order."""

    code: str
    name: str
    kind: str
    parent: Unit
    sector: str = ""
    levels: list[str] = field(default_factory=list)
    attributes: dict[str, bool] = field(default_factory=dict)


def open_unit(new: NewUnit, **order: Unpack[Order]) -> Unit:
    with unit_act(**order) as act:
        return _opened(act, new)


def rename_unit(unit: Unit, *, name: str, **order: Unpack[Order]) -> Effects:
    return revise_unit(unit, {"name": name}, **order)


def move_unit(unit: Unit, *, parent: Unit, **order: Unpack[Order]) -> Effects:
    """With everything below it."""
    return revise_unit(unit, {"parent_id": parent.pk}, **order)


def revise_unit(unit: Unit, facts: dict[str, Any], **order: Unpack[Order]) -> Effects:
    """From the day on these facts hold; `facts` by the names of `UnitVersion`'s fields."""
    with unit_act(**order) as act:
        [unit] = act.involve(unit)
        current = standing(act, unit)
        refuse_before_later_change(act, unit)
        different = _different(current, facts)
        if not different:
            raise UnitTreeError(_("Không có gì khác với thông tin đã ghi, nên chưa đổi gì."))
        if different & STRUCTURAL:
            act.refuse_rewriting([unit])
            act.regroup(unit)
        if "sector" in different:
            refuse_changing_sector(act, unit, current.sector, facts["sector"])
        if "parent_id" in different:
            refuse_place(act, unit, current, facts["parent_id"])
            act.watch(current.parent_id, facts["parent_id"])
            act.effects.moved_units.append(unit)
        act.change(unit, **{name: facts[name] for name in different})
        detail = {
            "from": act.on.isoformat(),
            "document": act.document,
            "changed": sorted(different),
        }
        act.log(AuditAction.UNIT_CHANGED, unit, detail)
    return act.effects


def correct_version(
    version: UnitVersion, facts: dict[str, Any], *, by: User, at: datetime, reason: str
) -> Effects:
    """What was written wrong is put right for all the days it was said of, not from a day on."""
    order: Order = {"on": version.started_on, "deciding_document": "", "by": by, "at": at}
    with unit_act(**order) as act:
        [unit] = act.involve(version.unit)
        version = unit.versions.get(pk=version.pk)
        different = _different(version, facts)
        if not different:
            raise UnitTreeError(_("Không có gì khác với thông tin đã ghi, nên chưa đổi gì."))
        if different & STRUCTURAL:
            act.refuse_rewriting([unit])
            act.regroup(unit)
        if "sector" in different:
            refuse_changing_sector(act, unit, version.sector, facts["sector"])
        if "parent_id" in different:
            refuse_place(act, unit, version, facts["parent_id"])
        for name in different:
            setattr(version, name, facts[name])
        version.save(update_fields=sorted(different))
        detail = {
            "from": act.on.isoformat(),
            "changed": sorted(different),
            "reason": reason,
        }
        act.log(AuditAction.UNIT_CORRECTED, unit, detail)
    return act.effects


def close_unit(
    unit: Unit,
    *,
    last_day: date,
    deciding_document: str,
    by: User,
    at: datetime,
    **trial: Unpack[Trial],
) -> Effects:
    """Refused while people or other units stand in it after that day: merge or move them first."""
    with unit_act(
        on=last_day + timedelta(days=1),
        deciding_document=deciding_document,
        by=by,
        at=at,
        **trial,
    ) as act:
        [unit] = act.involve(unit)
        refuse_closing(act, unit)
        refuse_while_occupied(unit, last_day)
        act.close(unit)
        detail = {"until": last_day.isoformat(), "document": act.document}
        act.log(AuditAction.UNIT_CLOSED, unit, detail)
    return act.effects


def merge_units(
    sources: Collection[Unit], target: Unit | NewUnit, **order: Unpack[Order]
) -> Effects:
    """The sources close the day before; their people and units of the day go to the target."""
    with unit_act(**order) as act:
        sources = [each for each in dict.fromkeys(sources) if each != target]
        if not sources:
            raise UnitTreeError(_("Chưa có đơn vị nào để sáp nhập: hãy chọn ít nhất một."))
        _absorb(act, act.involve(*sources), target)
    return act.effects


def split_unit(
    source: Unit,
    target: Unit | NewUnit,
    *,
    people: Collection[int],
    rest: Unit | None = None,
    **order: Unpack[Order],
) -> Effects:
    """These people go to the target. With `rest` the source closes the day before, and whoever and
    whatever is left in it goes there; without, it stays as it is."""
    with unit_act(**order) as act:
        [source] = act.involve(source)
        standing(act, source)
        refuse_before_later_change(act, source)
        act.refuse_rewriting([source])
        if target in (source, rest):
            raise UnitTreeError(_("Nơi nhận phải là một đơn vị khác: hãy chọn lại."))
        receiving = _receiving(act, target, leaving=[source])
        rows = members_from(source, act.on).filter(person__in=list(people))
        moved = move_people(act, rows, receiving)
        if not moved:
            raise UnitTreeError(_("Chưa có ai để chuyển đi: hãy chọn người hoặc nhóm."))
        detail = {
            "from": act.on.isoformat(),
            "document": act.document,
            "unit": receiving.code,
            "people": len(moved),
        }
        act.log(AuditAction.UNIT_SPLIT, source, detail)
        if rest is not None:
            _absorb(act, [source], rest)
        else:
            _note(act, source)
    return act.effects


def _absorb(act: UnitAct, sources: list[Unit], target: Unit | NewUnit) -> None:
    for source in sources:
        refuse_closing(act, source)
    act.refuse_rewriting(sources)
    if isinstance(target, Unit):
        refuse_below(act, sources, target)
    for source in sources:
        act.close(source)
    receiving = _receiving(act, target, leaving=sources)
    for source in sources:
        move_units(act, source, receiving)
        moved = move_people(act, members_from(source, act.on), receiving)
        RosterList.objects.pass_on(source, receiving, on=act.on, at=act.at)
        detail = {
            "from": act.on.isoformat(),
            "document": act.document,
            "unit": receiving.code,
            "people": len(moved),
        }
        act.log(AuditAction.UNIT_MERGED, source, detail)
        refuse_while_occupied(source, day_before(act.on))


def _receiving(act: UnitAct, target: Unit | NewUnit, *, leaving: Iterable[Unit]) -> Unit:
    """The unit that takes people in: opened that day, or standing and noting the document."""
    if isinstance(target, NewUnit):
        return _opened(act, target)
    if target in leaving:
        raise UnitTreeError(_("Nơi nhận phải là một đơn vị khác: hãy chọn lại."))
    [target] = act.involve(target)
    standing(act, target)
    if target.closed_on is not None:
        raise UnitTreeError(
            _("Đơn vị nhận %(code)s chỉ hoạt động đến hết ngày %(day)s: hãy chọn đơn vị khác.")
            % {"code": target.code, "day": local_date(target.closed_on)}
        )
    refuse_before_later_change(act, target)
    _note(act, target)
    return target


def _opened(act: UnitAct, new: NewUnit) -> Unit:
    if Unit.objects.filter(code__iexact=new.code).exists():
        raise UnitTreeError(
            _("Mã %(code)s đã có đơn vị khác dùng: hãy chọn mã khác.") % {"code": new.code}
        )
    try:
        with transaction.atomic():
            unit = Unit.objects.create(code=new.code, opened_on=act.on)
    except IntegrityError:
        raise UnitTreeError(
            _("Mã %(code)s đã có đơn vị khác dùng: hãy chọn mã khác.") % {"code": new.code}
        ) from None
    refuse_parent(act, new.parent, until=None)
    UnitVersion.objects.create(
        unit=unit,
        started_on=act.on,
        name=new.name,
        kind=new.kind,
        sector=new.sector,
        levels=new.levels,
        attributes=new.attributes,
        parent=new.parent,
        deciding_document=act.document,
    )
    act.involve_new(unit)
    detail = {"from": act.on.isoformat(), "document": act.document}
    act.log(AuditAction.UNIT_OPENED, unit, detail)
    return unit


def _note(act: UnitAct, unit: Unit) -> None:
    """A version that says nothing new but the document; none without one."""
    if act.document:
        act.change(unit)


def _different(version: UnitVersion, facts: dict[str, Any]) -> set[str]:
    return {name for name, value in facts.items() if getattr(version, name) != value}
