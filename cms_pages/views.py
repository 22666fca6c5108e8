"""Serving pages. Wagtail walks down the tree, two queries a level; lessons are found at once.

There is one tree of pages, the Vietnamese one, whatever the interface speaks (docs/adr/0013).
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from wagtail import views as wagtail_views
from wagtail.models import Page, Site

from cms_pages.models import LessonPage


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """As Wagtail's own view; only the way to a lesson is shorter.

    A lesson skips Wagtail's hook for private pages, which costs two queries: ours can't be made
    private, and `LessonPage.serve` decides who may read.
    """
    lesson = _lesson_at(path)
    if lesson:
        return lesson.serve(request)
    with translation.override(settings.LANGUAGE_CODE):  # else an English home page led the way
        Page.route_for_request(request, path)  # remembered on the request
    return wagtail_views.serve(request, path)


def _lesson_at(path: str) -> LessonPage | None:
    """None also where there are several sites: then only Wagtail can tell which one is meant."""
    roots = Site.get_site_root_paths()
    if len({root.site_id for root in roots}) != 1:
        return None
    by_language = {root.language_code: root.root_path for root in roots}
    root_path = by_language.get(settings.LANGUAGE_CODE)
    if root_path is None:
        return None
    return LessonPage.objects.live().filter(url_path=f"{root_path}{path}").first()
