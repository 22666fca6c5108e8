"""While somebody is viewed as, nothing is written: whatever a view does, the statement is refused.

A GET that writes (a register number given on download, an editing session of the editor) is thereby
found without anybody having to list it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections

from people.models import AuditEntry

READING = {"SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "PRAGMA", "EXPLAIN"}


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
    words = str(sql).lstrip("( \n").split(None, 3)
    is_log = words[:2] == ["INSERT", "INTO"] and words[2].strip('"') == AuditEntry._meta.db_table
    if words[0].upper() not in READING and not is_log:
        raise ViewOnlyError(" ".join(words[:3]))
    return execute(sql, params, many, context)
