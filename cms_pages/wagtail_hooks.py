"""What our pages add to Wagtail's admin.

Scheduled publishing and approvals in a workflow pass no such hook: they are not asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms_pages.admin_home import CoursesPanel
from cms_pages.admin_views import ANSWERED, ask_again, ask_to_publish, publish_revision
from cms_pages.consequences import Consequence, of_moving, of_publishing, of_removing
from cms_pages.export_views import can_export, export_file, export_preview
from cms_pages.models import CoursePage
from people.models import User


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    return [
        path(
            "publish/<int:page_pk>/<int:revision_pk>/", publish_revision, name="cms_pages_publish"
        ),
        path("export/<int:page_pk>/", export_preview, name="cms_pages_export"),
        path("export/<int:page_pk>/file/", export_file, name="cms_pages_export_file"),
    ]


@hooks.register("insert_global_admin_css")
def wear_the_house_colours() -> str:
    sheets = [(static(f"lms/css/{name}.css"),) for name in ("fonts", "admin")]
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("construct_homepage_panels")
def show_the_courses(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(CoursesPanel())


@hooks.register("construct_homepage_summary_items", order=1000)
def leave_the_counts_out(request: HttpRequest, items: list[SummaryItem]) -> None:
    """How many pages and files there are says nothing to do; the courses below do."""
    items.clear()


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def offer_export(page: Page, user: User, **_context: Any) -> Iterator[Button]:
    if isinstance(page, CoursePage) and can_export(user, page):
        url = reverse("cms_pages_export", args=[page.pk])
        yield Button(_("Xuất ra tệp"), url, icon_name="download", priority=80)


@hooks.register("before_publish_page")
def ask_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is saved by now; a page just created is live by now, and made a draft again."""
    if page.live_revision_id is not None:
        return None  # already part of the course
    consequence = of_publishing([page])
    if not consequence.touches_people:
        return None
    Page.objects.filter(pk=page.pk, live_revision=None).update(
        live=False, has_unpublished_changes=True
    )
    return ask_to_publish(request, page, consequence)


@hooks.register("before_unpublish_page")
def ask_before_unpublishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _ask(request, "unpublish", [page], of_removing([page]))


@hooks.register("before_delete_page")
def ask_before_deleting(request: HttpRequest, page: Page) -> HttpResponse | None:
    if request.method != "POST":
        return None
    return _ask(request, "delete", [page], of_removing([page]))


@hooks.register("before_move_page")
def ask_before_moving(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    if request.method != "POST":
        return None
    return _ask(request, "move", [page], of_moving([page], destination))


@hooks.register("before_bulk_action")
def ask_before_many(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    pages = [each for each in objects if isinstance(each, Page)]
    if not pages:
        return None
    consequence = _of_many(action_type, pages, action)
    return _ask(request, action_type, pages, consequence) if consequence else None


def _of_many(action_type: str, pages: list[Page], action: Any) -> Consequence | None:
    options = action.cleaned_form.cleaned_data
    if action_type == "publish":
        return of_publishing(pages, with_descendants=options.get("include_descendants", False))
    if action_type in ("unpublish", "delete"):
        return of_removing(pages)
    if action_type == "move" and options.get("chooser"):
        return of_moving(pages, options["chooser"])
    return None


def _ask(
    request: HttpRequest, act: str, pages: list[Page], consequence: Consequence
) -> HttpResponse | None:
    if request.POST.get(ANSWERED) or not consequence.touches_people:
        return None
    return ask_again(request, act, pages, consequence)
