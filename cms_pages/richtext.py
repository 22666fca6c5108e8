"""What authors may do in running text, and making safe what code or an import wrote."""

from __future__ import annotations

from collections.abc import Iterable

import nh3

INLINE = ["bold", "italic", "link"]
LISTS = [*INLINE, "ul", "ol"]
TEXT = [*LISTS, "h3"]

_TAGS = {"p", "b", "i", "ul", "ol", "li"}


def paragraph(html: str) -> str:
    """One paragraph; whatever Wagtail's editor could not have written is removed."""
    return nh3.clean(f"<p>{html}</p>", tags=_TAGS)


def bullets(items: Iterable[str]) -> str:
    """A bullet list of inline HTML; empty without items."""
    lines = "".join(f"<li>{item}</li>" for item in items)
    return nh3.clean(f"<ul>{lines}</ul>", tags=_TAGS) if lines else ""
