"""Two content security policies: strict for our pages, Wagtail's own needs for its admin."""

from collections.abc import Callable

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse

ADMIN_POLICY = {
    # Wagtail's date chooser and Draftail write inline scripts and styles. No nonce may stand
    # beside 'unsafe-inline': browsers would then ignore it.
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}


class AdminContentSecurityPolicy:
    """Relaxes the policy of `/admin/` alone. Stands just inside django-csp's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = ADMIN_POLICY  # type: ignore[attr-defined]
        return response
