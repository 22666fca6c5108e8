"""Signing in by staff code, e-mail or phone."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from people.models import User


class IdentifierBackend(ModelBackend):
    """`username` may be the staff code, the e-mail address or the phone number of the account.

    An unknown identifier costs as much time as a wrong password, so that nobody can tell them
    apart. Demo accounts, whose passwords are public, are refused unless `settings.DEMO` is on.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        user = account_of(username)
        if user is None:
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMO or not user.is_demo)

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


def account_of(identifier: str) -> User | None:
    """The account that this staff code, e-mail or phone signs in; a staff code wins."""
    identifier = identifier.strip()
    phone = normalised_phone(identifier)
    matches = User.objects.filter(
        Q(username__iexact=identifier)
        | (Q(email__iexact=identifier) & ~Q(email=""))
        | (Q(phone=phone) & ~Q(phone=""))
    )
    ranked = sorted(matches, key=lambda user: user.username.casefold() != identifier.casefold())
    return ranked[0] if ranked else None


def identity_of(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """What failed sign-ins are counted under: the account, however its identifier was spelled."""
    typed = (credentials or {}).get("username") or (request and request.POST.get("username")) or ""
    account = account_of(typed)
    return account.username if account else typed.strip().casefold()[:150]


def normalised_phone(text: str) -> str:
    """Digits with a leading 0: "+84 912 345 678" and "0912.345.678" are one number."""
    digits = re.sub(r"[\s.()\-]", "", text[:40])
    digits = re.sub(r"^(\+84|0084)", "0", digits)
    return digits if digits.isascii() and digits.isdigit() else ""
