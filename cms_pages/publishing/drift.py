"""Where the catalogue differs from what is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from activities.quiz.models import QuizQuestion, QuizVersion
from cms_pages.publishing.tree import (
    PublishedActivity,
    PublishedCourse,
    PublishedModule,
    PublishedTree,
)
from courses.models import Activity, ActivityRule, Course, Module


@dataclass(slots=True)
class Drift:
    """What has to be registered, ruled, put into a quiz or withdrawn. Empty when all is well."""

    courses: list[PublishedCourse] = field(default_factory=list)
    modules: list[PublishedModule] = field(default_factory=list)
    activities: list[PublishedActivity] = field(default_factory=list)
    rules: list[PublishedActivity] = field(default_factory=list)
    quizzes: list[PublishedActivity] = field(default_factory=list)
    gone_courses: list[Course] = field(default_factory=list)
    gone_modules: list[Module] = field(default_factory=list)
    gone_activities: list[Activity] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)

    def lines(self) -> list[str]:
        """One line for each difference, for the command."""
        reasons = {
            "courses": "khóa chưa khớp với trang",
            "modules": "chuyên đề chưa khớp với trang",
            "activities": "hoạt động chưa khớp với trang",
            "rules": "quy tắc hoàn thành khác với trang",
            "quizzes": "đề kiểm tra khác với trang",
            "gone_courses": "khóa không còn trang đang đăng",
            "gone_modules": "chuyên đề không còn trang đang đăng",
            "gone_activities": "hoạt động không còn trang đang đăng",
        }
        return [
            f"{each.code}: {reason}"
            for name, reason in reasons.items()
            for each in getattr(self, name)
        ]


def find_drift(tree: PublishedTree) -> Drift:
    """7 queries, whatever the size of the catalogue."""
    drift = Drift()
    courses = {each.key: each for each in Course.objects.all()}
    modules = {each.key: each for each in Module.objects.select_related("course")}
    activities = {
        each.page_key: each
        for each in Activity.objects.filter(block_key="").select_related("module")
    }
    drift.courses = [each for each in tree.courses if _differs(each, courses.get(each.key))]
    drift.modules = [each for each in tree.modules if _differs(each, modules.get(each.key))]
    drift.activities = [
        each for each in tree.activities if _differs(each, activities.get(each.key))
    ]
    rules, quizzes = _rules(), _quizzes()
    for each in tree.activities:
        row = activities.get(each.key)
        if row is None or rules.get(row.pk) != _wanted_rule(each):
            drift.rules.append(each)
        if each.questions and (row is None or quizzes.get(row.pk) != _wanted_quiz(each)):
            drift.quizzes.append(each)
    drift.gone_courses = _gone(courses, tree.courses, tree.waiting_keys)
    drift.gone_modules = _gone(modules, tree.modules, tree.waiting_keys)
    drift.gone_activities = _gone(activities, tree.activities, tree.waiting_keys)
    return drift


def _differs(
    wanted: PublishedCourse | PublishedModule | PublishedActivity,
    row: Course | Module | Activity | None,
) -> bool:
    if row is None or not row.is_published:
        return True
    names = {"code", "title", "position", "periods", "kind", "minutes", "validity_months"}
    shared = [name for name in names if hasattr(wanted, name) and hasattr(row, name)]
    if any(getattr(wanted, name) != getattr(row, name) for name in shared):
        return True
    if isinstance(row, Module):
        return row.course.key != wanted.course_key  # type: ignore[union-attr]
    return isinstance(row, Activity) and row.module.key != wanted.module_key  # type: ignore[union-attr]


def _gone(rows: dict[UUID, Any], wanted: Iterable[Any], waiting: set[UUID]) -> list[Any]:
    kept = {each.key for each in wanted} | waiting
    return [row for key, row in rows.items() if row.is_published and key not in kept]


Rule = tuple[UUID, str, int | None, bool]


def _wanted_rule(wanted: PublishedActivity) -> Rule:
    return wanted.module_key, str(wanted.rule_kind), wanted.pass_mark_tenths, True


def _rules() -> dict[int, Rule]:
    """The latest rule of each activity."""
    rows = ActivityRule.objects.order_by("effective_at", "pk").select_related("module")
    return {
        row.activity_id: (row.module.key, row.kind, row.pass_mark_tenths, row.is_required)
        for row in rows
    }


Quiz = tuple[int, int | None, tuple[str, ...]]


def _wanted_quiz(wanted: PublishedActivity) -> Quiz:
    return wanted.pass_mark_tenths or 0, wanted.attempt_limit, wanted.questions


def _quizzes() -> dict[int, Quiz]:
    """The latest version of each quiz."""
    latest = {row.activity_id: row for row in QuizVersion.objects.order_by("number")}
    codes: dict[int, list[str]] = {}
    asked = QuizQuestion.objects.filter(quiz_version__in=[row.pk for row in latest.values()])
    for version, code in asked.order_by("position").values_list("quiz_version", "question__code"):
        codes.setdefault(version, []).append(code)
    return {
        activity: (row.pass_mark_tenths, row.attempt_limit, tuple(codes.get(row.pk, [])))
        for activity, row in latest.items()
    }
