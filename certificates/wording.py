"""What a certificate says until an office words its own. Copied onto each one when it is issued.

Vietnamese whatever the reader's language, so not in the catalogue of translations: the paper is an
official document, and its words must not change with the browser. Units are named by the settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from courses.models import Module

# Never the word for a state-regulated diploma: an office may certify that its own training was
# completed, and no more (Circular 19/2019/TT-BGDĐT).
WORDING = {
    "state": "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "motto": "Độc lập - Tự do - Hạnh phúc",
    "title": "Giấy chứng nhận",
    "subtitle": "hoàn thành khóa bồi dưỡng",
    "number": "Số",
    "person": "Chứng nhận ông/bà",
    "born": "Sinh ngày",
    "unit": "Đơn vị công tác",
    "course": "đã hoàn thành khóa bồi dưỡng",
    "run": "Đợt",
    "dates": "Thời gian",
    "length": "Thời lượng",
    "period": "tiết",
    "modules": "Chuyên đề",
    "result": "Kết quả",
    "valid_until": "Có giá trị đến hết ngày",
    "evidence": "Kết quả là minh chứng để đơn vị xem xét công nhận bồi dưỡng thường xuyên.",
    "verify": "Quét mã hoặc mở địa chỉ sau để kiểm tra",
    "sign": "(Ký tên, đóng dấu)",
}
SIGNATORIES = [{"authority": "", "title": "Trưởng ban tổ chức", "name": ""}]
RESULT = "Hoàn thành"


def frozen_wording() -> dict[str, Any]:
    """The fields of a new certificate that say who certifies and in which words."""
    return {
        "issuer": settings.CERTIFICATE_ISSUER,
        "issuer_parent": settings.CERTIFICATE_ISSUER_PARENT,
        "place": settings.CERTIFICATE_PLACE,
        "signatories": [dict(signatory) for signatory in SIGNATORIES],
        "wording": dict(WORDING),
        "result": RESULT,
    }


def titles_of(modules: Iterable[Module]) -> list[dict[str, Any]]:
    """Modules as they are called now: `{"code", "title", "periods"}` each."""
    return [
        {"code": module.code, "title": module.title, "periods": module.periods}
        for module in modules
    ]
