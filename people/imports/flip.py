"""The moment from which a list counts: the database's own statements. `flip_back` is the way back.

Each direction is a handful of statements over the rows stored beforehand, in the caller's one
transaction: 100,000 people take a second or two, in which nobody else can write on SQLite. The SQL
is understood by SQLite (from 3.38) and PostgreSQL alike.

In this order nobody is in two places on one day after any statement, which the database holds: what
goes is taken away first, then rows change, and what is new is opened last. On the way back the same
holds the other way round.

All that the list has stored must be there. Every statement must touch as many rows as the list
says, and only rows that are as they were when it was compared (on the way back: as it left them).
Otherwise `StaleError`, and the caller's transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection

from people.models import Person, RosterImport

PERSON = (*Person.RECORD, *Person.DERIVED)
# Of a membership: its column, and how the columns of a stored change that are about it end.
STAY = {
    "unit_id": "unit",
    "staff_group": "group",
    "position": "position",
    "position_title": "title",
    "status": "status",
    "started_on": "from",
    "ended_on": "until",
}
DAYS = ("birth_date", "started_on", "ended_on")
WAITED_FOR_EACH_OTHER = ("40P01", "40001")  # PostgreSQL: deadlock, serialisation failure


class StaleError(Exception):
    """Something is no longer as it was when the list was compared, or as the list left it."""


@contextmanager
def clashes_are_stale() -> Iterator[None]:
    """Around the transaction: what others have written meanwhile, so that a code is taken or a day
    is not free, and two who wait for each other, are told as `StaleError`."""
    try:
        yield
    except IntegrityError as error:
        raise StaleError from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) in WAITED_FOR_EACH_OTHER:
            raise StaleError from error
        raise


def same_stay(value: Callable[[str], str]) -> str:
    """Of the membership `m`: its columns are what `value` says is stored of each."""
    return _same("m", tuple(STAY), value)


def same_person(value: Callable[[str], str]) -> str:
    """Of the person `p`, likewise."""
    return _same("p", PERSON, value)


def stored(name: str, column: str) -> str:
    """Where a change keeps that column of the membership that it opens or closes."""
    if column == "unit_id":
        return f"c.{name}_unit_id"
    is_first_day = (name, column) == ("opened", "started_on")
    return "c.opened_on" if is_first_day else f"c.{name}_{STAY[column]}"


def before(name: str) -> str:
    """Where it keeps, as text, what stood there before."""
    return f"c.before ->> '{name}'"


def as_text(value: str) -> str:
    """Whatever its kind, to be compared; nothing is an empty text."""
    return f"COALESCE(CAST({value} AS text), '')"


def _same(alias: str, columns: tuple[str, ...], value: Callable[[str], str]) -> str:
    return " AND ".join(
        f"{as_text(f'{alias}.{column}')} = {as_text(value(column))}" for column in columns
    )


def put_in_force(roster_import: RosterImport, *, at: datetime) -> None:
    """Everything that the list changes, and that it was applied."""
    listed = roster_import.pk
    wanted = counts_of(roster_import)
    if column_of(MERGED, listed):
        raise StaleError
    refuse_unless(wanted["closed"], _as_before("closed"), listed)
    refuse_unless(wanted["withdrawn"], _as_before("withdrawn"), listed)
    do(wanted["withdrawn"], WITHDRAW, listed)
    do(wanted["closed"], _rewrite("closed"), listed)
    refuse_unless(wanted["corrected"], PERSON_AS_BEFORE, listed)
    do(wanted["corrected"], correct("c.{name}"), listed)
    do(wanted["new"], CREATE, False, False, listed)
    do(wanted["opened"], OPEN, True, listed)
    do(None, NOTE, at, listed)


WITHDRAW = """
    DELETE FROM people_membership WHERE id IN (
        SELECT withdrawn_id FROM people_rosterchange
        WHERE roster_import_id = %s AND withdrawn_id IS NOT NULL)
"""
MERGED = """
    SELECT p.id FROM people_rosterchange AS c JOIN people_person AS p ON p.id = c.person_id
    WHERE c.roster_import_id = %s AND p.merged_into_id IS NOT NULL
"""
CREATE = f"""
    INSERT INTO people_person (code, {", ".join(PERSON)}, is_core_trainer, is_core_teacher)
    SELECT code, {", ".join(PERSON)}, %s, %s FROM people_rosterchange
    WHERE roster_import_id = %s AND person_id IS NULL
"""  # noqa: S608  # nosec B608
# By code, since those just created have no key in the stored rows.
OPEN = f"""
    INSERT INTO people_membership (person_id, {", ".join(STAY)}, is_primary)
    SELECT p.id, {", ".join(stored("opened", column) for column in STAY)}, %s
    FROM people_rosterchange AS c JOIN people_person AS p ON p.code = c.code
    WHERE c.roster_import_id = %s AND c.opened_on IS NOT NULL
"""  # noqa: S608  # nosec B608
NOTE = """
    INSERT INTO people_rosterlist (unit_id, as_of, applied_at, is_partial, content_hash,
                                   roster_import_id)
    SELECT u.unit_id, i.as_of, %s, i.is_partial, u.content_hash, i.id
    FROM people_listedunit AS u JOIN people_rosterimport AS i ON i.id = u.roster_import_id
    WHERE i.id = %s AND u.is_noted
"""


def _rewrite(name: str) -> str:
    """The stored columns into the membership that they are about."""
    sets = ", ".join(f"{column} = {stored(name, column)}" for column in STAY)
    return f"""
        UPDATE people_membership AS m SET {sets} FROM people_rosterchange AS c
        WHERE c.roster_import_id = %s AND m.id = c.{name}_id
    """  # noqa: S608  # nosec B608


def correct(value: str) -> str:
    """`value`: where each column's new value is; {before} is what was there before."""
    sets = ", ".join(
        f"{column} = {value.format(name=column, before=kept(column, column))}" for column in PERSON
    )
    return f"""
        UPDATE people_person AS p SET {sets} FROM people_rosterchange AS c
        WHERE c.roster_import_id = %s AND c.is_corrected AND p.id = c.person_id
    """  # noqa: S608  # nosec B608


def _as_before(name: str) -> str:
    same = same_stay(lambda column: before(f"{name}_{STAY[column]}"))
    return f"""
        SELECT COUNT(*) FROM people_rosterchange AS c JOIN people_membership AS m
        ON m.id = c.{name}_id
        WHERE c.roster_import_id = %s AND m.is_primary AND m.person_id = c.person_id AND {same}
    """  # noqa: S608  # nosec B608


PERSON_AS_BEFORE = f"""
    SELECT COUNT(*) FROM people_rosterchange AS c JOIN people_person AS p ON p.id = c.person_id
    WHERE c.roster_import_id = %s AND c.is_corrected AND p.code = c.code AND {same_person(before)}
"""  # noqa: S608  # nosec B608

# What the way back needs too ----------------------------------------------------------------------

COUNTS = """
    SELECT COUNT(*), COUNT(closed_id), COUNT(withdrawn_id), COUNT(opened_on),
           COUNT(CASE WHEN is_corrected THEN 1 END), COUNT(CASE WHEN person_id IS NULL THEN 1 END)
    FROM people_rosterchange WHERE roster_import_id = %s
"""


def counts_of(roster_import: RosterImport) -> dict[str, int]:
    """How many stored changes do what."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [roster_import.pk])
        stored, *found = cursor.fetchone()
    if stored != roster_import.people_changed:
        raise StaleError
    names = ("closed", "withdrawn", "opened", "corrected", "new")
    return dict(zip(names, found, strict=True))


def kept(name: str, column: str) -> str:
    """What stood there before. JSON keeps days and keys of units as text, which SQLite does too."""
    value = f"({before(name)})"
    if connection.vendor == "postgresql" and column in DAYS:
        return f"CAST({value} AS date)"
    return f"CAST({value} AS bigint)" if column == "unit_id" else value


def refuse_unless(wanted: int, counting: str, listed: int) -> None:
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(counting, [listed])
            (found,) = cursor.fetchone()
        if found != wanted:
            raise StaleError


def counting(rows: str) -> str:
    return f"SELECT COUNT(*) FROM {rows}"  # noqa: S608  # nosec B608


def column_of(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [value for (value,) in cursor.fetchall()]


def do(wanted: int | None, statement: str, *values: Any) -> None:
    """`wanted`: rows that it must touch; None for any number."""
    if wanted == 0:
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if wanted is not None and cursor.rowcount != wanted:
            raise StaleError
