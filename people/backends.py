"""Signing in by staff code, e-mail or phone."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import Q, Subquery
from django.http import HttpRequest

from people.models import Person, User
from people.queries.second_factor import key_of_app


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
        """With the key of the app that she signs in by besides her password, if any (`app_key`)."""
        accounts = User.objects.select_related("person").annotate(app_key=Subquery(key_of_app()))
        user = accounts.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


def account_of(identifier: str) -> User | None:
    """The account that this staff code, e-mail or phone signs in; a staff code wins.

    The code of a person opens her account whatever that is called, and so do the codes of rows that
    were merged into hers; a closed account that is nobody's any more does not stand in the way.
    """
    identifier = identifier.strip()
    phone = normalised_phone(identifier)
    matches = User.objects.filter(
        Q(username__iexact=identifier)
        | (Q(email__iexact=identifier) & ~Q(email=""))
        | (Q(phone=phone) & ~Q(phone=""))
    )
    ranked = sorted(matches, key=lambda user: user.username.casefold() != identifier.casefold())
    found = ranked[0] if ranked else None
    if found is not None and (found.is_active or found.person_id is not None):
        return found
    return _account_by_code(identifier) or found


def _account_by_code(code: str) -> User | None:
    person = Person.objects.filter(code=code).first()
    key = person and (person.merged_into_id or person.pk)
    return User.objects.filter(person=key).first() if key else None


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
