from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from people.management.imports import ImportCommand
from people.models import Verdict
from people.services.roster_lists import RosterOutcome, import_roster
from people.sheets import Sheet


class Command(ImportCommand):
    help = "Reconciles people and memberships with a staff list (CSV, XLSX, ODS) of a day."
    verdicts = dict(Verdict.choices)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--partial", action="store_true", help="absence says nothing")

    def apply(self, sheet: Sheet, options: dict[str, Any]) -> RosterOutcome:
        return import_roster(
            sheet,
            name=Path(options["file"]).name,
            as_of=options["as_of"] or timezone.localdate(),
            applied_at=timezone.now(),
            is_partial=options["partial"],
            is_dry_run=options["dry_run"],
        )
