"""Writing into the catalogue what differs from what is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from wagtail.models import Locale

from activities.quiz.services.quizzes import save_quiz
from cms_pages.publishing.drift import Drift, find_drift
from cms_pages.publishing.tree import PublishedActivity, published_tree
from courses.models import Activity, Course, Module
from courses.services.catalogue import (
    register_activity,
    register_course,
    register_module,
    runs_with,
    set_activity_rule,
    withdraw_activity,
)
from courses.tasks import decide_runs_task


def sync_catalogue(*, at: datetime, new_modules_from: datetime | None = None) -> Drift:
    """Register what is published and withdraw what is not; returns what differed.

    All rules of one call begin at one instant: a module taken down lesson by lesson must not, for
    a moment, consist of the one lesson somebody has read. Rules of modules that are new begin at
    `new_modules_from` if given. Their runs are decided anew, later, if a rule changed.
    """
    with transaction.atomic():
        # One at a time: two of them would both find the same rule missing.
        Locale.objects.select_for_update().get(pk=Locale.get_default().pk)
        known = set(Module.objects.values_list("key", flat=True))
        drift = find_drift(published_tree())
        _register(drift)
        changed = _set_rules(drift.rules, known, at=at, new_modules_from=new_modules_from)
        changed |= _withdraw(drift, at=at)
        _save_quizzes(drift.quizzes, at=at)
        decide_later(changed)
    return drift


def decide_later(modules: Iterable[int]) -> None:
    """The worker decides the runs with these modules once the transaction is over.

    The task is a row of this transaction: a process killed right after it loses nothing.
    """
    runs = [run.pk for run in runs_with(list(Module.objects.filter(pk__in=list(modules))))]
    if runs:
        decide_runs_task.enqueue(runs)


def _register(drift: Drift) -> None:
    for course in drift.courses:
        register_course(
            course.key,
            code=course.code,
            title=course.title,
            validity_months=course.validity_months,
        )
    courses = {each.key: each for each in Course.objects.all()}
    for module in drift.modules:
        register_module(
            module.key,
            course=courses[module.course_key],
            code=module.code,
            title=module.title,
            position=module.position,
            periods=module.periods,
        )
    modules = {each.key: each for each in Module.objects.all()}
    for activity in drift.activities:
        register_activity(
            activity.key,
            module=modules[activity.module_key],
            kind=activity.kind,
            code=activity.code,
            title=activity.title,
            position=activity.position,
            minutes=activity.minutes,
        )


def _set_rules(
    wanted: list[PublishedActivity],
    known_modules: set[UUID],
    *,
    at: datetime,
    new_modules_from: datetime | None,
) -> set[int]:
    """Keys of the modules that gained a rule, or lost an activity to another."""
    changed: set[int] = set()
    rows = _activities(wanted)
    for each in wanted:
        activity = rows[each.key]
        is_new = each.module_key not in known_modules
        before = activity.rules.order_by("effective_at", "pk").last()
        rule = set_activity_rule(
            activity,
            kind=each.rule_kind,
            pass_mark_tenths=each.pass_mark_tenths,
            effective_at=new_modules_from if is_new and new_modules_from else at,
        )
        if rule is not None:
            changed |= {rule.module_id} | ({before.module_id} if before else set())
    return changed


def _withdraw(drift: Drift, *, at: datetime) -> set[int]:
    """Keys of the modules that lost an activity."""
    for model, gone in ((Course, drift.gone_courses), (Module, drift.gone_modules)):
        model._default_manager.filter(pk__in=[row.pk for row in gone]).update(is_published=False)
    rules = [withdraw_activity(row, effective_at=at) for row in drift.gone_activities]
    return {rule.module_id for rule in rules if rule is not None}


def _save_quizzes(wanted: list[PublishedActivity], *, at: datetime) -> None:
    rows = _activities(wanted)
    for each in wanted:
        save_quiz(
            rows[each.key],
            question_codes=each.questions,
            pass_mark_tenths=each.pass_mark_tenths or 0,
            attempt_limit=each.attempt_limit,
            at=at,
        )


def _activities(wanted: list[PublishedActivity]) -> dict[UUID, Activity]:
    rows = Activity.objects.filter(block_key="", page_key__in=[each.key for each in wanted])
    return {row.page_key: row for row in rows}
