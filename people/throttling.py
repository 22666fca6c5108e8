"""How often one sender may do something that needs no account, or that could be used to guess.

Counted in the cache: what is lost with it is a count, never a request.
"""

from axes.helpers import get_client_ip_address
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
    """The address as sign-in counts it."""
    return str(get_client_ip_address(request) or "")
