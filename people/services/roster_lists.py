"""The command's way: a staff list checked and applied at once, or nothing of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from people.dates import local_day
from people.imports.rejections import WHOLE_FILE, Rejection, as_json
from people.imports.roster_changes import Change
from people.imports.roster_comparison import Comparison, ListTerms, compare
from people.imports.roster_known import Importer
from people.imports.staging import forget_rows
from people.models import ImportState, RosterImport, Verdict
from people.services.roster_applying import apply_checked, tell
from people.services.roster_checking import check_sheet
from people.services.roster_working import claim
from people.sheets import Sheet

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class RosterOutcome:
    """What a list did, or would do. Anything rejected: it did nothing, and all counts are 0.

    `possible_duplicates`: rows of people new to the roster who bear name, sex and birth date of
    somebody known, with that person's code: perhaps one person under two codes.
    """

    as_of: date
    is_dry_run: bool
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    possible_duplicates: list[tuple[int, str]] = field(default_factory=list)
    ignored_sheets: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            **{verdict.value: self.counts[verdict.value] for verdict in Verdict},
            "rejected": as_json(self.rejected),
            "possible_duplicates": [
                {"row": row, "known_code": code} for row, code in self.possible_duplicates
            ],
            "as_of": self.as_of.isoformat(),
            "dry_run": self.is_dry_run,
        }


def import_roster(
    sheet: Sheet,
    *,
    name: str = "",
    as_of: date,
    applied_at: datetime,
    is_partial: bool = False,
    is_dry_run: bool = False,
) -> RosterOutcome:
    """Reconcile the units that the list names with the list as it stands on `as_of`.

    With `is_partial`, absence from the list says nothing. A dry run says the same and stores
    nothing. Never raises for what is wrong with the list: see `rejected`.
    """
    terms = ListTerms(as_of, is_partial, Importer(None, local_day(applied_at)))
    outcome = RosterOutcome(as_of, is_dry_run, ignored_sheets=sheet.ignored)
    if is_dry_run:
        comparison = compare(sheet, terms)
        _exhaust(comparison.changes())
        outcome.rejected = comparison.rejected
    else:
        comparison, outcome.rejected = _import(sheet, terms, name=name, at=applied_at)
    if not outcome.rejected:
        outcome.counts = comparison.counts
        outcome.possible_duplicates = comparison.duplicates_found
    return outcome


def _import(
    sheet: Sheet, terms: ListTerms, *, name: str, at: datetime
) -> tuple[Comparison, list[Rejection]]:
    """What the list says, and why nothing of it was applied, if it wasn't."""
    roster_import = RosterImport.objects.create(
        as_of=terms.as_of,
        is_partial=terms.is_partial,
        file_name=name,
        uploaded_at=at,
        state=ImportState.CHECKING,
    )
    attempt = claim(roster_import, ImportState.CHECKING)
    assert attempt is not None
    comparison = check_sheet(roster_import, sheet, terms, attempt=attempt)
    if comparison.rejected:
        _drop(roster_import)
        return comparison, comparison.rejected
    if not _apply(roster_import, at=at):
        _drop(roster_import)
        return comparison, [Rejection(WHOLE_FILE, "", _changed_meanwhile())]
    try:
        tell(roster_import)
    except Exception:  # the list counts all the same, and the worker tells again
        logger.exception("Could not tell of roster import %s", roster_import.pk)
    return comparison, []


def _apply(roster_import: RosterImport, *, at: datetime) -> bool:
    mine = RosterImport.objects.filter(pk=roster_import.pk, state=ImportState.CHECKED)
    mine.update(state=ImportState.APPLYING, confirmed_at=at)
    attempt = claim(roster_import, ImportState.APPLYING)
    is_applied = attempt is not None and apply_checked(roster_import, attempt=attempt, at=at)
    if not is_applied:
        mine = RosterImport.objects.filter(pk=roster_import.pk, state=ImportState.APPLYING)
        mine.update(state=ImportState.CHECKED)
    return is_applied


def _drop(roster_import: RosterImport) -> None:
    """The command says at once what is wrong; nobody comes back to it."""
    forget_rows(roster_import, attempt=roster_import.attempt)
    roster_import.delete()


def _changed_meanwhile() -> str:
    return _("Dữ liệu vừa được một lần nhập khác thay đổi; chưa áp dụng gì. Hãy nhập lại.")


def _exhaust(changes: Iterator[Change]) -> None:
    for _change in changes:
        pass
