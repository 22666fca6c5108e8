"""What Django's `Meta` can't say on both databases: no two rows of one owner share a day.

PostgreSQL has exclusion constraints (an `ExclusionConstraint` in `Meta` would make SQLite fail at
table creation), SQLite gets triggers.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class NoOverlap:
    """Rows of `table` with one `owner` never share a day; only those matching `where` count.

    `where` names the row as `{row}`, e.g. `{row}.is_primary`.
    """

    name: str
    table: str
    owner: str
    where: str = ""


CONSTRAINTS = [
    NoOverlap(
        name="one_primary_membership_a_day",
        table="people_membership",
        owner="person_id",
        where="{row}.is_primary",
    ),
    NoOverlap(name="one_unit_version_a_day", table="people_unitversion", owner="unit_id"),
]


def hold(*names: str) -> Callable[[Any, Any], None]:
    """For a migration's `RunPython`: hold these of `CONSTRAINTS`.

    By name, because a later migration's table isn't there yet when an earlier one runs.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        chosen = [constraint for constraint in CONSTRAINTS if constraint.name in names]
        if schema_editor.connection.vendor == "sqlite":
            hold_on_sqlite(schema_editor.connection, chosen)
            return
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for constraint in chosen:
            schema_editor.execute(_exclusion(constraint))

    return forwards


def sort_by_bytes(apps: Any, schema_editor: Any) -> None:
    """Byte order for the sort key, whatever the database's collation: the key is ASCII."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE people_person ALTER COLUMN sort_key TYPE varchar(500) COLLATE "C"'
        )


def hold_on_sqlite(connection: Any, constraints: Iterable[NoOverlap] = CONSTRAINTS) -> None:
    """Create the triggers that are missing."""
    with connection.cursor() as cursor:
        for constraint in constraints:
            for event in ("INSERT", "UPDATE"):
                cursor.execute(_trigger(constraint, event))


def release(*names: str) -> Callable[[Any, Any], None]:
    """The way back of `hold`."""

    def backwards(apps: Any, schema_editor: Any) -> None:
        for constraint in CONSTRAINTS:
            if constraint.name not in names:
                continue
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(
                    f"ALTER TABLE {constraint.table} DROP CONSTRAINT {constraint.name}"
                )
            else:
                for event in ("insert", "update"):
                    schema_editor.execute(f"DROP TRIGGER IF EXISTS {constraint.name}_{event}")

    return backwards


# The names below come from this file, never from a request.
def _exclusion(constraint: NoOverlap) -> str:
    where = f"WHERE ({constraint.where.format(row=constraint.table)})" if constraint.where else ""
    return f"""
        ALTER TABLE {constraint.table} ADD CONSTRAINT {constraint.name} EXCLUDE USING gist
        ({constraint.owner} WITH =, daterange(started_on, ended_on, '[]') WITH &&) {where}
    """


def _trigger(constraint: NoOverlap, event: str) -> str:
    mine = f"AND {constraint.where.format(row='NEW')}" if constraint.where else ""
    theirs = f"AND {constraint.where.format(row='other')}" if constraint.where else ""
    return f"""
        CREATE TRIGGER IF NOT EXISTS {constraint.name}_{event.lower()}
        AFTER {event} ON {constraint.table}
        WHEN EXISTS (
            SELECT 1 FROM {constraint.table} AS other
            WHERE other.{constraint.owner} = NEW.{constraint.owner} AND other.id <> NEW.id
              AND other.started_on <= COALESCE(NEW.ended_on, '9999-12-31')
              AND NEW.started_on <= COALESCE(other.ended_on, '9999-12-31') {mine} {theirs}
        )
        BEGIN SELECT RAISE(ABORT, '{constraint.name}'); END
    """  # noqa: S608  # nosec B608
