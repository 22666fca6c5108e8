"""The entrance and the list of courses: public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms_pages.models.base import LearningPage
from cms_pages.models.course import CoursePage
from cms_pages.models.module import ModulePage
from cms_pages.richtext import TEXT


class HomePage(LearningPage):
    intro = RichTextField(_("lời giới thiệu"), features=TEXT, blank=True)

    template = "cms_pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms_pages.CourseIndexPage"]
    content_panels = [*LearningPage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("trang chủ")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        index = self.get_children().live().type(CourseIndexPage).first()
        courses = outlines(index) if index else []
        return super().get_context(request, *args, **kwargs) | {"courses": courses}


class CourseIndexPage(LearningPage):
    intro = RichTextField(_("lời giới thiệu"), features=TEXT, blank=True)

    template = "cms_pages/course_index_page.html"
    parent_page_types = ["cms_pages.HomePage"]
    subpage_types = ["cms_pages.CoursePage"]
    max_count_per_parent = 1
    content_panels = [*LearningPage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("danh mục khóa bồi dưỡng")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"courses": outlines(self)}


@dataclass(frozen=True, slots=True)
class CourseOutline:
    """A published course and its published modules in order."""

    page: CoursePage
    modules: list[ModulePage]

    @property
    def periods(self) -> int:
        """Of 45 minutes."""
        return sum(module.periods for module in self.modules)


def outlines(index: Page) -> list[CourseOutline]:
    """The courses below `index` (2 queries)."""
    courses = list(CoursePage.objects.child_of(index).live().order_by("path"))
    modules = list(ModulePage.objects.descendant_of(index).live().order_by("path"))
    return [
        CourseOutline(course, [each for each in modules if each.is_child_of(course)])
        for course in courses
    ]
