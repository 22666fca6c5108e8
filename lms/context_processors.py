"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest

from people.models import Scope

BASE_CSS = [
    f"lms/css/{name}.css"
    for name in ("tokens", "fonts", "base", "layout", "components", "forms", "print")
]


def site(request: HttpRequest) -> dict[str, object]:
    """`SITE_NAME`, `SUPPORT_CONTACT` (may be empty), `BASE_CSS`; lazy `is_manager`, `is_author`."""
    return {
        "SITE_NAME": settings.WAGTAIL_SITE_NAME,
        "SUPPORT_CONTACT": settings.SUPPORT_CONTACT,
        "BASE_CSS": BASE_CSS,
        "is_manager": lambda: _is_manager(request),
        "is_author": lambda: _is_author(request),
    }


def _is_manager(request: HttpRequest) -> bool:
    """Whether the navigation offers the manager's pages; they check scopes for themselves."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return user.is_superuser or Scope.objects.granted_to(user).exists()


def _is_author(request: HttpRequest) -> bool:
    """Whether the navigation offers the editor, by one query: learners are in no group.

    The editor checks permissions for itself.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return user.is_superuser or user.groups.exists()
