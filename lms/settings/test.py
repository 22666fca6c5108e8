"""Tests: the production wiring on a database file of their own."""

import os
import tempfile
from pathlib import Path

from lms.settings.base import *  # noqa: F403
from lms.settings.base import DATABASES, STORAGES

DEBUG = False
SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SENDS_EMAIL = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
AXES_ENABLED = False  # switched on by the tests that are about it
DEMO = True

_folder = tempfile.TemporaryDirectory(prefix="lms-tests-")  # gone when the process ends

# A real file, as in production: an in-memory database exercises neither WAL nor IMMEDIATE.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder.name) / f"{_worker}.sqlite3")}
    # The disk's guarantees are not what the suite is about; the crash tests set FULL themselves.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
MEDIA_ROOT = str(Path(_folder.name) / "media")
