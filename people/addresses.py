"""Addresses that a request names to go on to: a link may bring anything."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def local_address(request: HttpRequest, target: str) -> str:
    """The target if it is a page of this site, by its path; else empty."""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours and target.startswith("/") else ""
