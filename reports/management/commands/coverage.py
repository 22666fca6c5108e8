"""`manage.py coverage`: coverage of a target on a day, as JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.contract import (
    BREAKDOWNS,
    UnknownError,
    answer,
    answer_rows,
    axes_called,
    day_written,
    target_called,
    unit_called,
    unknown,
)
from reports.coverage import CoverageTable
from reports.queries import RootUnitError, coverage_by


class Command(BaseCommand):
    help = "Tỷ lệ bao phủ của một chỉ tiêu tại một ngày."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--target", required=True, metavar="CODE")
        parser.add_argument("--as-of", metavar="DATE", help="ngày; mặc định hôm nay")
        parser.add_argument("--unit", metavar="CODE", help="mặc định: đơn vị cao nhất")
        parser.add_argument("--by", action="append", default=[], metavar="|".join(BREAKDOWNS))
        parser.add_argument("--strict", action="store_true", help="đủ mọi chuyên đề bắt buộc")
        parser.add_argument("--format", default="json", metavar="json|csv")

    def handle(self, *args: Any, **options: Any) -> None:
        write = _writer(options["format"])
        day, unit = options["as_of"], options["unit"]
        try:
            table = coverage_by(
                target_called(options["target"]),
                as_of=timezone.localdate() if day is None else day_written(day),
                unit=None if unit is None else unit_called(unit),
                by=axes_called(options["by"]),
                is_strict=options["strict"],
            )
        except (RootUnitError, UnknownError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(write(table), ending="")


def as_json(table: CoverageTable) -> str:
    return json.dumps(answer(table), ensure_ascii=False) + "\n"


def as_csv(table: CoverageTable) -> str:
    """One line a row of the breakdown, each with its target, day and unit."""
    stamp = {"target": table.target, "as_of": table.as_of.isoformat(), "of_unit": table.unit}
    columns = [*stamp, *table.by, "required", "complete", "ratio"]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**stamp, **row} for row in answer_rows(table))
    return text.getvalue()


def _writer(name: str) -> Any:
    writers = {"json": as_json, "csv": as_csv}
    if name not in writers:
        raise CommandError(unknown(_("dạng tệp"), name, writers))
    return writers[name]
