"""Apps on phones and what they show, for tests of signing in."""

from __future__ import annotations

import time

from django.test import Client
from django_otp.oath import TOTP

from people.models import AuthenticatorApp, User
from people.second_factor import new_seed, secret_from
from people.services.second_factor import switch_on

LOGIN, STEP = "/accounts/login/", "/accounts/second-step/"
PASSWORD = "mat-khau-thu"


def code_of(seed: str, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    totp = TOTP(secret_from(seed))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def wrong_code(seed: str) -> str:
    shown = {code_of(seed, steps=steps) for steps in range(-3, 4)}
    return next(f"{number:06d}" for number in range(10) if f"{number:06d}" not in shown)


def switched_on(account: User) -> tuple[str, list[str]]:
    """The seed of the app, which has not shown a code since, and the recovery codes."""
    seed = new_seed()
    _app, codes = switch_on(account, seed=seed, typed=code_of(seed))
    AuthenticatorApp.objects.filter(user=account).update(last_t=-1)
    return seed, codes


def type_password(client: Client, account: User, *, url: str = LOGIN, **more: str):
    return client.post(url, {"username": account.username, "password": PASSWORD, **more})


def type_code(client: Client, code: str, **more: str):
    return client.post(STEP, {"second_code": code, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
