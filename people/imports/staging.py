"""Storing what a list would do, in short transactions: learners' answers are written meanwhile.

Rows go to the database by its own bulk ways, past the models: a city's list has 100,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models.functions import Now

from people.imports.rejections import Rejection
from people.imports.roster_changes import COLUMNS, Change, values_of
from people.models import (
    ListedUnit,
    RosterChange,
    RosterImport,
    RosterList,
    RosterRejection,
)

BATCH = 2000  # rows in one transaction
T = TypeVar("T")


class SupersededError(Exception):
    """Another worker, or a person, has taken this import up: whoever hears it stops."""


def stage(
    roster_import: RosterImport, changes: Iterable[Change], *, attempt: int, progress: Any = None
) -> list[str]:
    """Stores the changes and gives back their codes. `progress` counts the rows looked at, for the
    bar on the screen. Raises `SupersededError`."""
    codes: list[str] = []
    for batch in batches(changes, BATCH):
        rows = [(roster_import.pk, *values_of(change)) for change in batch]
        with transaction.atomic():
            get_on(roster_import, attempt, rows_done=progress() if progress else len(codes))
            _insert(RosterChange._meta.db_table, ("roster_import_id", *COLUMNS), rows)
        codes += [change.code for change in batch]
    return codes


def stage_rejections(
    roster_import: RosterImport,
    rejected: Sequence[Rejection],
    cells: dict[int, list[Any]],
    *,
    attempt: int,
) -> None:
    rows = (
        RosterRejection(
            roster_import=roster_import,
            row=each.row,
            column=each.column[:200],
            message=each.message,
            cells=[_as_typed(cell) for cell in cells.get(each.row, [])],
        )
        for each in rejected
    )
    for batch in batches(rows, BATCH):
        with transaction.atomic():
            get_on(roster_import, attempt)
            RosterRejection.objects.bulk_create(batch)


def get_on(roster_import: RosterImport, attempt: int, **facts: Any) -> None:
    """Inside the transaction of a step: holds the import and notes how far it has got.

    Raises `SupersededError` if the import is no longer this attempt's.
    """
    mine = RosterImport.objects.filter(pk=roster_import.pk, attempt=attempt)
    if not mine.update(worked_at=Now(), **facts):
        raise SupersededError


def forget_rows(roster_import: RosterImport, *, attempt: int) -> None:
    """All that was stored of the list but the counts. Raises `SupersededError`: what somebody else
    has stored or applied since stays."""
    for model in (RosterChange, RosterRejection, ListedUnit):
        keys = model.objects.filter(roster_import=roster_import).order_by()
        for batch in batches(list(keys.values_list("pk", flat=True)), 900):
            with transaction.atomic():
                get_on(roster_import, attempt)
                model.objects.filter(pk__in=batch).delete()


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    values = iter(values)
    while batch := list(islice(values, size)):
        yield batch


def _insert(table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Names come from our models, never from a request."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608  # nosec B608
            [[_plain(value) for value in row] for row in rows],
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if type(value) is date else value


def _as_typed(cell: Any) -> Any:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def last_lists(units: Iterable[int]) -> dict[int, RosterList]:
    """By unit, the list that was applied last."""
    found: dict[int, RosterList] = {}
    for batch in batches(sorted(units), 900):
        lists = RosterList.objects.filter(unit__in=batch).order_by("applied_at", "pk")
        found |= {each.unit_id: each for each in lists}
    return found
