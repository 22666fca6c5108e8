"""An id for every request: in the response, on error pages, in each line of the log.

The id is always ours. One sent by a client would let it choose what stands in our log.
"""

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misheard or misread: 0/o, 1/i/l
LENGTH = 8

_current: ContextVar[str] = ContextVar("request_id", default="-")


class NameRequests:
    """Outermost, so that whatever fails below has an id already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        request.request_id = name  # type: ignore[attr-defined]
        token = _current.set(name)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response.headers[HEADER] = name
        return response


class RequestIdFilter(logging.Filter):
    """Gives each line of the log the id of the request it was written for; "-" outside of one."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs a 404 when every middleware has returned; it tells of which request.
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "request_id", None) or _current.get()
        return True
