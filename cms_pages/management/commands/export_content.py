import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms_pages.content_format import ARCHIVE_SUFFIX
from cms_pages.exporting import Exported, ExportRefusedError, export_course
from cms_pages.models import CoursePage
from people.dates import local_day


class Command(BaseCommand):
    help = "Writes a published course as the text files that load_content reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("course", metavar="COURSE_CODE")
        parser.add_argument(
            "--to", dest="target", type=Path, required=True, metavar="FOLDER|FILE.zip"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        page = CoursePage.objects.live().filter(code=options["course"], alias_of=None).first()
        if page is None:
            raise CommandError(f"Không có khóa nào đang xuất bản mang mã {options['course']}.")
        try:
            exported = export_course(page, on=local_day(timezone.now()))
        except ExportRefusedError as error:
            raise CommandError(f"Chưa xuất được, hãy sửa các trang sau:\n{error}") from error
        _write(exported, options["target"])
        self._print(exported, options["target"], is_json=options["json"])

    def _print(self, exported: Exported, target: Path, *, is_json: bool) -> None:
        losses = [str(loss) for loss in exported.losses]
        if is_json:
            report = {
                "course": exported.content.code,
                "files": sorted(exported.files),
                "lessons": exported.lessons,
                "questions": exported.questions,
                "left_out": losses,
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(
            f"Đã xuất {len(exported.files)} tệp vào {target}: {exported.lessons} bài, "
            f"{exported.questions} câu hỏi."
        )
        for line in losses:
            self.stdout.write(f"  Không có trong tệp: {line}")


def _write(exported: Exported, target: Path) -> None:
    if target.suffix == ARCHIVE_SUFFIX:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(exported.archive())
        return
    target.mkdir(parents=True, exist_ok=True)
    strangers = {path.name for path in target.iterdir()} - set(exported.files)
    if strangers:
        names = ", ".join(sorted(strangers))
        raise CommandError(f"{target} đã có tệp khác ({names}); hãy chọn thư mục trống.")
    for name, text in exported.files.items():
        (target / name).write_bytes(text.encode())
