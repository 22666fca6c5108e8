"""What holds for every request and response."""

from collections.abc import Callable

from csp.constants import SELF
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from people.models import Language

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


class KeepPersonalPagesPrivate:
    """What a signed-in person saw is not kept: neither by a proxy nor by the phone she shares."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response.headers and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        return response


class SpeakChosenLanguage:
    """What the person chose, else what this browser's cookie says, else Vietnamese.

    Never what the browser asks for: many phones here are set to English (docs/adr/0013).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _chosen_language(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


def _chosen_language(request: HttpRequest) -> str:
    choices = [
        getattr(request.user, "language", ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
    ]
    return next((each for each in choices if each in Language.values), settings.LANGUAGE_CODE)


class RefuseNul:
    """No address of ours has a NUL in it, and PostgreSQL takes none in a text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        return self.get_response(request)
