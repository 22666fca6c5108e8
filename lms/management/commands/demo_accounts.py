from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lms.demo.accounts import ACCOUNTS, DEMO_PASSWORD
from lms.demo.verdicts import addresses
from people.models import User


class Command(BaseCommand):
    help = "Prints the demo accounts, their password, and certificates to verify."

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(User.objects.filter(is_demo=True).values_list("username", flat=True))
        if not known:
            self.stdout.write("Không có tài khoản thử nghiệm nào.")
            return
        self.stdout.write(f"Tài khoản thử nghiệm (mật khẩu chung: {DEMO_PASSWORD}):")
        for account in ACCOUNTS:
            if account.username in known:
                self.stdout.write(f"  {account.username:<12} {account.role}")
        self.stdout.write("Tra cứu thử giấy chứng nhận:")
        for state, address in addresses(timezone.localdate()).items():
            self.stdout.write(f"  {state:<12} {address}")
