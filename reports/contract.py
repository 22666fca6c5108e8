"""What the command `coverage`, the API and the files that leave the system agree on: how a figure
is asked for, what is said of what isn't known, and the keys of the answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from people.models import Unit
from reports.coverage import Coverage, CoverageTable
from reports.models import Target

DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")

# By what figures are broken down for others; the pages know more.
BREAKDOWNS = ("unit", "sex", "group", "kind", "sector")


class UnknownError(Exception):
    """Something was asked for that there isn't; the message says what there is. `code` is for
    machines."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def target_called(code: str) -> Target:
    target = Target.objects.filter(code=code).first()
    if target is None:
        known = Target.objects.values_list("code", flat=True)
        raise UnknownError("unknown_target", unknown(_("chỉ tiêu"), code, known))
    return target


def unit_called(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise no_such_unit(code)
    return unit


def no_such_unit(code: str) -> UnknownError:
    """Said as well of a unit that is not the asker's to know of."""
    words = _("Không có đơn vị nào mang mã “%(code)s”. Hãy kiểm tra lại mã đơn vị.")
    return UnknownError("unknown_unit", words % {"code": code})


def day_written(text: str) -> date:
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    words = _("Không đọc được ngày “%(text)s”. Hãy viết như 21/11/2026 hoặc 2026-11-21.")
    raise UnknownError("unknown_day", words % {"text": text})


def axes_called(names: Sequence[str]) -> Sequence[str]:
    for name in names:
        if name not in BREAKDOWNS:
            raise UnknownError("unknown_axis", unknown(_("cách chia"), name, BREAKDOWNS))
    return names


def unknown(what: str, given: str, known: Iterable[str]) -> str:
    return _("Không có %(what)s “%(given)s”. Có thể chọn: %(known)s.") % {
        "what": what,
        "given": given,
        "known": ", ".join(known) or _("chưa có gì"),
    }


def answer(
    table: CoverageTable, *, hidden: Collection[Any] = (), is_total_hidden: bool = False
) -> Any:
    """The table as JSON knows it. `hidden` are keys of rows that the asker may not see: their
    figures are null, and `withheld` says so."""
    given: dict[str, Any] = {
        "target": table.target,
        "as_of": table.as_of.isoformat(),
        "unit": table.unit,
        "by": list(table.by),
        "rows": answer_rows(table, hidden=hidden),
        "total": _withheld() if is_total_hidden else figures(table.total),
    }
    if table.note:
        given["note"] = table.note
    return given


def answer_rows(table: CoverageTable, *, hidden: Collection[Any] = ()) -> list[dict[str, Any]]:
    return [
        {
            **dict(zip(table.by, row.keys, strict=True)),
            **(_withheld() if row.keys in hidden else figures(row.coverage)),
        }
        for row in table.rows
    ]


def figures(coverage: Coverage) -> dict[str, Any]:
    ratio = coverage.ratio
    return {
        "required": coverage.required,
        "complete": coverage.complete,
        "ratio": None if ratio is None else float(ratio),
    }


def _withheld() -> dict[str, Any]:
    return {"required": None, "complete": None, "ratio": None, "withheld": True}
