"""`manage.py coverage`: coverage of a target on a day, as JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Unit
from reports.coverage import Coverage, CoverageTable
from reports.models import Target
from reports.queries import RootUnitError, coverage_by
from reports.queries.coverage import AXES

DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")


class Command(BaseCommand):
    help = "Tỷ lệ bao phủ của một chỉ tiêu tại một ngày."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--target", required=True, metavar="CODE")
        parser.add_argument("--as-of", metavar="DATE", help="ngày; mặc định hôm nay")
        parser.add_argument("--unit", metavar="CODE", help="mặc định: đơn vị cao nhất")
        parser.add_argument("--by", action="append", default=[], metavar="|".join(AXES))
        parser.add_argument("--strict", action="store_true", help="đủ mọi chuyên đề bắt buộc")
        parser.add_argument("--format", default="json", metavar="json|csv")

    def handle(self, *args: Any, **options: Any) -> None:
        write = _writer(options["format"])
        try:
            table = coverage_by(
                _target(options["target"]),
                as_of=_day(options["as_of"]),
                unit=_unit(options["unit"]),
                by=_axes(options["by"]),
                is_strict=options["strict"],
            )
        except RootUnitError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(write(table), ending="")


def as_json(table: CoverageTable) -> str:
    answer: dict[str, Any] = {
        "target": table.target,
        "as_of": table.as_of.isoformat(),
        "unit": table.unit,
        "by": list(table.by),
        "rows": list(_rows(table)),
        "total": _figures(table.total),
    }
    if table.note:
        answer["note"] = table.note
    return json.dumps(answer, ensure_ascii=False) + "\n"


def as_csv(table: CoverageTable) -> str:
    """One line a row of the breakdown, each with its target, day and unit."""
    stamp = {"target": table.target, "as_of": table.as_of.isoformat(), "of_unit": table.unit}
    columns = [*stamp, *table.by, "required", "complete", "ratio"]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**stamp, **row} for row in _rows(table))
    return text.getvalue()


def _rows(table: CoverageTable) -> list[dict[str, Any]]:
    return [
        {**dict(zip(table.by, row.keys, strict=True)), **_figures(row.coverage)}
        for row in table.rows
    ]


def _figures(coverage: Coverage) -> dict[str, Any]:
    ratio = coverage.ratio
    return {
        "required": coverage.required,
        "complete": coverage.complete,
        "ratio": None if ratio is None else float(ratio),
    }


def _writer(name: str) -> Any:
    writers = {"json": as_json, "csv": as_csv}
    if name not in writers:
        raise CommandError(_unknown(_("dạng tệp"), name, writers))
    return writers[name]


def _target(code: str) -> Target:
    target = Target.objects.filter(code=code).first()
    if target is None:
        known = Target.objects.values_list("code", flat=True)
        raise CommandError(_unknown(_("chỉ tiêu"), code, list(known)))
    return target


def _unit(code: str | None) -> Unit | None:
    if code is None:
        return None
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CommandError(
            _("Không có đơn vị nào mang mã “%(code)s”. Hãy kiểm tra lại mã đơn vị.")
            % {"code": code}
        )
    return unit


def _day(text: str | None) -> date:
    if text is None:
        return timezone.localdate()
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise CommandError(
        _("Không đọc được ngày “%(text)s”. Hãy viết như 21/11/2026 hoặc 2026-11-21.")
        % {"text": text}
    )


def _axes(names: list[str]) -> Sequence[str]:
    for name in names:
        if name not in AXES:
            raise CommandError(_unknown(_("cách chia"), name, AXES))
    return names


def _unknown(what: str, given: str, known: Any) -> str:
    return _("Không có %(what)s “%(given)s”. Có thể chọn: %(known)s.") % {
        "what": what,
        "given": given,
        "known": ", ".join(known) or _("chưa có gì"),
    }
