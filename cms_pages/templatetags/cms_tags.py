"""Small look-ups for the page templates."""

from __future__ import annotations

from datetime import datetime

from django import template

from cms_pages.blocks import LEVELS
from cms_pages.showing import Standing, Step

register = template.Library()


@register.filter
def case_level(value: str) -> str:
    """Where a case happens, in words."""
    return str(dict(LEVELS).get(value, value))


@register.filter
def done_at(standing: Standing, step: Step) -> datetime | None:
    return standing.done_at(step)
