"""What is worth a second look before a list is applied, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.formats import local_number
from people.models import RosterImport


def warnings_in_words(roster_import: RosterImport, units: Mapping[str, str]) -> list[str]:
    """A sentence each; `units`: names by code."""
    return list(_told(roster_import.warnings, units))


def _told(warnings: list[dict[str, Any]], units: Mapping[str, str]) -> Iterator[str]:
    for each in warnings:
        match each["kind"]:
            case "leaving":
                yield _leaving(each, units)
            case "codes_unread":
                yield _(
                    "Cột “%(column)s” có vẻ là mã nhân sự nhưng không được đọc: nếu đúng là mã, "
                    "hãy bấm “Xếp lại các cột” và chọn “Mã nhân sự” cho cột này."
                ) % {"column": each["column"]}
            case "contacts_kept":
                yield _contacts_kept(each)
            case "known_elsewhere":
                yield _known_elsewhere(each["people"])


def _leaving(warning: dict[str, Any], units: Mapping[str, str]) -> str:
    return _(
        "%(left)s trong %(of)s người của %(unit)s sẽ rời đơn vị. Nếu tệp chỉ là một phần của danh "
        "sách, hãy tải lại và chọn “Một phần”."
    ) % {
        "left": local_number(warning["left"]),
        "of": local_number(warning["of"]),
        "unit": units.get(warning["unit"], warning["unit"]),
    }


def _contacts_kept(warning: dict[str, Any]) -> str:
    rows = ", ".join(local_number(row) for row in warning["rows"])
    if warning["of"] > len(warning["rows"]):
        rows += "…"
    return _(
        "Dòng %(rows)s: thư điện tử, số điện thoại giữ như cũ, vì tài khoản của người này có quyền "
        "ngang hoặc hơn người nhập, hoặc vừa được nhận từ đơn vị khác. Hãy nhờ cấp trên sửa."
    ) % {"rows": rows}


def _known_elsewhere(people: int) -> str:
    return ngettext(
        "%(people)s người mới trùng họ tên, ngày sinh với người ở đơn vị khác. Hãy kiểm tra lại mã "
        "nhân sự, hoặc hỏi cấp trên.",
        "%(people)s người mới trùng họ tên, ngày sinh với người ở đơn vị khác. Hãy kiểm tra lại mã "
        "nhân sự, hoặc hỏi cấp trên.",
        people,
    ) % {"people": local_number(people)}
