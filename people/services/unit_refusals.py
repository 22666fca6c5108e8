"""What a reorganisation may not do to the tree of units; each says what to do instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from people.dates import day_before, held_on
from people.formats import local_date
from people.models import Scope, Unit, UnitClosure, UnitVersion, User
from people.queries.units import day_within, later_change_on
from people.services.unit_acts import UnitAct
from people.services.unit_closure import UnitTreeError


def refuse_changing_sector(act: UnitAct, unit: Unit, *sectors: str) -> None:
    """`sectors`: the one before and the one after. Whoever watches over one of them from beyond the
    doer's reach would lose or gain the unit by it: a commune takes no school out of the sight of
    the education office above."""
    for day in {day_within(unit, act.on), day_within(unit, act.today)}:
        watched = sectors_watched(act.by, on=day, today=act.today)
        if watched.get(unit.pk, set()) & set(sectors):
            raise UnitTreeError(sector_of_others(unit.code))


def sectors_watched(by: User, *, on: date, today: date) -> dict[int, set[str]]:
    """By the key of a unit the sectors that others see of it by scopes that this manager has none
    over: hers, of every sector, stand neither at theirs nor above it (1 query; 0 for
    administrators)."""
    if by.is_unlimited:
        return {}
    mine = Scope.objects.granted_to(by).managing_people().filter(sector="")
    under_mine = UnitClosure.objects.filter(held_on(on), ancestor__in=mine.values("unit"))
    others = (
        Scope.objects.exclude(sector="")
        .exclude(user=by)
        .exclude(pk__in=Scope.objects.over_on(today).values("pk"))
        .exclude(unit__in=under_mine.values("unit"))
    )
    below = held_on(on, "unit__closure_below__")
    found: dict[int, set[str]] = defaultdict(set)
    for unit, sector in others.filter(below).values_list("unit__closure_below__unit", "sector"):
        found[unit].add(sector)
    return found


def sector_of_others(code: str) -> str:
    return _(
        "Đổi ngành của đơn vị %(code)s thì người quản lý theo ngành ở cấp trên không còn thấy đơn "
        "vị này, hoặc bắt đầu thấy: hãy nhờ cấp trên quản lý cả hai ngành, hoặc quản trị hệ thống."
    ) % {"code": code}


def standing(act: UnitAct, unit: Unit) -> UnitVersion:
    """What is true of the unit on the day; refused where it isn't open."""
    version = unit.version_on(act.on)
    if version is None:
        words = {"code": unit.code, "day": local_date(act.on)}
        if act.on < unit.opened_on:
            words["opened"] = local_date(unit.opened_on)
            message = _(
                "Ngày %(day)s đơn vị %(code)s chưa thành lập (ngày thành lập: %(opened)s): hãy "
                "chọn ngày sau đó."
            )
        else:
            message = _("Ngày %(day)s đơn vị %(code)s không còn hoạt động: hãy chọn ngày sớm hơn.")
        raise UnitTreeError(message % words)
    return version


def refuse_closing(act: UnitAct, unit: Unit) -> None:
    last_day = day_before(act.on)
    if unit.opened_on > last_day:
        raise UnitTreeError(
            _(
                "Đơn vị %(code)s thành lập ngày %(opened)s, nên không thể ngừng hoạt động từ ngày "
                "%(day)s: hãy chọn ngày sau."
            )
            % {
                "code": unit.code,
                "opened": local_date(unit.opened_on),
                "day": local_date(act.on),
            }
        )
    if unit.closed_on is not None and unit.closed_on <= last_day:
        raise UnitTreeError(
            _("Đơn vị %(code)s đã ngừng hoạt động sau ngày %(day)s; không có gì thay đổi.")
            % {"code": unit.code, "day": local_date(unit.closed_on)}
        )
    version = unit.version_on(last_day)
    if version is None or version.parent_id is None:
        raise UnitTreeError(
            _("Đơn vị gốc %(code)s chứa mọi đơn vị khác, nên không đóng hay sáp nhập được.")
            % {"code": unit.code}
        )
    refuse_before_later_change(act, unit)


def refuse_before_later_change(act: UnitAct, unit: Unit) -> None:
    later = later_change_on(unit, act.on)
    if later is not None:
        raise UnitTreeError(
            _(
                "Đơn vị %(code)s đã có thay đổi từ ngày %(later)s, sau ngày %(day)s: hãy chọn ngày "
                "%(later)s trở đi, hoặc sửa chỗ ghi sai ở trang của đơn vị."
            )
            % {"code": unit.code, "later": local_date(later), "day": local_date(act.on)}
        )


def refuse_place(act: UnitAct, unit: Unit, version: UnitVersion, parent_id: int | None) -> None:
    """Whether the unit may hang there for as long as the version lasts."""
    if version.parent_id is None:
        raise UnitTreeError(
            _("Đơn vị gốc %(code)s chứa mọi đơn vị khác, nên không chuyển đi đâu được.")
            % {"code": unit.code}
        )
    if parent_id is None:
        raise UnitTreeError(
            _("Chỉ một đơn vị gốc không có cấp trên: hãy chọn đơn vị cấp trên cho %(code)s.")
            % {"code": unit.code}
        )
    parent = Unit.objects.get(pk=parent_id)
    refuse_below(act, [unit], parent)
    refuse_parent(act, parent, until=version.ended_on)


def refuse_below(act: UnitAct, units: Iterable[Unit], place: Unit) -> None:
    for unit in units:
        if place == unit or Unit.objects.below(unit, on=act.on).filter(pk=place.pk).exists():
            raise UnitTreeError(
                _(
                    "%(place)s trực thuộc %(code)s, nên không thể chứa nó: hãy chọn đơn vị khác, "
                    "hoặc chuyển %(place)s ra ngoài trước."
                )
                % {"place": place.code, "code": unit.code}
            )


def refuse_parent(act: UnitAct, parent: Unit, *, until: date | None) -> None:
    """It is open all the while, and the doer may hang units there."""
    parent.refresh_from_db()
    words = {"code": parent.code, "day": local_date(act.on)}
    if parent.version_on(act.on) is None:
        raise UnitTreeError(
            _("Đơn vị cấp trên %(code)s không hoạt động ngày %(day)s: hãy chọn đơn vị khác.")
            % words
        )
    if parent.closed_on is not None and (until is None or until > parent.closed_on):
        words["day"] = local_date(parent.closed_on)
        raise UnitTreeError(
            _("Đơn vị cấp trên %(code)s chỉ hoạt động đến hết ngày %(day)s: hãy chọn đơn vị khác.")
            % words
        )
    days = {act.on, max(act.today, parent.opened_on)} if parent.closed_on is None else {act.on}
    for day in days:
        mine = Unit.objects.receiving_from(act.by, on=day)
        if not mine.filter(pk=parent.pk).exists():
            raise UnitTreeError(
                _(
                    "Đơn vị cấp trên %(code)s ngoài phạm vi quản lý: hãy chọn đơn vị khác, hoặc "
                    "nhờ người quản lý cấp trên."
                )
                % words
            )
