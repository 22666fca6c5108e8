"""Error pages that say what happened, what was kept and what to do, with an id to quote."""

from contextlib import suppress
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static

from lms.styles import base_css


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the sign-in: send it again from a fresh page."""
    return render(request, "lms/csrf_failure.html", status=HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own renders without the request, so without styles, contact and id."""
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session, nor the manifest of static files."""
    context = {
        "request_id": getattr(request, "request_id", ""),
        "SUPPORT_CONTACT": settings.SUPPORT_CONTACT,
        "stylesheets": _stylesheets(),
    }
    page = render_to_string("500.html", context)
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _stylesheets() -> list[str]:
    with suppress(Exception):  # whatever is wrong with them, the page is readable without
        return [static(name) for name in base_css()]
    return []
