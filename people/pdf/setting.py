"""From words to a PDF: in our typeface, PDF/A-2b for the archive, tagged for screen readers."""

from __future__ import annotations

import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

FACES = ["400Regular", "400Regular_Italic", "500Medium", "600SemiBold", "700Bold"]
INK = "#1f2421"

# Latin with its extensions and Vietnamese; combining marks; punctuation, the đồng and the euro.
IN_THE_TYPEFACE = [
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x1A0, 0x1B1),
    range(0x300, 0x324),
    range(0x1EA0, 0x1EFA),
    range(0x2013, 0x2015),
    range(0x2018, 0x201F),
    range(0x2020, 0x2023),
    range(0x2026, 0x2027),
    range(0x20AB, 0x20AD),
]


class FontsMissingError(Exception):
    """The fonts come from npm: run `make run` or `npm ci --ignore-scripts`."""


def set_in_type(template: Path, *, at: datetime, **said: Any) -> bytes:
    """The PDF of a Typst template; each argument reaches it as one JSON string of that name.

    Typed text is never read as Typst source. The same words at the same instant give the same
    bytes.
    """
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=_font_folders(),
        ignore_system_fonts=True,
        sys_inputs={
            name: json.dumps(settable(value), ensure_ascii=False) for name, value in said.items()
        },
        pdf_standards=["a-2b", "ua-1"],
        timestamp=at.replace(microsecond=0),
    )


def qr_svg(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, border=0, dark=INK
    )
    return drawn.getvalue().decode()


def settable(said: Any) -> Any:
    """Without what the typeface lacks: an emoji in a name must not cost the whole paper."""
    if isinstance(said, dict):
        return {name: settable(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [settable(value) for value in said]
    if isinstance(said, str):
        return "".join(char for char in said if _is_settable(char))
    return said


def _is_settable(char: str) -> bool:
    """A line's end is too: a deputy signs under two lines."""
    return char == "\n" or any(ord(char) in each for each in IN_THE_TYPEFACE)


def _font_folders() -> list[str]:
    folders = [Path(settings.CERTIFICATE_FONTS) / face for face in FACES]
    if not all(folder.is_dir() for folder in folders):
        raise FontsMissingError(f"No fonts in {settings.CERTIFICATE_FONTS}: run npm ci.")
    return [str(folder) for folder in folders]
