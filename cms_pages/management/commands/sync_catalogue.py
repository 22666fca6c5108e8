from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cms_pages.publishing import find_drift, published_tree, sync_catalogue


class Command(BaseCommand):
    help = (
        "Registers what is published; --check only reports, and exits 1 when the catalogue differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 on drift")

    def handle(self, *args: Any, **options: Any) -> None:
        tree = published_tree()
        is_check = options["check"]
        drift = find_drift(tree) if is_check else sync_catalogue(at=timezone.now())
        title = "Sai lệch" if is_check else "Đã cập nhật"
        self._print(title, drift.lines())
        if tree.waiting:
            self._print("Trang đang đăng nhưng chưa vào danh mục", tree.waiting)
        if is_check and drift:
            raise SystemExit(1)

    def _print(self, title: str, lines: list[str]) -> None:
        self.stdout.write(f"{title}: {len(lines)}")
        for line in lines:
            self.stdout.write(f"  {line}")
