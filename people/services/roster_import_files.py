"""The files of roster imports, which are deleted once a list is applied or given up.

The first rows are kept beside the file, so that choosing the columns of a city's list doesn't read
all of it for every page.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from people.models import RosterImport
from people.models.roster_import import RosterImportQuerySet
from people.sheets import Sheet, SheetRow

BEGINNING = 260  # rows: a header may stand in the first 200, and samples below it
LONGEST_CELL = 200  # characters


def beginning_of(sheet: Sheet) -> dict[str, Any]:
    """As JSON: the first rows, and what else is to be known of the sheet."""
    return {
        "rows": [
            [row.number, [_stored(cell) for cell in row.cells]] for row in sheet.rows[:BEGINNING]
        ],
        "ignored": list(sheet.ignored),
        "has_loose_rows": sheet.has_loose_rows,
    }


def kept_beginning(roster_import: RosterImport, *, rows: int) -> Sheet | None:
    """None where it isn't kept, or not so many rows."""
    kept = roster_import.beginning
    if not kept or rows > BEGINNING:
        return None
    return Sheet(
        [
            SheetRow(number, [_read(cell) for cell in cells])
            for number, cells in kept["rows"][:rows]
        ],
        ignored=tuple(kept["ignored"]),
        has_loose_rows=kept["has_loose_rows"],
    )


def with_files(imports: RosterImportQuerySet) -> RosterImportQuerySet:
    """Those of which the file, or its beginning, is still kept."""
    return imports.exclude(file="", beginning={})


def forget_file(roster_import: RosterImport) -> None:
    if roster_import.file:
        roster_import.file.delete(save=False)
    RosterImport.objects.filter(pk=roster_import.pk).update(file="", beginning={})


def forget_stray_files(*, before: datetime) -> None:
    """Files that no import names, stored before that instant: their upload broke off."""
    field: Any = RosterImport._meta.get_field("file")
    storage, folder = field.storage, field.upload_to.rstrip("/")
    kept = set(RosterImport.objects.exclude(file="").values_list("file", flat=True))
    try:
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
    except FileNotFoundError:  # nothing was ever uploaded
        return
    for name in names:
        if name not in kept and storage.get_modified_time(name) < before:
            storage.delete(name)


def _stored(cell: Any) -> Any:
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return cell[:LONGEST_CELL] if isinstance(cell, str) else cell


def _read(cell: Any) -> Any:
    return date.fromisoformat(cell["day"]) if isinstance(cell, dict) else cell
