"""How long a certificate counts, and what to say of it on a day. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum

MONTHS_A_YEAR = 12


class Standing(StrEnum):
    """What a check of the certificate answers."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


def expires_on(completed_on: date, validity_months: int | None) -> date | None:
    """Last day the completion counts; None means it never lapses.

    Month ends clamp: 31 Jan + 1 month is 28 or 29 Feb.
    """
    if validity_months is None:
        return None
    years, month_index = divmod(completed_on.month - 1 + validity_months, MONTHS_A_YEAR)
    year, month = completed_on.year + years, month_index + 1
    return date(year, month, min(completed_on.day, monthrange(year, month)[1]))


def standing_on(
    day: date, *, valid_until: date | None, revoked_from: date | None, is_replaced: bool
) -> Standing:
    """Of several truths the one that helps most: a replaced certificate points to its successor."""
    if is_replaced:
        return Standing.REPLACED
    if revoked_from is not None and revoked_from <= day:
        return Standing.REVOKED
    if valid_until is not None and valid_until < day:
        return Standing.EXPIRED
    return Standing.VALID


def register_number(sequence: int, *, year: int) -> str:
    """As the register writes it: four digits at least, the year, "GCN"."""
    return f"{sequence:04d}/{year}/GCN"
