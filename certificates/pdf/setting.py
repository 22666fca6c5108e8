"""Sets a certificate in type: A4 landscape, one page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from certificates.addresses import verify_url
from certificates.models import Certificate
from certificates.rules import Standing
from people.dates import local_day
from people.pdf import qr_svg, set_in_type

TEMPLATE = Path(__file__).with_name("certificate.typ")
STAMPS = {Standing.REVOKED: "Đã thu hồi", Standing.REPLACED: "Đã cấp lại"}
FIRST_DAY_WITHOUT_ZERO = 10
FIRST_MONTH_WITHOUT_ZERO = 3


def render_pdf(certificate: Certificate, *, standing: Standing = Standing.VALID) -> bytes:
    """The PDF; one that was revoked or replaced bears that across the page.

    Everything it says goes in as one JSON string: typed text is never read as Typst source. The
    same certificate gives the same bytes, whenever it is downloaded.
    """
    return set_in_type(TEMPLATE, at=certificate.issued_at, certificate=_said(certificate, standing))


def in_words(day: date) -> str:
    """As in "ngày 05 tháng 4 năm 2026": a zero before days 1–9 and months 1–2.

    So no digit can be added by hand (Decree 30/2020/NĐ-CP).
    """
    day_text = f"{day.day:02d}" if day.day < FIRST_DAY_WITHOUT_ZERO else str(day.day)
    month = f"{day.month:02d}" if day.month < FIRST_MONTH_WITHOUT_ZERO else str(day.month)
    return f"ngày {day_text} tháng {month} năm {day.year}"


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
        "qr": qr_svg(verify_url(certificate)),
        "stamp": STAMPS.get(standing, ""),
    }


def _short(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _place_and_day(certificate: Certificate) -> str:
    words = in_words(local_day(certificate.issued_at))
    return f"{certificate.place}, {words}" if certificate.place else words.capitalize()
