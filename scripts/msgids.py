"""Find the strings that are marked for translation, in Python and in templates.

Django turns a template into calls that Babel's extractor for Python reads; nothing is parsed here.
Our scripts hold no words: the page gives them in `data-` attributes.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class Msgid(NamedTuple):
    """What is looked up: a string, or (singular, plural); None where there is no context."""

    id: str | tuple[str, ...]
    context: str | None
    path: str


def msgids_of(paths: Iterable[Path]) -> Iterator[Msgid]:
    for path in paths:
        source = path.read_text(encoding="utf-8")
        as_python = source if path.suffix == ".py" else _as_python(source)
        for _line, message, _comments, context in extract(
            "python", BytesIO(as_python.encode()), KEYWORDS
        ):
            yield Msgid(message, context, path.as_posix())


def _as_python(template: str) -> str:
    """One call a line; what stood around is X's, whose indentation would mean something."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())
