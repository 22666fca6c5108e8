"""Slips with codes, many to a page. In Vietnamese: whoever gets one has chosen no language yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from people.dates import local_day
from people.models import Person
from people.pdf.setting import qr_svg, set_in_type
from people.services.codes import Slip

TEMPLATE = Path(__file__).with_name("slips.typ")
STAFF_CODE, USER_NAME = "Mã nhân sự", "Tên đăng nhập"
WORDS = {
    "code": "Mã đăng nhập",
    "open": "Mở hoặc quét:",
    "type_both": "Ghi hai mã ở trên.",
    "choose": "Đặt mật khẩu của mình, rồi bắt đầu học.",
    "picture": "Mã QR của địa chỉ",
    "refused": "Chưa cấp mã; hãy nhờ quản trị hệ thống hoặc người quản lý cấp trên",
}


def render_slips(
    slips: Sequence[Slip],
    *,
    address: str,
    at: datetime,
    unit_name: str = "",
    refused: Sequence[Person] = (),
) -> bytes:
    """The PDF: the only place where these codes are readable. Nobody keeps it for us.

    `address` is where codes are used, whole; it is printed as it is typed. The picture holds it
    without any code. Whoever got no slip is named on a page at the end.
    """
    said = {
        "title": f"Phiếu mã đăng nhập {unit_name}".strip(),
        "site": settings.WAGTAIL_SITE_NAME,
        "address": address.split("://", 1)[-1],
        "qr": qr_svg(address),
        "support": f"Hỗ trợ: {settings.SUPPORT_CONTACT}." if settings.SUPPORT_CONTACT else "",
        "slips": [_said(slip, unit_name) for slip in slips],
        "refused": [person.full_name for person in refused],
        "words": WORDS,
    }
    return set_in_type(TEMPLATE, at=at, said=said)


def _said(slip: Slip, unit_name: str) -> dict[str, str]:
    day = f"{local_day(slip.expires_at):%d/%m/%Y}"
    return {
        "name": slip.person.full_name,
        "unit": unit_name,
        "sign_in_label": STAFF_CODE if slip.sign_in_name == slip.person.code else USER_NAME,
        "sign_in_name": slip.sign_in_name,
        "code": slip.code,
        "expires": f"Dùng một lần, trước {day}. Không đưa phiếu này cho ai.",
    }
