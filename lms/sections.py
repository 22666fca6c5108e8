"""The rooms of `/manage/`, as its navigation names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    """`begins`: how its addresses begin. `needs`: the attribute of the viewer that opens it."""

    label: Any
    url_name: str
    begins: tuple[str, ...]
    needs: str

    @property
    def address(self) -> str:
        return reverse(self.url_name)


SECTIONS = [
    Section(_("Số liệu"), "reports:index", ("/manage/units/", "/manage/indicators/"), "is_manager"),
    Section(_("Báo cáo"), "reports:reports", ("/manage/reports/",), "sees_people"),
    Section(_("Chỉ tiêu"), "reports:targets", ("/manage/targets/",), "is_manager"),
    Section(_("Nhân sự"), "people:people", ("/manage/people/",), "sees_people"),
    Section(_("Đơn vị"), "people:structure", ("/manage/structure/",), "sees_people"),
    Section(_("Đợt bồi dưỡng"), "courses:runs", ("/manage/runs/",), "is_manager"),
    Section(_("Cấp thêm lượt"), "quiz:grants", ("/quiz/grants/",), "manages_people"),
    Section(
        _("Yêu cầu"),
        "people:requests",
        ("/manage/requests/", "/manage/corrections/"),
        "manages_people",
    ),
    Section(_("Phạm vi quản lý"), "people:scopes", ("/manage/scopes/",), "manages_people"),
    Section(_("Chia sẻ số liệu"), "reports:sharing", ("/manage/sharing/",), "shares_figures"),
    Section(_("Nhật ký"), "administration:audit", ("/manage/audit/",), "is_superuser"),
]


def section_at(path: str) -> Section | None:
    """Whose address this is; `/manage/` itself leads to the figures."""
    for section in SECTIONS:
        if path.startswith(section.begins):
            return section
    return SECTIONS[0] if path == "/manage/" else None
