"""While somebody is viewed as, nothing is written: whatever a view does, the statement is refused.

A GET that writes (a register number given on download, an editing session of the editor) is thereby
found without anybody having to list it.

Statements are judged by their words. A read-only transaction would do it on PostgreSQL alone, and
would refuse the audit log, which is written during the same request.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections

from people.models import AuditEntry

# What a statement may begin with.
READING = {
    *("SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "SHOW"),
    *("DECLARE", "FETCH", "MOVE", "CLOSE"),  # cursors
    *("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "PRAGMA"),
}
# What it may hold nowhere: a CTE may delete, EXPLAIN ANALYZE runs, SELECT INTO makes a table, and
# some functions of PostgreSQL write.
WRITING = re.compile(
    r"\b(?:insert|update|delete|merge|into|create|drop|alter|truncate"
    r"|nextval|setval|set_config|pg_notify|lo_\w+|dblink\w*)\b|^pragma[^=]*=|;.",
    re.IGNORECASE | re.DOTALL,
)
# What says nothing of that: comments, texts, names in quotes, and the lock of SELECT … FOR UPDATE.
SILENT = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\bfor\s+(?:no\s+key\s+)?update\b""",
    re.IGNORECASE | re.DOTALL,
)
LOGGING = re.compile(rf'INSERT INTO "?{AuditEntry._meta.db_table}"? ', re.IGNORECASE)


class ViewOnlyError(Exception):
    """A page tried to write while it was only looked at as someone else."""


@contextmanager
def reading_only() -> Iterator[None]:
    """Refuses whatever writes on any database; the audit log alone may grow."""
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(_refuse_writing))
        yield


def _refuse_writing(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if not (reads(str(sql)) or LOGGING.match(str(sql))):
        raise ViewOnlyError(" ".join(str(sql).split(None, 3)[:3]))
    return execute(sql, params, many, context)


def reads(sql: str) -> bool:
    """Whether the statement leaves every table as it is; nothing at all does."""
    said = SILENT.sub(" ", sql).lstrip("( \t\r\n").rstrip("; \t\r\n")
    first = re.split(r"\W", said, maxsplit=1)[0]
    return (not said or first.upper() in READING) and not WRITING.search(said)
