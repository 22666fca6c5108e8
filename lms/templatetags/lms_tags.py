"""How dates and numbers are written in Vietnamese pages."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone

from courses.rules import ten_point_tenths

register = template.Library()


@register.filter
def vi_date(value: date | datetime | None) -> str:
    """As in 05/04/2026; empty for None. Instants are shown as local days."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{value:%d/%m/%Y}"


@register.filter
def vi_number(value: int | None) -> str:
    """As in 1.234; empty for None."""
    return "" if value is None else f"{value:,}".replace(",", ".")


@register.filter
def tenths(value: int | None) -> str:
    """A score or pass mark in tenths on the ten-point scale: 66 is "6,6"."""
    return "" if value is None else f"{value // 10},{value % 10}"


@register.simple_tag
def ten_point(points: int | None, possible: int | None) -> str:
    """Points on the ten-point scale, one decimal, rounded down."""
    if points is None or not possible:
        return ""
    return tenths(ten_point_tenths(points, possible))
