"""From a list that counts back to what was before it: the statements of `flip` the other way round.

Possible while everything is as the list left it: `not_as_left` tells what isn't.
"""

from __future__ import annotations

from people.imports.flip import (
    STAY,
    column_of,
    correct,
    counting,
    counts_of,
    do,
    kept,
    refuse_unless,
    same_person,
    same_stay,
    stored,
)
from people.models import RosterImport


def take_out_of_force(roster_import: RosterImport) -> None:
    """Everything as it was before `put_in_force`, to the keys of memberships it had deleted."""
    listed = roster_import.pk
    wanted = counts_of(roster_import)
    refuse_unless(wanted["closed"], counting(CLOSED_AS_LEFT), listed)
    refuse_unless(wanted["corrected"] + wanted["new"], counting(PERSON_AS_LEFT), listed)
    do(wanted["opened"], UNOPEN, listed)
    do(wanted["closed"], _rewrite_back(), listed)
    do(wanted["withdrawn"], _bring_back(), True, listed)
    do(wanted["corrected"], correct("{before}"), listed)
    do(None, LET_GO, listed)
    do(wanted["new"], UNCREATE, listed)
    do(None, UNNOTE, listed)


def not_as_left(roster_import: RosterImport) -> tuple[list[int], list[int]]:
    """Keys of changes whose membership, and of those whose person, has changed since."""
    listed = roster_import.pk
    opened = _others("opened_on IS NOT NULL", OPENED_AS_LEFT)
    closed = _others("closed_id IS NOT NULL", CLOSED_AS_LEFT)
    people = _others("(is_corrected OR person_id IS NULL)", PERSON_AS_LEFT)
    moved = {*column_of(opened, listed, listed), *column_of(closed, listed, listed)}
    return sorted(moved), column_of(people, listed, listed)


def units_closed_since(roster_import: RosterImport) -> list[str]:
    """Codes of units in which something is to be put back, that are closed by then."""
    names = ("closed", "withdrawn")
    return sorted(
        {c for n in names for c in column_of(CLOSED_UNITS.format(name=n), roster_import.pk)}
    )


def units_left(roster_import: RosterImport) -> set[int]:
    """Keys of the units that people leave, or are put back into."""
    names = ("closed", "withdrawn")
    return {key for n in names for key in column_of(UNITS_LEFT.format(name=n), roster_import.pk)}


# What was opened is known by what it says: of one person no two primary rows begin on one day.
OPENED_AS_LEFT = f"""
    people_rosterchange AS c JOIN people_person AS p ON p.code = c.code
    JOIN people_membership AS m ON m.person_id = p.id AND m.is_primary
    WHERE c.roster_import_id = %s AND c.opened_on IS NOT NULL AND
    {same_stay(lambda column: stored("opened", column))}
"""
UNOPEN = f"DELETE FROM people_membership WHERE id IN (SELECT m.id FROM {OPENED_AS_LEFT})"  # noqa: S608  # nosec B608
CLOSED_AS_LEFT = f"""
    people_rosterchange AS c JOIN people_membership AS m ON m.id = c.closed_id
    WHERE c.roster_import_id = %s AND m.is_primary AND m.person_id = c.person_id AND
    {same_stay(lambda column: stored("closed", column))}
"""
PERSON_AS_LEFT = f"""
    people_rosterchange AS c JOIN people_person AS p ON p.code = c.code
    WHERE c.roster_import_id = %s AND (c.is_corrected OR c.person_id IS NULL) AND
    {same_person(lambda column: f"c.{column}")}
"""
# Units that were closed before the day on which what is to be put back there ends.
CLOSED_UNITS = """
    SELECT DISTINCT u.code FROM people_rosterchange AS c JOIN people_unit AS u
    ON u.id = CAST(c.before ->> '{name}_unit' AS bigint)
    WHERE c.roster_import_id = %s AND c.{name}_id IS NOT NULL AND u.closed_on IS NOT NULL
    AND COALESCE(c.before ->> '{name}_until', '9999-12-31') > CAST(u.closed_on AS text)
"""
UNITS_LEFT = """
    SELECT DISTINCT CAST(c.before ->> '{name}_unit' AS bigint) FROM people_rosterchange AS c
    WHERE c.roster_import_id = %s AND c.{name}_id IS NOT NULL
"""
# Lists that wait may name people who are to go; they are compared again before they are applied.
LET_GO = """
    UPDATE people_rosterchange SET person_id = NULL WHERE person_id IN (
        SELECT p.id FROM people_rosterchange AS c JOIN people_person AS p ON p.code = c.code
        WHERE c.roster_import_id = %s AND c.person_id IS NULL)
"""
UNCREATE = """
    DELETE FROM people_person WHERE code IN (
        SELECT code FROM people_rosterchange WHERE roster_import_id = %s AND person_id IS NULL)
"""
UNNOTE = "DELETE FROM people_rosterlist WHERE roster_import_id = %s"


def _rewrite_back() -> str:
    sets = ", ".join(f"{column} = {kept(f'closed_{end}', column)}" for column, end in STAY.items())
    return f"""
        UPDATE people_membership AS m SET {sets} FROM people_rosterchange AS c
        WHERE c.roster_import_id = %s AND m.id = c.closed_id
    """  # noqa: S608  # nosec B608


def _bring_back() -> str:
    stay = ", ".join(kept(f"withdrawn_{end}", column) for column, end in STAY.items())
    return f"""
        INSERT INTO people_membership (id, person_id, {", ".join(STAY)}, is_primary)
        SELECT c.withdrawn_id, c.person_id, {stay}, %s FROM people_rosterchange AS c
        WHERE c.roster_import_id = %s AND c.withdrawn_id IS NOT NULL
    """  # noqa: S608  # nosec B608


def _others(which: str, rows: str) -> str:
    """Changes of the list that are not among the rows."""
    return f"""
        SELECT id FROM people_rosterchange WHERE roster_import_id = %s AND {which}
        AND id NOT IN (SELECT c.id FROM {rows})
    """  # noqa: S608  # nosec B608
