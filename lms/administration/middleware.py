"""Viewing as someone else, and the log of refusals, for every request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.administration.read_only import ViewOnlyError, reading_only
from lms.administration.viewing import (
    KEY,
    Ending,
    Viewing,
    end_viewing,
    log_end,
    viewing_in,
)
from people.audit import AuditAction, record
from people.throttling import is_too_often

SAFE = {"GET", "HEAD", "OPTIONS"}
WAYS_OUT = ("administration:stop-viewing", "people:logout", "wagtailadmin_logout")
# Rooms whose pages show people and what they did. A wrong code at `verify` is no denial.
GUARDED = {"people", "courses", "quiz", "certificates", "reports", "administration"}
OPEN_TO_ALL = {"certificates:verify"}
LONGEST_PATH = 200  # characters of an address, in the log
DENIALS_AN_HOUR = 60  # of one account: whoever tries every number fills no log
SAME_DENIAL = 60  # seconds within which the same refusal is one line

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]


class ViewAs:
    """Puts whom the administrator views as into `request.user`, for reading only.

    Templates know of it by `request.viewing`. The ways out see the administrator herself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if KEY not in request.session or _is_way_out(request):
            return self.get_response(request)
        now = timezone.now()
        viewing = viewing_in(request, on=timezone.localdate(now))
        if viewing is None:
            return self.get_response(request)
        if request.method in SAFE and (how := viewing.ending(at=now)):
            return _ended(request, viewing, how=how)
        request.user = viewing.account
        request.viewing = viewing  # type: ignore[attr-defined]
        if request.method not in SAFE:
            return _refused(request)
        with reading_only():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _refused(request) if isinstance(exception, ViewOnlyError) else None


class LogDenials:
    """A signed-in person who is refused a page of ours, or doesn't find what is not hers.

    Addresses that lead nowhere are not logged: that is noise, and nothing was refused. Stands
    outside `ViewAs`, whose refusals it logs too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_denial(request, response):
            try:
                _log_denial(request, response)
            except Exception:  # the answer stands, whatever became of its line in the log
                logger.exception("A denial could not be logged.")
        return response


@receiver(user_logged_out)
def end_with_the_session(request: HttpRequest | None, **kwargs: Any) -> None:
    """Signing out while viewing as someone ends both; the session is flushed right after."""
    if request is None or KEY not in request.session:
        return
    viewing = viewing_in(request, on=timezone.localdate())
    if viewing is not None:
        log_end(viewing, how=Ending.SIGNED_OUT)


def _is_way_out(request: HttpRequest) -> bool:
    return request.method == "POST" and request.path_info in map(reverse, WAYS_OUT)


def _ended(request: HttpRequest, viewing: Viewing, *, how: Ending) -> HttpResponse:
    """Nothing of this request is done: it was meant for the pages of someone else."""
    end_viewing(request, viewing, how=how)
    messages.info(
        request,
        _("Đã hết lượt xem như %(name)s. Thao tác vừa rồi chưa được thực hiện.")
        % {"name": viewing.account},
    )
    return redirect(viewing.back_to)


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/view_only.html", status=HTTPStatus.FORBIDDEN)


def _log_denial(request: HttpRequest, response: HttpResponse) -> None:
    if not request.user.is_authenticated:
        return
    doer = getattr(request.user, "viewed_by", request.user)
    same = f"{doer.pk} {request.method} {request.path}"
    if is_too_often("denied-again", same, limit=1, period=SAME_DENIAL):
        return
    if is_too_often("denied", str(doer.pk), limit=DENIALS_AN_HOUR):
        return
    detail = {
        "method": request.method,
        "path": request.path[:LONGEST_PATH],
        "status": response.status_code,
    }
    record(AuditAction.DENIED, actor=request.user, detail=detail)


def _is_denial(request: HttpRequest, response: HttpResponse) -> bool:
    if response.status_code == HTTPStatus.FORBIDDEN and hasattr(request, "viewing"):
        return True
    match = request.resolver_match
    return (
        response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
        and match is not None
        and match.app_name in GUARDED
        and match.view_name not in OPEN_TO_ALL
    )
