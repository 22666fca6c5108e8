import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from certificates.services.issuing import issue_missing
from courses.models import CourseRun


class Command(BaseCommand):
    help = "Issues and numbers whatever certificates are missing; harmless to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--run", metavar="CODE", help="of this run only")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        caught_up = issue_missing(run=_run(options["run"]), at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(asdict(caught_up)))
        else:
            self.stdout.write(
                f"Đã cấp {caught_up.issued} giấy chứng nhận, vào sổ {caught_up.numbered} số."
            )


def _run(code: str | None) -> CourseRun | None:
    if code is None:
        return None
    try:
        return CourseRun.objects.get(code=code)
    except CourseRun.DoesNotExist:
        raise CommandError(f"Không có đợt nào mang mã “{code}”.") from None
