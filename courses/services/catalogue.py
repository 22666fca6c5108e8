"""Registering what is published. Called by whatever publishes; knows nothing of pages.

Descriptions are overwritten; rules and requirements get another row when they differ from the one
in force. After a change of rules the caller has the runs decided anew (`decide_runs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses.models import Activity, ActivityRule, Course, CourseRun, Module, ModuleRequirement

Clauses = Sequence[dict[str, list[str]]]


class CodeTakenError(Exception):
    """Another course or module already has the code; the message says what to do."""


def register_course(
    key: UUID,
    *,
    code: str,
    title: str,
    validity_months: int | None = None,
    is_published: bool = True,
) -> Course:
    """The course with this key, made or brought up to date."""
    _refuse_taken(Course, key, code)
    course, _is_new = Course.objects.update_or_create(
        key=key,
        defaults={
            "code": code,
            "title": title,
            "validity_months": validity_months,
            "is_published": is_published,
        },
    )
    return course


def register_module(
    key: UUID,
    *,
    course: Course,
    code: str,
    title: str,
    position: int,
    periods: int,
    is_published: bool = True,
) -> Module:
    _refuse_taken(Module, key, code)
    module, _is_new = Module.objects.update_or_create(
        key=key,
        defaults={
            "course": course,
            "code": code,
            "title": title,
            "position": position,
            "periods": periods,
            "is_published": is_published,
        },
    )
    return module


def register_activity(
    page_key: UUID,
    *,
    block_key: str = "",
    module: Module,
    kind: str,
    code: str,
    title: str,
    position: int,
    minutes: int = 0,
    is_published: bool = True,
) -> Activity:
    activity, _is_new = Activity.objects.update_or_create(
        page_key=page_key,
        block_key=block_key,
        defaults={
            "module": module,
            "kind": kind,
            "code": code,
            "title": title,
            "position": position,
            "minutes": minutes,
            "is_published": is_published,
        },
    )
    return activity


def set_activity_rule(
    activity: Activity,
    *,
    kind: str,
    effective_at: datetime,
    pass_mark_tenths: int | None = None,
    is_required: bool = True,
    accepts_reported: bool = False,
) -> ActivityRule | None:
    """Add a rule from that instant on; None when the rule in force already says the same."""
    wanted: dict[str, Any] = {
        "module_id": activity.module_id,
        "kind": kind,
        "pass_mark_tenths": pass_mark_tenths,
        "is_required": is_required,
        "accepts_reported": accepts_reported,
    }
    current = activity.rules.order_by("effective_at", "pk").last()
    if current and all(getattr(current, name) == value for name, value in wanted.items()):
        return None
    return ActivityRule.objects.create(activity=activity, effective_at=effective_at, **wanted)


def withdraw_activity(activity: Activity, *, effective_at: datetime) -> ActivityRule | None:
    """From that instant on nobody needs the activity; whatever was done stays done."""
    Activity.objects.filter(pk=activity.pk).update(is_published=False)
    current = activity.rules.order_by("effective_at", "pk").last()
    if current is None or not current.is_required:
        return None
    return set_activity_rule(
        activity,
        kind=current.kind,
        effective_at=effective_at,
        pass_mark_tenths=current.pass_mark_tenths,
        is_required=False,
        accepts_reported=current.accepts_reported,
    )


def set_requirement(
    module: Module, *, clauses: Clauses, started_on: date, reason: str = ""
) -> ModuleRequirement | None:
    """Require the module of other people from that day on; None when nothing changes."""
    current = (
        module.requirements.filter(started_on__lte=started_on).order_by("started_on", "pk").last()
    )
    if current and current.clauses == list(clauses):
        return None
    return ModuleRequirement.objects.create(
        module=module, started_on=started_on, clauses=list(clauses), reason=reason
    )


def runs_with(modules: Sequence[Module]) -> list[CourseRun]:
    """Runs whose terms, now or ever, name one of the modules."""
    return list(CourseRun.objects.filter(terms__modules__in=modules).distinct())


def _refuse_taken(model: type[Course] | type[Module], key: UUID, code: str) -> None:
    if model._default_manager.filter(code=code).exclude(key=key).exists():
        raise CodeTakenError(
            _("Mã %(code)s đã được dùng cho trang khác: hãy đặt mã mới trước khi xuất bản.")
            % {"code": code}
        )
