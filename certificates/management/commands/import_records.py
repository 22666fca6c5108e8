import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from certificates.services.recording import RecordingReport, record_training
from people.imports.rejections import WHOLE_FILE, Rejection, as_json
from people.sheets import SheetError, read_path


class Command(BaseCommand):
    help = "Records training held elsewhere, from CSV, XLSX or ODS: all rows or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="check only; record nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        report = _record(options["file"], is_dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(_json(report))
        else:
            self._print(report)
        if report.rejected:
            raise SystemExit(1)

    def _print(self, report: RecordingReport) -> None:
        for rejection in report.rejected:
            self.stderr.write(f"Dòng {rejection.row}, {rejection.column}: {rejection.message}")
        if report.rejected:
            self.stderr.write("Chưa ghi nhận dòng nào: hãy sửa các dòng trên rồi nhập lại.")
        else:
            self.stdout.write(f"Ghi nhận mới {report.new}, không đổi {report.unchanged}.")


def _record(path: str, *, is_dry_run: bool) -> RecordingReport:
    try:
        sheet = read_path(path)
    except SheetError as error:
        return RecordingReport(rejected=[Rejection(WHOLE_FILE, "", str(error))])
    return record_training(sheet, at=timezone.now(), is_dry_run=is_dry_run)


def _json(report: RecordingReport) -> str:
    return json.dumps(
        {
            "new": report.new,
            "unchanged": report.unchanged,
            "rejected": as_json(report.rejected),
        },
        ensure_ascii=False,
    )
