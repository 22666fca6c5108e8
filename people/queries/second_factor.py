"""Who signs in in two steps, who may choose to, and who must."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet

from people.grants import Grants
from people.models import AuthenticatorApp, RecoveryCodes, ScopeRole, User


def confirmed_apps() -> QuerySet[AuthenticatorApp]:
    """The oldest counts, though an account has one. None for anybody where it is switched off."""
    apps = AuthenticatorApp.objects.filter(confirmed=True).order_by("pk")
    return cast("QuerySet[AuthenticatorApp]", apps if is_switched_on() else apps.none())


def app_of(account: User) -> AuthenticatorApp | None:
    return confirmed_apps().filter(user=account).first()


def key_of_app() -> QuerySet[AuthenticatorApp, Any]:
    """For an annotation of accounts, which costs no query of its own."""
    return confirmed_apps().filter(user=OuterRef("pk")).values("pk")[:1]


def recovery_codes_left(account: User) -> int:
    left = RecoveryCodes.objects.filter(user=account).values_list(F("token_set__token"), flat=True)
    return sum(token is not None for token in left)


def is_switched_on() -> bool:
    return bool(settings.SECOND_FACTOR != "off")


def may_have_second_factor(grants: Grants) -> bool:
    """Whoever sees other people's records, or what the site itself is made of."""
    account = grants.viewer
    return is_switched_on() and (
        grants.is_unlimited
        or bool(account.is_staff)
        or bool(grants.roles - {ScopeRole.AGGREGATE_VIEWER})
    )


def must_have_second_factor(grants: Grants) -> bool:
    return bool(settings.SECOND_FACTOR == "required") and may_have_second_factor(grants)
