import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms_pages.content_format import ContentError
from cms_pages.loading import CONTENT, Loaded, load_course_pages
from reports.services.targets import ensure_targets


class Command(BaseCommand):
    help = "Loads pages, questions, the course with its modules, and targets; idempotent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            "--folder",
            dest="folder",
            type=Path,
            default=CONTENT,
            metavar="FOLDER|ZIP",
            help="a course in text files (the one that ships)",
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="also pages that trainers have changed since"
        )

        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_course_pages(
                options["folder"], at=timezone.now(), overwrite=options["overwrite"]
            )
        except ContentError as error:
            raise CommandError(str(error)) from error
        ensure_targets(loaded.course)
        if options["json"]:
            self.stdout.write(json.dumps(_report(loaded), ensure_ascii=False))
        else:
            self._print(loaded)

    def _print(self, loaded: Loaded) -> None:
        self.stdout.write(
            f"Trang: {loaded.created} mới, {loaded.updated} cập nhật, "
            f"{loaded.unchanged} không đổi, {len(loaded.kept)} giữ nguyên."
        )
        for line in loaded.kept:
            self.stdout.write(f"  {line}")
        self.stdout.write(
            f"Câu hỏi: {sum(loaded.questions.values())} dùng được, "
            f"{sum(loaded.waiting_questions.values())} chờ kiểu câu hỏi mới."
        )


def _report(loaded: Loaded) -> dict[str, Any]:
    return {
        "course": loaded.course.code,
        "created": loaded.created,
        "updated": loaded.updated,
        "unchanged": loaded.unchanged,
        "kept": loaded.kept,
        "questions": loaded.questions,
        "waiting_questions": loaded.waiting_questions,
    }
