import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from courses.services.rebuild import rebuild_completions

SHOWN = 20  # lines of each list without --json


class Command(BaseCommand):
    help = "Replays all evidence and stores completions that are missing; --check only reports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 on drift")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        report = rebuild_completions(at=timezone.now(), is_check=options["check"])
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "enrolments": report.enrolments,
                        "drift": report.drift,
                        "standing": report.standing,
                    },
                    ensure_ascii=False,
                )
            )
        else:
            self._print("Sai lệch", report.drift)
            self._print("Quyết định cũ vẫn giữ nguyên", report.standing)
            self.stdout.write(f"Đã phát lại {report.enrolments} lượt ghi danh.")
        if options["check"] and report.drift:
            raise SystemExit(1)

    def _print(self, title: str, lines: list[str]) -> None:
        self.stdout.write(f"{title}: {len(lines)}")
        for line in lines[:SHOWN]:
            self.stdout.write(f"  {line}")
