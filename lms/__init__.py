"""Wiring and look: settings, URLs, middleware, base templates, static files. No models."""

from lms.sqlite import prefer_bundled_sqlite

prefer_bundled_sqlite()
