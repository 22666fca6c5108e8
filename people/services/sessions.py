"""Beginning a session in one step or two, and ending all of somebody's.

Between the steps nobody is signed in: the session says only whose password was right, when, and
which password it was. A session that has passed the second step names the app that it passed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from people.audit import AuditAction, record
from people.backends import IdentifierBackend
from people.models import User
from people.queries.second_factor import app_of
from people.services.second_factor import subject_of

BACKEND = "people.backends.IdentifierBackend"
PENDING = "second_step"
PASSED = "second_factor"
PENDING_FOR = timedelta(minutes=5)


def sign_in(request: HttpRequest, account: User, *, at: datetime) -> bool:
    """For whoever has just shown the password. False: the second step remains, and nobody is
    signed in. Every way in ends here."""
    request.session.pop(PENDING, None)
    if app_of(account) is None:
        login(request, account, backend=BACKEND)
        return True
    if request.user.is_authenticated:  # somebody else, on the same phone
        logout(request)
    request.session.cycle_key()
    request.session[PENDING] = [account.pk, at.isoformat(), account.get_session_auth_hash()]
    return False


def account_at_second_step(request: HttpRequest, *, at: datetime) -> User | None:
    """Whose code is asked for: who is on her way in, or whose session never took the step."""
    if request.user.is_authenticated:
        account = request.user
        return None if has_passed_second_step(request) else account
    kept: list[Any] | None = request.session.get(PENDING)
    if kept is None or datetime.fromisoformat(kept[1]) + PENDING_FOR < at:
        return None
    waiting = IdentifierBackend().get_user(kept[0])
    if waiting is None or not constant_time_compare(kept[2], waiting.get_session_auth_hash()):
        return None
    return waiting


def pass_second_step(request: HttpRequest, account: User) -> None:
    """Signed in, with a new session key; for whoever has just shown a code."""
    app = app_of(account)
    if not request.user.is_authenticated:
        login(request, account, backend=BACKEND)
    else:
        request.session.cycle_key()
        rotate_token(request)
    request.session.pop(PENDING, None)
    request.session[PASSED] = app.pk if app else None


def has_passed_second_step(request: HttpRequest) -> bool:
    """Whether this signed-in session need not be asked for a code.

    No query of its own: the backend reads the app's key together with the account.
    """
    key = _app_key(request)
    return key is None or request.session.get(PASSED) == key


def has_app(request: HttpRequest) -> bool:
    """Whether the signed-in account signs in in two steps."""
    return _app_key(request) is not None


def _app_key(request: HttpRequest) -> int | None:
    if hasattr(request.user, "app_key"):
        return cast("int | None", request.user.app_key)
    app = app_of(cast(User, request.user))  # she signed in during this very request
    return app.pk if app else None


def sign_out_elsewhere(request: HttpRequest, account: User, *, at: datetime) -> None:
    """Ends every session of the account but this one."""
    end_sessions(account, at=at)
    update_session_auth_hash(request, account)
    record(AuditAction.SIGNED_OUT_ELSEWHERE, actor=account, subject=subject_of(account))


def end_sessions(account: User, *, at: datetime) -> None:
    """On the next request of each, wherever sessions are kept: they no longer fit the account."""
    account.signed_out_at = at
    account.save(update_fields=["signed_out_at"])
