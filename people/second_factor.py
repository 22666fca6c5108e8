"""What the second step of signing in is made of: six digits of an app, or a recovery code.

No query, no clock. Nothing that opens an account is kept: of an app its seed, of a recovery code a
digest, and both are worthless without `SECRET_KEY`.
"""

from __future__ import annotations

import re
import secrets
from base64 import b32encode, b64encode

from django.utils.crypto import salted_hmac
from django_otp.util import random_hex

APP_DIGITS = 6
RECOVERY_DIGITS = 10  # 33 random bits; guesses are slowed down, and the digest is keyed
RECOVERY_CODES = 10
SECRET_BYTES = 20  # 160 bits, as RFC 4226 recommends
LONGEST_DIGEST = 16  # characters that django-otp has room for: 96 bits


def new_seed() -> str:
    return str(random_hex(SECRET_BYTES))


def secret_from(seed: str) -> bytes:
    """What the app and we share. It is stored nowhere, only made again from the seed."""
    made = salted_hmac("people.second_factor.app", seed, algorithm="sha256").digest()
    return bytes(made[:SECRET_BYTES])


def readable(secret: bytes) -> str:
    """As it is typed where no camera is at hand: base32 in groups of four."""
    text = b32encode(secret).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def new_recovery_codes() -> list[str]:
    """All different, of digits alone: the keyboard that opens for the app's code will do."""
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        codes.add("".join(secrets.choice("0123456789") for _ in range(RECOVERY_DIGITS)))
    return sorted(codes)


def grouped(recovery_code: str) -> str:
    """As printed: "12345 67890"."""
    return f"{recovery_code[:5]} {recovery_code[5:]}"


def digest(recovery_code: str, *, account_id: int) -> str:
    value = f"{account_id}:{recovery_code}"
    made = salted_hmac("people.second_factor.recovery", value, algorithm="sha256").digest()
    return b64encode(made).decode()[:LONGEST_DIGEST]


def digits_of(typed: str) -> str:
    """With or without blanks and hyphens; "" for what is no code of either kind."""
    text = re.sub(r"[\s\-]", "", typed[:40])
    is_code = re.fullmatch(r"[0-9]+", text) and len(text) in (APP_DIGITS, RECOVERY_DIGITS)
    return text if is_code else ""
