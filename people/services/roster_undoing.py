"""Taking a whole list back while nothing later depends on it: everything is as it was before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.dates import local_day
from people.formats import local_date
from people.imports.flip import StaleError, clashes_are_stale
from people.imports.flip_back import (
    not_as_left,
    take_out_of_force,
    units_closed_since,
)
from people.imports.roster_checks import FARTHEST_BACK
from people.models import (
    AccessCode,
    ImportState,
    Membership,
    Person,
    RosterChange,
    RosterImport,
    RosterList,
    Unit,
    User,
    Verdict,
)
from people.services.roster_applying import hold
from people.services.roster_import_errors import RosterImportError
from people.tasks import tell_of_list

NAMED = 3  # people or units in one sentence


def obstacles_to_undoing(roster_import: RosterImport, *, by: User | None, on: date) -> list[str]:
    """Sentences naming what depends on the list; empty if it can be undone."""
    if roster_import.state != ImportState.APPLIED:
        return [_("Danh sách này không (hoặc không còn) được áp dụng nên không có gì để hoàn tác.")]
    if roster_import.is_past_undoing(on=on):
        return [_("Đã quá một năm: chi tiết của lần nhập này không còn được giữ để hoàn tác.")]
    return [
        *_figures_of_others(roster_import, by=by, on=on),
        *_later_lists(roster_import),
        *_changed_since(roster_import),
        *_closed_units(roster_import),
        *_records_of_new_people(roster_import),
        *_codes_used(roster_import),
    ]


def undo(roster_import: RosterImport, *, by: User | None, at: datetime, reason: str) -> None:
    """Memberships and people are as they were, and the units' lists can be loaded again. The worker
    tells the other rooms.

    Raises `RosterImportError`, naming what depends on the list or that no reason is given.
    """
    if not reason.strip():
        raise RosterImportError(_("Hoàn tác cần một lý do: hãy ghi vì sao."))
    try:
        with clashes_are_stale(), transaction.atomic():
            held = RosterImport.objects.select_for_update(of=("self",)).get(pk=roster_import.pk)
            hold(held)
            if obstacles := obstacles_to_undoing(held, by=by, on=local_day(at)):
                raise RosterImportError(" ".join(obstacles))
            take_out_of_force(held)
            RosterImport.objects.filter(pk=held.pk).update(
                state=ImportState.UNDONE,
                undone_by=by,
                undone_at=at,
                undo_reason=reason.strip(),
                attempt=F("attempt") + 1,
                told_at=None,
                tries=0,
                worked_at=at,
            )
            record(
                AuditAction.ROSTER_UNDONE,
                actor=by,
                subject=held,
                detail={"as_of": held.as_of.isoformat(), "reason": reason.strip()},
            )
    except StaleError:
        raise RosterImportError(
            _("Dữ liệu vừa được người khác thay đổi; chưa hoàn tác gì. Hãy mở lại trang để xem.")
        ) from None
    tell_of_list.enqueue(roster_import.pk)
    roster_import.refresh_from_db()


def _figures_of_others(roster_import: RosterImport, *, by: User | None, on: date) -> Iterator[str]:
    """Nobody goes back for so long a time into a unit that isn't hers: as nobody is moved out of
    one."""
    if by is None or roster_import.as_of >= on - FARTHEST_BACK:
        return
    moved = roster_import.changes.moving_outsiders().filter(verdict=Verdict.MOVED)
    changes = list(moved.select_related("opened_unit", "closed_unit").order_by("sort_key", "pk"))
    units = {each.pk for change in changes if (each := change.unit_entered)}
    units |= {change.before["closed_unit"] for change in changes}
    managed = Unit.objects.managed_by(by, on=on, or_nearest=True).filter(pk__in=units)
    if managed.count() < len(units):
        people = [f"{c.full_name} ({Person(code=c.code).masked_code})" for c in changes]
        yield (
            _(
                "Danh sách đã nhận người của đơn vị khác từ trước ngày %(day)s: %(people)s. Hoàn "
                "tác sẽ đổi số liệu cũ của đơn vị ấy: hãy nhờ quản trị hệ thống."
            )
            % {"day": local_date(on - FARTHEST_BACK), "people": _several(people)}
        )


def _later_lists(roster_import: RosterImport) -> Iterator[str]:
    units = roster_import.listed_units.values("unit")
    later = RosterList.objects.filter(unit__in=units, applied_at__gte=roster_import.applied_at)
    later = later.exclude(roster_import=roster_import).order_by("-as_of", "unit__code")
    for each in later.select_related("unit")[:NAMED]:
        yield (
            _(
                "Đơn vị %(unit)s đã có danh sách ngày %(day)s được áp dụng sau: hãy hoàn tác danh "
                "sách đó trước."
            )
            % {"unit": each.unit.code, "day": local_date(each.as_of)}
        )


def _changed_since(roster_import: RosterImport) -> Iterator[str]:
    """Memberships and people that are no longer as the list left them."""
    moved, corrected = not_as_left(roster_import)
    if moved:
        yield (
            _("Nơi công tác đã thay đổi sau lần nhập này: %(people)s. Hãy sửa từng người.")
            % {"people": _named(moved)}
        )
    if corrected:
        yield (
            _("Thông tin cá nhân đã thay đổi sau lần nhập này: %(people)s. Hãy sửa từng người.")
            % {"people": _named(corrected)}
        )


def _closed_units(roster_import: RosterImport) -> Iterator[str]:
    if codes := units_closed_since(roster_import):
        yield (
            _(
                "Đơn vị đã đóng sau lần nhập này: %(units)s; không đưa người trở lại đó được. Hãy "
                "sửa từng người."
            )
            % {"units": _several(codes)}
        )


def _records_of_new_people(roster_import: RosterImport) -> Iterator[str]:
    """Whatever refers to people whom the list has brought, but the memberships it gave them."""
    codes = roster_import.changes.filter(person=None).order_by().values("code")
    new = Person.objects.order_by().filter(code__in=codes)
    if not new.exists():
        return
    for kind, field in relations_to_people():
        with_records = new.filter(Exists(_records(kind, field, roster_import)))
        if found := list(with_records.order_by("sort_key", "code")[: NAMED + 1]):
            yield (
                _(
                    "Người mới thêm đã có “%(what)s”: %(people)s. Hãy kết thúc nơi công tác của "
                    "từng người thay vì hoàn tác."
                )
                % {
                    "what": kind._meta.verbose_name,
                    "people": _several([f"{p.full_name} ({p.masked_code})" for p in found]),
                }
            )


def _codes_used(roster_import: RosterImport) -> Iterator[str]:
    """By people who would go back to where others manage: whoever opened the account stays in."""
    brought = roster_import.changes.moving_outsiders()
    used = AccessCode.objects.filter(
        person=OuterRef("person"), used_at__gte=roster_import.applied_at
    )
    if found := list(brought.filter(Exists(used)).values_list("pk", flat=True)):
        yield (
            _(
                "Đã dùng mã đăng nhập được cấp sau lần nhập này: %(people)s. Hãy chuyển đơn vị cho "
                "từng người, hoặc nhờ quản trị hệ thống."
            )
            % {"people": _named(found)}
        )


def relations_to_people() -> list[tuple[type[models.Model], str]]:
    """Every kind of record that refers to a person, in whatever room, and by which field."""
    fields: list[Any] = Person._meta.get_fields(include_hidden=True)
    return [
        (relation.related_model, relation.field.name)
        for relation in fields
        if (relation.one_to_many or relation.one_to_one) and not relation.concrete
    ]


def _records(
    kind: type[models.Model], field: str, roster_import: RosterImport
) -> QuerySet[models.Model]:
    records = kind._base_manager.filter(**{field: OuterRef("pk")})
    if kind is RosterChange:  # a list that waits is compared again before it is applied
        applied = Q(roster_import__state=ImportState.APPLIED)
        return records.filter(applied).exclude(roster_import=roster_import)
    if kind is Membership:  # the one it gave them begins on the day in the list
        opened = roster_import.changes.filter(
            code=OuterRef("person__code"), opened_on=OuterRef("started_on")
        )
        return records.exclude(Q(is_primary=True) & Exists(opened))
    return records


def _named(changes: list[int]) -> str:
    rows = RosterChange.objects.filter(pk__in=changes[:900]).order_by("sort_key", "pk")
    return _several(
        [f"{r.full_name} ({Person(code=r.code).masked_code})" for r in rows[: NAMED + 1]]
    )


def _several(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return _("%(names)s và người khác") % {"names": shown} if len(names) > NAMED else shown
