"""What a token of the API looks like, and what is kept of it. No query, no clock."""

import secrets

from django.utils.crypto import salted_hmac

BEGINNING = "bvte_"  # so that a token which slipped into a file is found there
RANDOM_BYTES = 32
SHOWN = len(BEGINNING) + 6  # characters by which people tell tokens apart


def new_token() -> str:
    return BEGINNING + secrets.token_urlsafe(RANDOM_BYTES)


def digest(token: str) -> str:
    """Keyed, so that a copy of the database without the secret key opens nothing.

    A fast digest will do: nobody guesses 256 random bits.
    """
    return salted_hmac("reports.sharing_token", token, algorithm="sha256").hexdigest()
