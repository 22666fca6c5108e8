"""How people and what they do are written in templates."""

from __future__ import annotations

from django import template

from people.models import Membership, Position

register = template.Library()


@register.simple_tag
def post_of(membership: Membership) -> str:
    """ "Giáo viên, Tổ trưởng chuyên môn": what the group says already is not said again."""
    group = membership.get_staff_group_display()
    position = membership.position_title or membership.get_position_display()
    is_said = bool(membership.position_title) or membership.position != Position.OTHER
    return f"{group}, {position}" if is_said and position.casefold() != group.casefold() else group
