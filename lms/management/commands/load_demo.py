from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.models import Course
from lms.demo.district import OccupiedError, write_district
from people.models import User


class Command(BaseCommand):
    help = "Loads the content and an invented district with history, runs and accounts, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=4500, help="about how many (4500)")
        parser.add_argument("--seed", type=int, default=2026, help="another one, another district")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Máy chủ thật không nạp dữ liệu thử nghiệm (settings.DEMO tắt).")
        call_command("load_content", stdout=self.stdout)
        if User.objects.filter(is_demo=True).exists():
            self.stdout.write("Dữ liệu thử nghiệm đã có sẵn.")
            return
        try:
            count = write_district(
                Course.objects.get(code="BVTE"),
                at=timezone.now(),
                people=options["people"],
                seed=options["seed"],
            )
        except OccupiedError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Đã nạp huyện thử nghiệm với {count} người đang làm việc.")
