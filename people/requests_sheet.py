"""What waits for a manager's answer as the rows of a table to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.dates import local_day
from people.sheets.writing import Value

HEADINGS = [
    gettext_lazy("Loại yêu cầu"),
    gettext_lazy("Họ và tên"),
    gettext_lazy("Mã nhân sự"),
    gettext_lazy("Ngày sinh"),
    gettext_lazy("Đơn vị"),
    gettext_lazy("Mục cần sửa"),
    gettext_lazy("Nội dung đúng"),
    gettext_lazy("Số điện thoại"),
    gettext_lazy("Thư điện tử"),
    gettext_lazy("Ghi chú"),
    gettext_lazy("Ngày gửi"),
]


def request_rows(listings: Iterable[Any], corrections: Iterable[Any]) -> Iterator[list[Value]]:
    """Requests to be listed (with `unit_name`), then corrections (with `person`), in the columns of
    `HEADINGS`."""
    for asked in listings:
        yield [
            _("Không có trong danh sách"),
            asked.full_name,
            asked.staff_code,
            asked.birth_date,
            asked.unit_name or "",
            "",
            "",
            asked.phone,
            asked.email,
            asked.note,
            local_day(asked.sent_at),
        ]
    for asked in corrections:
        yield [
            _("Đề nghị sửa thông tin"),
            asked.person.full_name,
            asked.person.masked_code,
            asked.person.birth_date,
            "",
            asked.get_field_display(),
            asked.value,
            asked.person.phone,
            asked.person.email,
            asked.note,
            local_day(asked.sent_at),
        ]
