from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.backends import account_of
from people.models import AuthenticatorApp, User
from people.services.second_factor import remove_second_factor


class Command(BaseCommand):
    help = (
        "Takes the second step of signing in away: from an administrator who lost her phone and "
        "has nobody above her, or from everybody after SECRET_KEY has changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", help="staff code, e-mail or phone")
        parser.add_argument("--everybody", action="store_true")
        parser.add_argument("--reason", required=True, help="for the audit log")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = self._accounts(options["username"], is_everybody=options["everybody"])
        for account in accounts:
            remove_second_factor(account, by=None, reason=options["reason"])
        self.stdout.write(f"Đã gỡ đăng nhập hai bước của {len(accounts)} tài khoản.")

    def _accounts(self, name: str | None, *, is_everybody: bool) -> list[User]:
        if is_everybody:
            apps = AuthenticatorApp.objects.values("user")
            return list(User.objects.filter(pk__in=apps))
        account = account_of(name) if name else None
        if account is None:
            raise CommandError(f"Không có tài khoản {name}.")
        return [account]
