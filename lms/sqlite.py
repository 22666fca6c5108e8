"""Which SQLite the process uses, decided before Django opens a database.

Debian 12's own SQLite has the WAL-reset corruption bug (3.7.0 to 3.51.2), and several connections
in WAL mode is just our case. The `pysqlite3` wheel bundles a mended version.
"""

import sys

FIRST_SAFE_FOR_WAL = (3, 51, 3)


def prefer_bundled_sqlite() -> None:
    """Put `pysqlite3` in the place of the standard `sqlite3`, where its wheel exists."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:  # no wheel for this processor: `journal_mode` below then avoids WAL
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def journal_mode() -> str:
    """`WAL` where this process's SQLite is safe with it, otherwise the slower `DELETE`."""
    import sqlite3

    return "WAL" if sqlite3.sqlite_version_info >= FIRST_SAFE_FOR_WAL else "DELETE"
