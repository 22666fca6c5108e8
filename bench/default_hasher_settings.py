"""The demo with Django's own password hashing, to measure ours beside it."""

from django.conf import global_settings

from lms.settings.dev import *  # noqa: F403

PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
