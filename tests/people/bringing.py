"""A staff list brought in as the screen does it; tasks run at once in tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from people.imports.layout import Layout
from people.models import Membership, Person, RosterImport, Unit, User
from people.services.roster_imports import choose_layout, confirm, upload_list
from tests.people.sheet_builders import csv_of

HEADER = ["Mã nhân sự", "Họ và tên", "Giới tính", "Ngày sinh", "Mã đơn vị", "Nhóm", "Chức vụ",
          "Trạng thái", "Từ ngày", "Đến ngày", "Email", "Điện thoại"]  # fmt: skip
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
BORN = "05/04/1985"


def row(code: str, name: str = "Trần Ngọc Hạnh", **more: Any) -> list[Any]:
    """A teacher of TH1, born as everybody of the factories; overridable by column."""
    cells = {"Mã nhân sự": code, "Họ và tên": name, "Giới tính": "Nữ", "Ngày sinh": BORN}
    cells |= {"Mã đơn vị": "TH1", "Nhóm": "Giáo viên"}
    named = {"sex": "Giới tính", "born": "Ngày sinh", "unit": "Mã đơn vị", "group": "Nhóm",
             "position": "Chức vụ", "status": "Trạng thái", "started_on": "Từ ngày",
             "ended_on": "Đến ngày", "email": "Email", "phone": "Điện thoại"}  # fmt: skip
    cells |= {named[key]: value for key, value in more.items()}
    return [cells.get(column, "") for column in HEADER]


def uploaded(
    rows: Sequence[list[Any]],
    *,
    by: User | None,
    as_of: date = NOVEMBER,
    is_partial: bool = False,
    unit: Unit | None = None,
    at: datetime | None = None,
    header: Sequence[str] = HEADER,
) -> RosterImport:
    return upload_list(
        csv_of([list(header), *rows]),
        name="danh-sach.csv",
        unit=unit,
        as_of=as_of,
        is_partial=is_partial,
        by=by,
        at=at or timezone.now(),
    )


def checked(rows: Sequence[list[Any]], *, by: User, **options: Any) -> RosterImport:
    brought = uploaded(rows, by=by, **options)
    layout = Layout.from_json(brought.layout)
    choose_layout(brought, layout, at=options.get("at") or timezone.now())
    brought.refresh_from_db()
    return brought


def applied(
    rows: Sequence[list[Any]], *, by: User, skips_rejected: bool = False, **options: Any
) -> RosterImport:
    brought = checked(rows, by=by, **options)
    at = options.get("at") or timezone.now()
    confirm(brought, by=by, at=at, skips_rejected=skips_rejected)
    brought.refresh_from_db()
    assert brought.state == "applied", brought.problem
    return brought


def stays(code: str) -> list[tuple[str, date, date | None]]:
    """(unit, first day, last day) of the primary memberships."""
    rows = Membership.objects.filter(person__code=code, is_primary=True).order_by("started_on")
    return list(rows.values_list("unit__code", "started_on", "ended_on"))


def counted(brought: RosterImport) -> dict[str, int]:
    """The counts that are not 0."""
    return {name: number for name, number in brought.counts.items() if number}


def rejected(brought: RosterImport) -> list[tuple[int, str]]:
    return list(brought.rejections.values_list("row", "column"))


def roster() -> list[list[tuple[Any, ...]]]:
    """Everybody and where they count, key by key, to compare before and after."""
    return [sorted(map(repr, each.objects.values_list())) for each in (Person, Membership)]
