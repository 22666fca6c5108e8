"""The tables of a unit's page as the rows of one table to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.formats import local_tenths
from people.models import Unit
from people.sheets.writing import Value
from reports.models import Target
from reports.queries.figures import Cell, Line, UnitFigures

HEADINGS = [
    gettext_lazy("Chỉ tiêu"),
    gettext_lazy("Tính đến hết ngày"),
    gettext_lazy("Bảng"),
    gettext_lazy("Mã"),
    gettext_lazy("Đơn vị hoặc nhóm"),
    gettext_lazy("Tổng số người"),
    gettext_lazy("Tổng số đã đạt"),
    gettext_lazy("Tỷ lệ đạt (%)"),
    gettext_lazy("Số nam"),
    gettext_lazy("Số nam đã đạt"),
    gettext_lazy("Tỷ lệ nam đạt (%)"),
    gettext_lazy("Số nữ"),
    gettext_lazy("Số nữ đã đạt"),
    gettext_lazy("Tỷ lệ nữ đạt (%)"),
]


def figures_rows(
    figures: UnitFigures, unit: Unit, *, target: Target, as_of: date
) -> Iterator[Sequence[Value]]:
    """One row a line of the page, in the columns of `HEADINGS`; what it withholds is a word."""
    for table, code, name, line in _lines(figures, unit):
        numbers = [each for _sex, cell in line.cells for each in _numbers(cell)]
        yield [target.code, as_of, table, code, name, *numbers]


def _lines(figures: UnitFigures, unit: Unit) -> Iterable[tuple[str, str, str, Line]]:
    """(table, code, name, figures), the unit as a whole first."""
    yield _("Cả đơn vị"), unit.code, unit.name, figures.headline  # type: ignore[attr-defined]
    here = _("Làm việc ngay tại đơn vị này")
    for line in figures.below:
        name = here if line.code == unit.code else line.label
        yield _("Đơn vị trực thuộc"), line.code, name, line
    for line in figures.groups:
        yield _("Nhóm thuộc chỉ tiêu"), line.code, line.label, line
    for line in figures.others:
        yield _("Các nhóm khác, không tính vào chỉ tiêu"), line.code, line.label, line


def _numbers(cell: Cell) -> list[Value]:
    if cell.is_withheld:
        return [_("được che")] * 3
    coverage = cell.coverage
    return [coverage.required, coverage.complete, local_tenths(coverage.percent_tenths)]
