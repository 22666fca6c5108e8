"""How dates, numbers and scores are written in templates."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses.rules import ten_point_tenths
from people import formats

register = template.Library()

SPRITE = "lms/icons/sprite.svg"

register.filter("local_date", formats.local_date)
register.filter("local_time", formats.local_time)
register.filter("local_number", formats.local_number)
register.filter("tenths", formats.local_tenths)


@register.simple_tag
def ten_point(points: int | None, possible: int | None) -> str:
    """Points on the ten-point scale, one decimal, rounded down."""
    if points is None or not possible:
        return ""
    return formats.local_tenths(ten_point_tenths(points, possible))


@register.inclusion_tag("components/icon.html")
def icon(name: str, css_class: str = "") -> dict[str, str]:
    """A sign from our one sprite, silent to screen readers: the words beside it say the same."""
    return {"address": static(SPRITE), "name": name, "class": css_class}


@register.simple_tag
def content_lang() -> SafeString:
    """`<h1{% content_lang %}>`: what authors wrote is Vietnamese, even where the page is not."""
    if get_language() == settings.LANGUAGE_CODE:
        return SafeString("")
    return SafeString(f' lang="{settings.LANGUAGE_CODE}"')
