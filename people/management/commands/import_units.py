from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.management.imports import ImportCommand
from people.services.unit_lists import UnitsOutcome, import_units
from people.sheets import Sheet


class Command(ImportCommand):
    help = "Brings units up to a list (CSV, XLSX, ODS) of how they stand on a day."
    verdicts = {
        "new": _("Thêm mới"),
        "changed": _("Thay đổi"),
        "unchanged": _("Không đổi"),
        "closed": _("Ngừng hoạt động"),
    }

    def apply(self, sheet: Sheet, options: dict[str, Any]) -> UnitsOutcome:
        return import_units(
            sheet,
            today=timezone.localdate(),
            as_of=options["as_of"],
            is_dry_run=options["dry_run"],
        )
