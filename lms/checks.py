"""System checks of the house: what must be true of the machine and the settings."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.db import connection

from lms.sqlite import FIRST_SAFE_FOR_WAL


@register("database")
def check_sqlite_is_safe_for_wal(**kwargs: Any) -> list[CheckMessage]:
    """Warn where SQLite is too old for WAL: the settings then fell back to `DELETE`."""
    if connection.vendor != "sqlite":
        return []
    import sqlite3

    if sqlite3.sqlite_version_info >= FIRST_SAFE_FOR_WAL:
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} can corrupt a database in WAL mode; "
            "journal_mode=DELETE is used instead.",
            hint="Install pysqlite3 0.6.1 or newer, or use PostgreSQL.",
            id="lms.W001",
        )
    ]
