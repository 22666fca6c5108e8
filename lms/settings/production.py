"""A real office: everything secret comes from the environment, demo accounts can't sign in."""

import os

from django.core.exceptions import ImproperlyConfigured

from lms.settings.base import *  # noqa: F403
from lms.settings.base import LOGGING

DEBUG = False


def _required(name: str) -> str:
    """The environment variable; without it the system doesn't start half-configured."""
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"Set the environment variable {name}.") from None


SECRET_KEY = _required("SECRET_KEY")
BASE_URL = WAGTAILADMIN_BASE_URL = _required("BASE_URL").rstrip("/")
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host] or [
    BASE_URL.split("://", 1)[-1].split("/")[0].split(":")[0]
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# The addresses that our proxy connects from; it must add the sender to X-Forwarded-For itself.
TRUSTED_PROXIES = [
    address.strip() for address in os.environ.get("TRUSTED_PROXIES", "127.0.0.1,::1").split(",")
]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = BASE_URL.startswith("https://")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BASE_URL.startswith("https://") else 0

LOGGING["root"]["level"] = "INFO"
