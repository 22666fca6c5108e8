"""Days as this system counts them: local to Asia/Ho_Chi_Minh, inclusive at both ends."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone


def held_on(day: date, prefix: str = "") -> Q:
    """Rows whose `started_on` … `ended_on` (None: open) contain the day.

    `prefix` walks a relation and ends in two underscores: `held_on(day, "memberships__")`.
    """
    return Q(**{f"{prefix}started_on__lte": day}) & (
        Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gte": day})
    )


def day_before(day: date) -> date:
    """The last day of a row when the next one begins on `day`: "left on D" means D − 1."""
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    """The first day that may follow a row whose last one is `day`."""
    return day + timedelta(days=1)


def start_of_day(day: date) -> datetime:
    """The first instant of the local day, aware."""
    return timezone.make_aware(datetime.combine(day, time.min))


def local_day(instant: datetime) -> date:
    """The local day on which an aware instant falls."""
    return timezone.localtime(instant).date()
