"""A demo on one machine: SQLite, e-mail on the console, demo accounts allowed."""

import os

from lms.settings.base import *  # noqa: F403

DEBUG = os.environ.get("DEBUG", "") == "1"
# Fit for a demo on this machine alone; production settings refuse to start without their own.
SECRET_KEY = os.environ.get("SECRET_KEY", "demo-only-not-secret-" + "x" * 40)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INTERNAL_IPS = ["127.0.0.1"]
if not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    SENDS_EMAIL = True
BASE_URL = WAGTAILADMIN_BASE_URL = os.environ.get(
    "BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
)
DEMO = True
SUPPORT_CONTACT = os.environ.get("SUPPORT_CONTACT", "Tổ hỗ trợ bồi dưỡng (bản dùng thử)")
