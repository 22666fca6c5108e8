"""What lessons and quizzes share: their place in a module, and that they ask for signing in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from wagtail.models import Page

from cms_pages.models.base import CodedPage
from cms_pages.models.module import ModulePage
from cms_pages.showing import page_path, reader_of, standing_of, steps_of


class StepPage(CodedPage):
    """Something to do in a module."""

    parent_page_types = ["cms_pages.ModulePage"]
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    @cached_property
    def module_page(self) -> ModulePage | None:
        """None only in the preview of a page that has no place yet."""
        parent = self.path[: -Page.steplen] if self.path else None
        return ModulePage.objects.filter(path=parent).first()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        response = super().serve(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        steps = steps_of(self.module_page) if self.module_page else []
        position = next(
            (
                place
                for place, step in enumerate(steps)
                if step.activity.page_key == self.translation_key
            ),
            None,
        )
        standing = standing_of(reader_of(request), steps, at=timezone.now())
        module_path = page_path(self.module_page) if self.module_page else ""
        return super().get_context(request, *args, **kwargs) | {
            "module_page": self.module_page,
            "module_url": module_path,
            "course_url": module_path.rstrip("/").rpartition("/")[0] + "/",
            "course_title": steps[0].activity.module.course.title if steps else "",
            "steps": steps,
            "standing": standing,
            "activity": steps[position].activity if position is not None else None,
            "done_at": standing.done_at(steps[position]) if position is not None else None,
            "position": position + 1 if position is not None else None,
            "next_step": _after(steps, position),
            "is_preview": getattr(request, "is_preview", False),
        }


def _after(steps: list[Any], position: int | None) -> Any:
    if position is None or position + 1 >= len(steps):
        return None
    return steps[position + 1]
