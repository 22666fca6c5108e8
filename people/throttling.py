"""How often one sender may do something that needs no account, or that could be used to guess.

Counted in the cache: what is lost with it is a count, never a request.
"""

from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600  # seconds


def is_too_often(action: str, sender: str, *, limit: int, period: int = HOUR) -> bool:
    """Counts this time, and says whether it is one more than `limit` within `period` seconds."""
    key = f"throttle:{action}:{salted_hmac('people.throttling', sender).hexdigest()}"
    cache.add(key, 0, period)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it expired in between
        cache.set(key, 1, period)
        return False


def sender_of(request: HttpRequest) -> str:
    """The address that sign-in, too, counts under (`AXES_CLIENT_IP_CALLABLE`).

    Behind a proxy of ours it is the last of those in X-Forwarded-For: the proxy wrote it. All
    before it, and everything when no proxy of ours stands in front, the sender may have made up.
    """
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    if nearest not in settings.TRUSTED_PROXIES:
        return nearest
    last_hop = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return last_hop if _is_address(last_hop) else nearest


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
