"""Sets a certificate in type: A4 landscape, PDF/A-2b for the archive, tagged for screen readers."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from certificates.addresses import verify_url
from certificates.models import Certificate
from certificates.rules import Standing
from people.dates import local_day

TEMPLATE = Path(__file__).with_name("certificate.typ")
FACES = ["400Regular", "400Regular_Italic", "500Medium", "600SemiBold", "700Bold"]
STAMPS = {Standing.REVOKED: "Đã thu hồi", Standing.REPLACED: "Đã cấp lại"}
FIRST_DAY_WITHOUT_ZERO = 10
FIRST_MONTH_WITHOUT_ZERO = 3


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


def render_pdf(certificate: Certificate, *, standing: Standing = Standing.VALID) -> bytes:
    """The PDF; one that was revoked or replaced bears that across the page.

    Everything it says goes in as one JSON string: typed text is never read as Typst source. The
    same certificate gives the same bytes, whenever it is downloaded.
    """
    said = json.dumps(_settable(_said(certificate, standing)), ensure_ascii=False)
    return typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=_font_folders(),
        ignore_system_fonts=True,
        sys_inputs={"certificate": said},
        pdf_standards=["a-2b", "ua-1"],
        timestamp=certificate.issued_at.replace(microsecond=0),
    )


def in_words(day: date) -> str:
    """As in "ngày 05 tháng 4 năm 2026": a zero before days 1–9 and months 1–2.

    So no digit can be added by hand (Decree 30/2020/NĐ-CP).
    """
    day_text = f"{day.day:02d}" if day.day < FIRST_DAY_WITHOUT_ZERO else str(day.day)
    month = f"{day.month:02d}" if day.month < FIRST_MONTH_WITHOUT_ZERO else str(day.month)
    return f"ngày {day_text} tháng {month} năm {day.year}"


def _font_folders() -> list[str]:
    folders = [Path(settings.CERTIFICATE_FONTS) / face for face in FACES]
    if not all(folder.is_dir() for folder in folders):
        raise FontsMissingError(f"No fonts in {settings.CERTIFICATE_FONTS}: run npm ci.")
    return [str(folder) for folder in folders]


def _said(certificate: Certificate, standing: Standing) -> dict[str, Any]:
    return {
        "wording": certificate.wording,
        "number": certificate.number,
        "issuer": certificate.issuer,
        "issuer_parent": certificate.issuer_parent,
        "person_name": certificate.person_name,
        "birth_date": _short(certificate.birth_date),
        "unit_name": certificate.unit_name,
        "course_title": certificate.course_title,
        "modules": certificate.module_titles,
        "run_title": certificate.run_title,
        "trained_from": _short(certificate.trained_from),
        "completed_on": _short(certificate.completed_on),
        "periods": certificate.periods,
        "result": certificate.result,
        "valid_until": _short(certificate.valid_until),
        "place_and_day": _place_and_day(certificate),
        "signatories": certificate.signatories,
        "verify_url": verify_url(certificate),
        "qr": _qr_svg(verify_url(certificate)),
        "stamp": STAMPS.get(standing, ""),
    }


def _short(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _place_and_day(certificate: Certificate) -> str:
    words = in_words(local_day(certificate.issued_at))
    return f"{certificate.place}, {words}" if certificate.place else words.capitalize()


def _qr_svg(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, border=0, dark="#1f2421"
    )
    return drawn.getvalue().decode()


def _settable(said: Any) -> Any:
    """Without what the typeface lacks: an emoji in a run's title must not cost a certificate."""
    if isinstance(said, dict):
        return {name: _settable(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_settable(value) for value in said]
    if isinstance(said, str):
        return "".join(char for char in said if _is_settable(char))
    return said


def _is_settable(char: str) -> bool:
    """A line's end is too: a deputy signs under two lines."""
    return char == "\n" or any(ord(char) in each for each in IN_THE_TYPEFACE)
