"""What holds for every request and response."""

from collections.abc import Callable

from csp.constants import SELF
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from people.grants import grants_of
from people.models import Language
from people.queries.second_factor import must_have_second_factor
from people.services.sessions import has_app, has_passed_second_step
from people.views.access import with_next

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


class AskSecondStep:
    """A net under every way in: no session of somebody who signs in in two steps is let through
    before the second, whatever door it came by or however old it is.

    Where the second step is required, whoever has none yet sets it up before she sees any page.
    Stands outside `ViewAs`: it is the administrator who signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._detour(request) or self.get_response(request)

    def _detour(self, request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated or request.path_info in map(reverse, WAYS_OUT):
            return None
        if not has_passed_second_step(request):
            return _led_to("people:second-step", request, status=401)
        if request.path_info == reverse("people:second-factor-set-up") or has_app(request):
            return None
        if must_have_second_factor(grants_of(request)):
            return _led_to("people:second-factor-set-up", request, status=403)
        return None


WAYS_OUT = ("people:second-step", "people:logout", "people:language", "wagtailadmin_logout")


def _led_to(name: str, request: HttpRequest, *, status: int) -> HttpResponse:
    """A page is led on and comes back; what a script asked for is refused."""
    accepted = request.headers.get("Accept", "")
    if accepted and "text/html" not in accepted:
        return JsonResponse({"error": name.partition(":")[2]}, status=status)
    target = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return redirect(with_next(name, target))


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
