"""The people behind a figure as the rows of a table to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy, pgettext

from people.sheets.writing import Value
from reports.models import Target
from reports.templatetags.reports_tags import why_not

HEADINGS = [
    gettext_lazy("Mã nhân sự"),
    gettext_lazy("Họ và tên"),
    gettext_lazy("Giới tính"),
    gettext_lazy("Đơn vị công tác"),
    gettext_lazy("Nhóm"),
    gettext_lazy("Trạng thái"),
    gettext_lazy("Kết quả"),
    gettext_lazy("Ngày hoàn thành"),
    gettext_lazy("Ghi chú"),
]


def people_rows(members: Iterable[Any], target: Target) -> Iterator[list[Value]]:
    """Of `people_behind`, in the columns of `HEADINGS`; national numbers are masked as in lists."""
    for member in members:
        done = member.is_complete
        yield [
            member.person.masked_code,
            member.person.full_name,
            member.person.get_sex_display(),
            member.unit_name,
            member.get_staff_group_display(),
            member.get_status_display(),
            pgettext("coverage", "Đã đạt") if done else pgettext("coverage", "Chưa đạt"),
            member.certified_on if done else None,
            "" if done else why_not(member, target),
        ]
