"""How a run's numbers are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import RunTerms

register = template.Library()

Part = tuple[str, Any, int]  # the part's name in CSS, its label, how many people


@register.inclusion_tag("courses/_stacked_bar.html")
def stacked_bar_with_legend(parts: Iterable[Part]) -> dict[str, Any]:
    return {**stacked_bar(parts), "has_legend": True}


@register.inclusion_tag("courses/_stacked_bar.html")
def stacked_bar(parts: Iterable[Part]) -> dict[str, Any]:
    """Parts of a whole beside each other. Places are SVG percentages, as text with a full stop."""
    shown = [part for part in parts if part[2]]
    total = sum(count for _name, _label, count in shown)
    placed, before = [], 0
    for name, label, count in shown:
        start = before * 100 / total
        placed.append((name, label, count, f"{start:.3f}%", f"{count * 100 / total:.3f}%"))
        before += count
    return {"parts": placed, "total": total}


@register.filter
def days_left(terms: RunTerms, today: date) -> str:
    """Until it opens, until its window closes, then until its grace ends; empty once it is over."""
    if today < terms.opens_on:
        days = (terms.opens_on - today).days
        return ngettext("còn %(days)d ngày thì mở", "còn %(days)d ngày thì mở", days) % {
            "days": days
        }
    until = terms.closes_on if today <= terms.closes_on else terms.last_day
    days = (until - today).days
    if days > 0:
        return ngettext("còn %(days)d ngày", "còn %(days)d ngày", days) % {"days": days}
    if days == 0:
        return _("hôm nay là ngày cuối")
    return ""
