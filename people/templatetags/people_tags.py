"""How people and what they do are written in templates."""

from __future__ import annotations

from django import template
from django.utils import timezone

from people.formats import local_days
from people.models import Membership, UnitVersion

register = template.Library()


@register.simple_tag
def days_of(row: Membership | UnitVersion) -> str:
    """From when to when, as of today."""
    return local_days(row.started_on, row.ended_on, on=timezone.localdate())
