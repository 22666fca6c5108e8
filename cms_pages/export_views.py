"""A trainer takes a course along: what the files hold, what they can't, and the files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cms_pages.exporting import Exported, ExportRefusedError, export_course
from cms_pages.models import CoursePage
from people.audit import AuditAction, record
from people.models import User


def can_export(user: User, page: CoursePage) -> bool:
    """Whoever may publish the course: the files hold the answers of its quizzes."""
    return page.live and page.permissions_for_user(user).can_publish()


@require_GET
def export_preview(request: HttpRequest, page_pk: int) -> HttpResponse:
    page = _course_page(request, page_pk)
    context: dict[str, object] = {"page": page}
    try:
        context["exported"] = _exported(page)
    except ExportRefusedError as error:
        context["faults"] = error.faults
    return render(request, "cms_pages/admin/export.html", context)


@require_GET
def export_file(request: HttpRequest, page_pk: int) -> HttpResponse:
    """The files; who took the answers with them is logged."""
    page = _course_page(request, page_pk)
    try:
        archive = _exported(page).archive()
    except ExportRefusedError as error:
        context = {"page": page, "faults": error.faults}
        return render(request, "cms_pages/admin/export.html", context, status=409)
    detail = {"course": page.code, "kind": "zip"}
    record(AuditAction.EXPORT, actor=request.user, subject=page, detail=detail)
    name = f"{page.code.lower()}-{timezone.localdate():%Y-%m-%d}.zip"
    return HttpResponse(
        archive,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _course_page(request: HttpRequest, page_pk: int) -> CoursePage:
    page = get_object_or_404(CoursePage, pk=page_pk, alias_of=None)
    user = request.user
    if not user.is_authenticated or not can_export(user, page):
        raise Http404
    return page


def _exported(page: CoursePage) -> Exported:
    return export_course(page, on=timezone.localdate())
