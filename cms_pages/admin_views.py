"""Asking before an act that touches learners, and publishing after the answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page

from cms_pages.consequences import Consequence

ANSWERED = "people_touched_seen"  # in the form that is sent again after the question

VERBS = {
    "publish": gettext_lazy("Xuất bản"),
    "unpublish": gettext_lazy("Gỡ xuống"),
    "delete": gettext_lazy("Xóa"),
    "move": gettext_lazy("Di chuyển"),
}


def ask_again(
    request: HttpRequest, act: str, pages: list[Page], consequence: Consequence
) -> HttpResponse:
    """A question whose "yes" sends the same form again, marked as answered."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    return _ask(
        request,
        act,
        pages,
        consequence,
        action=request.get_full_path(),
        fields=[*fields, (ANSWERED, "1")],
        cancel=reverse("wagtailadmin_explore", args=[pages[0].get_parent().pk]),
    )


def ask_to_publish(request: HttpRequest, page: Page, consequence: Consequence) -> HttpResponse:
    """The draft is saved already; "yes" publishes just that revision, "no" goes back to it."""
    return _ask(
        request,
        "publish",
        [page],
        consequence,
        action=reverse("cms_pages_publish", args=[page.pk, page.latest_revision_id]),
        fields=[],
        cancel=reverse("wagtailadmin_pages:edit", args=[page.pk]),
    )


@require_POST
def publish_revision(request: HttpRequest, page_pk: int, revision_pk: int) -> HttpResponse:
    """Publish what was asked about, if nobody has saved another draft meanwhile."""
    page = get_object_or_404(Page, pk=page_pk)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    revision = get_object_or_404(page.revisions, pk=revision_pk)
    if page.latest_revision_id != revision.pk:
        messages.error(
            request, _("Trang vừa được sửa tiếp; bản mới vẫn được giữ. Hãy xem lại rồi xuất bản.")
        )
        return redirect("wagtailadmin_pages:edit", page.pk)
    PublishPageRevisionAction(revision, user=request.user).execute(skip_permission_checks=True)
    messages.success(request, _("Đã xuất bản “%(title)s”.") % {"title": revision.object_str})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def _ask(
    request: HttpRequest, act: str, pages: list[Page], consequence: Consequence, **form: Any
) -> HttpResponse:
    return render(
        request,
        "cms_pages/admin/confirm.html",
        {"verb": VERBS[act], "act": act, "pages": pages, "consequence": consequence, **form},
    )
