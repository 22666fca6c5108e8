"""What these views begin with: who asks, what she manages, where she was going."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from people.addresses import local_address
from people.grants import grants_of
from people.models import Scope, ScopeRole, User

View = Callable[..., HttpResponseBase]


def manager_required(view: View) -> View:
    """Only for accounts that may act for people; what they may act on, the querysets say."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        viewer = viewer_of(request)
        scopes = Scope.objects.granted_to(viewer).managing_people()
        if not (viewer.is_superuser or scopes.exists()):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def people_seen_required(view: View) -> View:
    """Only for accounts that may read about people; whom they see, the querysets say."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        grants = grants_of(request)
        if not (grants.is_unlimited or grants.roles - {ScopeRole.AGGREGATE_VIEWER}):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def viewer_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def landing_page(viewer: User) -> str:
    """Where signing in leads: whoever has nothing to learn here goes to what she manages."""
    manages = viewer.is_superuser or Scope.objects.granted_to(viewer).exists()
    return "/manage/" if viewer.person_id is None and manages else settings.LOGIN_REDIRECT_URL


def with_next(name: str, target: str) -> str:
    """The address of a step on the way to the target."""
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")


def next_page(request: HttpRequest) -> str:
    """Where the visitor was going before she had to sign in, if that is here; else empty."""
    return local_address(request, request.POST.get("next") or request.GET.get("next") or "")
