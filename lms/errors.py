"""Error pages that say what happened, what was kept and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the sign-in: send it again from a fresh page."""
    return render(request, "lms/csrf_failure.html", status=403)
