"""What these views begin with: who asks, what she manages, where she was going."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from people.addresses import local_address
from people.models import Scope, User

View = Callable[..., HttpResponse]


def manager_required(view: View) -> View:
    """Only for accounts that may act for people; what they may act on, the querysets say."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        viewer = viewer_of(request)
        scopes = Scope.objects.granted_to(viewer).managing_people()
        if not (viewer.is_superuser or scopes.exists()):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def viewer_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def next_page(request: HttpRequest) -> str:
    """Where the visitor was going before she had to sign in, if that is here; else empty."""
    return local_address(request, request.POST.get("next") or request.GET.get("next") or "")
