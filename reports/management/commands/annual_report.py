"""`manage.py annual_report`: a unit's report of a year as it was filed, as DOCX, PDF or XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.models import Unit
from reports.documents import RENDERERS, paper_of
from reports.models import Report
from reports.queries.filing import Term
from reports.queries.snapshots import content_of
from reports.services.filing import FilingError, unfiled_report

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Command(BaseCommand):
    help = "Báo cáo năm của một đơn vị như đã gửi; chưa gửi thì là dự thảo theo số liệu hiện có."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", required=True, type=int, metavar="Y")
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--format", required=True, metavar="|".join(RENDERERS))
        parser.add_argument("--output", required=True, metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        render = RENDERERS.get(options["format"])
        if render is None:
            raise CommandError(
                f"Không có dạng tệp “{options['format']}”. Có thể chọn: {', '.join(RENDERERS)}."
            )
        report = _report(_unit(options["unit"]), _term(options["year"]))
        content = content_of(report)
        at = report.submitted_at or timezone.now()
        try:
            options["output"].write_bytes(render(paper_of(report, content), at=at))
        except OSError as error:
            raise CommandError(f"Không ghi được {options['output']}: {error.strerror}.") from error
        if report.is_draft:
            self.stderr.write("Báo cáo này chưa gửi: tệp là dự thảo theo số liệu hiện có.")


def _report(unit: Unit, term: Term) -> Report:
    """The last one that was sent; else the open draft; else what a draft would begin as."""
    reports = Report.objects.about(term.kind, term.started_on, term.ended_on).filter(unit=unit)
    reports = reports.select_related("unit", "target", "snapshot").order_by("version")
    filed = reports.sent().last() or reports.last()
    if filed is not None:
        return filed
    try:
        return unfiled_report(unit, term, today=timezone.localdate())
    except FilingError as error:
        raise CommandError(str(error)) from error


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CommandError(f"Không có đơn vị nào mang mã “{code}”. Hãy kiểm tra lại mã đơn vị.")
    return unit


def _term(year: int) -> Term:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CommandError(f"Năm {year} không hợp lệ. Hãy ghi như 2026.")
    return Term.of_year(year)
