"""Targets: those of the inter-sector plan, and setting, changing and ending any of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course
from people.audit import AuditAction, record
from people.models import Sector, StaffGroup, UnitKind, User
from reports.models import Report, ReportState, Target, TargetChange

# code, title, per cent, due on, counts from
PLAN = [
    ("CT-2017", "80% quản lý, giáo viên được bồi dưỡng vào năm 2017", 80, 2017, 2016),
    ("CT-2020", "95% quản lý, giáo viên được bồi dưỡng vào năm 2020", 95, 2020, 2016),
    ("CT-2027", "80% quản lý, giáo viên được bồi dưỡng vào năm 2027", 80, 2027, 2026),
    ("CT-2030", "95% quản lý, giáo viên được bồi dưỡng vào năm 2030", 95, 2030, 2026),
]
DAYS = ("due_on", "started_on", "ended_on", "cut_off_on", "last_used_on")
LISTS = ("staff_groups", "sectors", "unit_kinds", "excluded_unit_kinds", "excluded_statuses")
PLAIN = ("title", "percent", "shows_strict")
FACTS = (*PLAIN, *DAYS, *LISTS)


class TargetError(Exception):
    """Says what to do instead."""


@transaction.atomic
def ensure_targets(course: Course) -> list[Target]:
    """Create the plan's targets that are missing; what an administrator changed stays as it is."""
    return [_ensure_target(course, *line) for line in PLAN]


def refusal_to_change(target: Target) -> str:
    """Why the target may not be changed, for whoever tries; empty when it may.

    A report that was sent keeps its own figures; but the next one would be measured otherwise under
    the same name.
    """
    if Report.objects.filter(target=target).exclude(state=ReportState.DRAFT).exists():
        return _(
            "Đã có báo cáo gửi theo chỉ tiêu này nên không đổi được nữa: hãy chép thành chỉ tiêu "
            "mới rồi thôi dùng chỉ tiêu này."
        )
    return ""


def add_target(draft: Target, *, reason: str, by: User, at: datetime) -> Target:
    """`draft` says its courses in `proposed_courses`."""
    with transaction.atomic():
        draft.save(force_insert=True)
        _set_courses(draft)
        _keep(draft, {}, reason, by, at)
        detail = {"target": draft.code, "reason": reason}
        record(AuditAction.TARGET_ADDED, actor=by, subject=draft, detail=detail)
    return draft


def change_target(draft: Target, *, reason: str, by: User, at: datetime) -> Target:
    """From what is stored to what the draft says. `TargetError` where that is refused, or where
    nothing would change."""
    with transaction.atomic():
        stored = Target.objects.select_for_update().get(pk=draft.pk)
        if refusal := refusal_to_change(stored):
            raise TargetError(refusal)
        before = definition_of(stored)
        changed = [name for name, value in definition_of(draft).items() if before[name] != value]
        if not changed:
            raise TargetError(_("Chưa thay đổi gì: hãy sửa ít nhất một mục."))
        draft.save()
        _set_courses(draft)
        _keep(draft, before, reason, by, at)
        detail = {"target": draft.code, "changed": changed, "reason": reason}
        record(AuditAction.TARGET_CHANGED, actor=by, subject=draft, detail=detail)
    return draft


def end_target(
    target: Target, last_day: date | None, *, reason: str, by: User, at: datetime
) -> None:
    """After the day it is offered no more, None takes that back. What it measures stays as it is,
    so a report that used it is none the worse."""
    with transaction.atomic():
        stored = Target.objects.select_for_update().get(pk=target.pk)
        before = definition_of(stored)
        if stored.last_used_on == last_day:
            raise TargetError(_("Chưa thay đổi gì: hãy chọn một ngày khác."))
        stored.last_used_on = last_day
        stored.save()
        _keep(stored, before, reason, by, at)
        until = {"until": last_day.isoformat()} if last_day else {}
        detail = {"target": stored.code, "reason": reason, **until}
        record(AuditAction.TARGET_ENDED, actor=by, subject=stored, detail=detail)


def definition_of(target: Target) -> dict[str, Any]:
    """All that decides its figures and how they are judged, ready for JSON; lists are sorted."""
    days = {name: getattr(target, name) for name in DAYS}
    return {
        **{name: getattr(target, name) for name in PLAIN},
        **{name: day.isoformat() if day else None for name, day in days.items()},
        **{name: sorted(getattr(target, name)) for name in LISTS},
        "courses": sorted(target.counted_courses.values_list("code", flat=True)),
    }


def _set_courses(draft: Target) -> None:
    if draft.proposed_courses is not None:
        draft.courses.set(draft.proposed_courses)
        draft.proposed_courses = None


def _keep(target: Target, before: dict[str, Any], reason: str, by: User, at: datetime) -> None:
    TargetChange.objects.create(
        target=target,
        before=before,
        after=definition_of(target),
        reason=reason,
        changed_by=by,
        changed_at=at,
    )


def _ensure_target(
    course: Course, code: str, title: str, percent: int, due_year: int, first_year: int
) -> Target:
    """Upper secondary schools belong to the city's department, not to the plan."""
    target, is_new = Target.objects.get_or_create(
        code=code,
        defaults={
            "title": title,
            "percent": percent,
            "due_on": date(due_year, 12, 31),
            "started_on": date(first_year, 1, 1),
            "staff_groups": [StaffGroup.MANAGER.value, StaffGroup.TEACHER.value],
            "sectors": [Sector.EDUCATION.value],
            "excluded_unit_kinds": [UnitKind.UPPER_SECONDARY.value],
        },
    )
    if is_new:
        target.courses.add(course)
    return target
