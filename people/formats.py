"""Dates and numbers as people read them, in the language that is active.

| | Vietnamese | English |
|---|---|---|
| `local_date` | 05/04/2026 | 5 Apr 2026 |
| `local_time` | 07:30 05/04/2026 | 5 Apr 2026, 07:30 |
| `local_number` | 1.234 | 1,234 |
| `local_tenths` | 6,6 | 6.6 |
| `local_percent` | 6,6 % | 6.6% |

The forms are in `lms/formats/`. What is frozen or read by machines never comes through here.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _


def local_date(value: date | datetime | None) -> str:
    """Empty for None. Instants are shown as local days."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return str(date_format(value, "SHORT_DATE_FORMAT"))


def local_days(first: date, last: date | None, *, on: date) -> str:
    """ "01/09/2020 – 31/08/2026"; without an end "01/09/2020 – nay", or "từ 01/09/2030" of what is
    still to come on that day."""
    if last is None and first > on:
        return _("từ %(first)s") % {"first": local_date(first)}
    return f"{local_date(first)} – {local_date(last) or _('nay')}"


def local_time(value: datetime | None) -> str:
    """The local day and minute of an instant; empty for None."""
    if value is None:
        return ""
    return str(date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT"))


def local_number(value: int | None) -> str:
    """Thousands apart; empty for None."""
    return "" if value is None else str(number_format(value, force_grouping=True))


def local_tenths(value: int | None) -> str:
    """66 tenths with their decimal: of a score on the ten-point scale, or of one per cent."""
    return "" if value is None else str(number_format(Decimal(value) / 10, 1))


def local_percent(number: str | int) -> str:
    """A number with its sign, never broken apart."""
    return _("%(number)s\N{NO-BREAK SPACE}%%") % {"number": number}
