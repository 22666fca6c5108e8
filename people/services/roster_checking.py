"""Comparing an uploaded list with what is known: what it would do is stored, and counts nowhere."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.imports.layout import Layout
from people.imports.roster_comparison import Comparison, ListTerms, compare
from people.imports.staging import (
    batches,
    forget_rows,
    get_on,
    last_lists,
    stage,
    stage_rejections,
)
from people.models import ImportState, ListedUnit, RosterImport
from people.services.roster_working import claim, importer_of, working
from people.sheets import Sheet, SheetError, read_sheet


def check(roster_import: RosterImport, *, at: datetime) -> None:
    """Reads, compares, stores; afterwards the list waits to be confirmed, or for other columns.

    Begun anew from the start if it was interrupted. Does nothing for a list in another state.
    """
    attempt = claim(roster_import, ImportState.CHECKING)
    if attempt is None:
        return
    with working(roster_import, attempt):
        sheet = _sheet(roster_import, attempt)
        if sheet is not None:
            terms = ListTerms(
                roster_import.as_of,
                roster_import.is_partial,
                importer_of(roster_import, at=at),
                Layout.from_json(roster_import.layout) if roster_import.layout else None,
                roster_import.unit.code if roster_import.unit else "",
            )
            check_sheet(roster_import, sheet, terms, attempt=attempt)
    roster_import.refresh_from_db()


def check_sheet(
    roster_import: RosterImport, sheet: Sheet, terms: ListTerms, *, attempt: int
) -> Comparison:
    """Stores what the sheet would do under the import. Raises `SupersededError`."""
    forget_rows(roster_import, attempt=attempt)
    comparison = compare(sheet, terms)
    with transaction.atomic():
        get_on(roster_import, attempt, rows_total=len(comparison.reading.rows), rows_done=0)
    codes = stage(
        roster_import,
        comparison.changes(),
        attempt=attempt,
        progress=lambda: sum(comparison.counts.values()),
    )
    rejected = comparison.rejected
    cells = comparison.cells_of({each.row for each in rejected})
    stage_rejections(roster_import, rejected, cells, attempt=attempt)
    _finish(roster_import, comparison, codes, attempt=attempt)
    return comparison


def _finish(
    roster_import: RosterImport, comparison: Comparison, codes: list[str], *, attempt: int
) -> None:
    rejected = {each.row for each in comparison.rejected}
    counts = {
        **dict.fromkeys(("new", "moved", "changed", "unchanged", "left"), 0),
        **comparison.counts,
        "rejected": len(rejected),
        "duplicates": len(comparison.duplicates_found),
    }
    listed = _listed_units(roster_import, comparison)
    with transaction.atomic():
        get_on(
            roster_import,
            attempt,
            state=ImportState.CHECKED,
            counts=counts,
            warnings=comparison.warnings(),
            known_hash=comparison.known.digest(codes, units=comparison.rows_by_unit),
            rows_done=len(comparison.reading.rows),
        )
        for batch in batches(listed, 500):
            ListedUnit.objects.bulk_create(batch)


def _listed_units(roster_import: RosterImport, comparison: Comparison) -> list[ListedUnit]:
    keys = {code: comparison.known.units[code].pk for code in comparison.rows_by_unit}
    last = last_lists(keys.values())
    before = comparison.people_before()
    listed = []
    for code, key in sorted(keys.items()):
        content_hash = comparison.content_hash(code)
        this = (roster_import.as_of, roster_import.is_partial, content_hash)
        latest = last.get(key)
        listed.append(
            ListedUnit(
                roster_import=roster_import,
                unit_id=key,
                content_hash=content_hash,
                is_noted=latest is None
                or (latest.as_of, latest.is_partial, latest.content_hash) != this,
                people_before=before[code],
                people_after=before[code] + comparison.moved_by_unit[code],
            )
        )
    return listed


def _sheet(roster_import: RosterImport, attempt: int) -> Sheet | None:
    """None if the file can't be read: then the import waits for a person again."""
    try:
        with roster_import.file.open("rb") as file:
            return read_sheet(file.read(), name=roster_import.file_name)
    except SheetError as error:
        problem = str(error)
    except (OSError, ValueError):  # ValueError: no file is kept
        problem = _("Tệp của lần nhập này không còn: hãy tải danh sách lên lại.")
    with transaction.atomic():
        get_on(roster_import, attempt, state=ImportState.UPLOADED, problem=problem)
    return None
