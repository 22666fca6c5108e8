"""Who can't sign in yet."""

from __future__ import annotations

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q


def cannot_sign_in(prefix: str = "") -> Q:
    """People without an account, or with one that has no password yet."""
    return Q(**{f"{prefix}user__isnull": True}) | Q(
        **{f"{prefix}user__password__startswith": UNUSABLE_PASSWORD_PREFIX}
    )
