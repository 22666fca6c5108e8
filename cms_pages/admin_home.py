"""The front page of the trainers' admin: the courses as they stand, and what waits for somebody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from activities.quiz.models import Question
from cms_pages.models import LessonPage, ModulePage, WaitingQuestion
from courses.models import Course


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A module as a trainer asks about it: what is live, what is being changed, what waits."""

    page: ModulePage
    lessons: int
    drafts: int
    questions: int
    waiting: int
    reviewed_on: date | None


class CoursesPanel(Component):
    """Each module with its lessons, drafts and questions, and since when it was not reviewed."""

    name = "courses"
    order = 150
    template_name = "cms_pages/admin/home_courses.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"states": module_states()}


def module_states() -> list[ModuleState]:
    """Every live module of a course that is in the catalogue (5 queries)."""
    known = Course.objects.values("key")
    courses = Page.objects.filter(translation_key__in=known, alias_of=None).values_list("path")
    modules = [
        module
        for module in ModulePage.objects.filter(live=True, alias_of=None).order_by("path")
        if (module.path[: -Page.steplen],) in set(courses)
    ]
    lessons = LessonPage.objects.filter(alias_of=None).values_list(
        "path", "live", "has_unpublished_changes", "reviewed_on"
    )
    below: dict[str, list[Any]] = {module.path: [] for module in modules}
    for path, *lesson in lessons:
        below.get(path[: -Page.steplen], []).append(lesson)
    questions = Counter(
        dict(
            Question.objects.filter(versions__isnull=False)
            .values_list("bank")
            .annotate(number=Count("pk", distinct=True))
        )
    )
    waiting = Counter(WaitingQuestion.objects.values_list("bank", flat=True))
    return [
        ModuleState(
            page=module,
            lessons=sum(live for live, _, _ in below[module.path]),
            drafts=sum(draft or not live for live, draft, _ in below[module.path]),
            questions=questions[module.code],
            waiting=waiting[module.code],
            reviewed_on=min((day for _, _, day in below[module.path] if day), default=None),
        )
        for module in modules
    ]
