"""Liveness, readiness, support, the one door for signing in, the way from a record to its page."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.static import serve
from django_tasks_db.models import DBTaskResult
from wagtail.models import Locale, Page

_is_migrated = False
STUCK_AFTER = timedelta(minutes=5)  # a task waiting longer says that no worker takes any


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests can be served: 200, or 503 naming what is not ready."""
    checks = {
        "database": _database_answers,
        "migrations": _migrations_are_applied,
        "storage": _storage_is_writable,
        "worker": _worker_takes_tasks,
    }
    results = {name: _holds(check) for name, check in checks.items()}
    return JsonResponse(results, status=200 if all(results.values()) else 503)


def favicon(request: HttpRequest) -> HttpResponse:
    """For whatever asks without having read a page: PDF viewers, old browsers."""
    return redirect(static("lms/icons/favicon.svg"))


def support(request: HttpRequest) -> HttpResponse:
    """Whom to ask for what, and what to quote."""
    return render(request, "lms/support.html")


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in pages take a password alone: everyone comes in by our own."""
    target = request.GET.get("next") or "/admin/"
    if request.user.is_authenticated:
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return redirect("wagtailadmin_home")
    return redirect_to_login(target)


def learn(request: HttpRequest, key: UUID) -> HttpResponse:
    """From a catalogue key to the live page: Vietnamese, whatever the interface speaks."""
    page = (
        Page.objects.live()
        .filter(translation_key=key, locale=Locale.get_default(), alias_of__isnull=True)
        .first()
    )
    if page is None or page.get_url(request) is None:
        raise Http404
    return redirect(page.get_url(request))


def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture of a page, from the media folder; documents have a view of their own that asks.

    Names carry Wagtail's hash of how the picture was cut, so a browser may keep it.
    """
    try:
        response = serve(request, path, document_root=Path(settings.MEDIA_ROOT) / "images")
    except OSError as error:  # a name longer than any file's
        raise Http404 from error
    response.headers["Cache-Control"] = "public, max-age=2592000, immutable"  # 30 days
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _holds(check: object) -> bool:
    try:
        return bool(check())  # type: ignore[operator]
    except Exception:  # whatever it is, the answer is "not ready"
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations_are_applied() -> bool:
    """Asked until it holds: what is applied stays applied while this process lives."""
    global _is_migrated
    if not _is_migrated:
        executor = MigrationExecutor(connection)
        _is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _is_migrated


def _storage_is_writable() -> bool:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".readyz"
    probe.write_bytes(b"ok")
    probe.unlink()
    return True


def _worker_takes_tasks() -> bool:
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - STUCK_AFTER)
    return not waiting.exists()
