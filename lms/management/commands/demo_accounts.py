from typing import Any

from django.core.management.base import BaseCommand

from lms.demo.accounts import ACCOUNTS, DEMO_PASSWORD
from people.models import User


class Command(BaseCommand):
    help = "Prints the demo accounts and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(User.objects.filter(is_demo=True).values_list("username", flat=True))
        if not known:
            self.stdout.write("Không có tài khoản thử nghiệm nào.")
            return
        self.stdout.write(f"Tài khoản thử nghiệm (mật khẩu chung: {DEMO_PASSWORD}):")
        for account in ACCOUNTS:
            if account.username in known:
                self.stdout.write(f"  {account.username:<12} {account.role}")
