"""Inline markup: `**bold**` and `*italic*`, not nested, nothing else."""

import re
from html import escape

_MARKED = re.compile(r"\*\*(?!\s)([^*]+)(?<!\s)\*\*|\*(?!\s)([^*]+)(?<!\s)\*")


def inline_html(text: str) -> str:
    """HTML for Wagtail's rich text: `<b>` and `<i>`, everything else escaped.

    Straight quotes stay as they are, so the result is for text, never for an attribute.
    """
    return _MARKED.sub(_as_tag, escape(text, quote=False))


def has_stray_asterisk(text: str) -> bool:
    """Whether an asterisk neither opens nor closes anything."""
    return "*" in _MARKED.sub("", text)


def _as_tag(marked: re.Match[str]) -> str:
    bold, italic = marked.groups()
    return f"<b>{bold}</b>" if bold is not None else f"<i>{italic}</i>"
