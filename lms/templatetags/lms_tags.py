"""How dates, numbers and scores are written in templates."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses.rules import ten_point_tenths
from people import formats

register = template.Library()

SPRITE = "lms/icons/sprite.svg"

# Words of two syllables in the titles of courses and the names of units.
COMPOUNDS = re.compile(
    r"\b(?:bảo vệ|bạo lực|bình đẳng|chăm sóc|chứng nhận|cơ sở|giáo dục|học đường|học sinh|kỹ năng"
    r"|mầm non|nhà trường|nhận biết|phổ thông|sinh sản|sức khỏe|thành niên|thành phố|thông báo"
    r"|thực hành|tiểu học|tổ chức|trẻ em|trung học|trung tâm|xâm hại|xử lý)\b",
    re.IGNORECASE,
)

register.filter("local_date", formats.local_date)
register.filter("local_time", formats.local_time)
register.filter("local_number", formats.local_number)
register.filter("tenths", formats.local_tenths)
register.filter("percent", formats.local_percent)


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
    return format_html(' lang="{}"', settings.LANGUAGE_CODE)


@register.filter
def as_content(words: object) -> SafeString:
    """`{{ run.title|as_content }}`: the same within a sentence of the interface."""
    lang = content_lang()
    return format_html("<span{}>{}</span>", lang, words) if lang else format_html("{}", words)


@register.filter
def unbroken(words: str) -> str:
    """In a large heading no line ends between the syllables of one word: "giáo dục", "Tiểu học"."""
    return COMPOUNDS.sub(lambda word: word[0].replace(" ", "\N{NO-BREAK SPACE}"), words)


@register.filter
def percents(numbers: Iterable[int]) -> list[str]:
    return [formats.local_percent(number) for number in numbers]
