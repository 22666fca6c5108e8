"""Writing tables that people open in a spreadsheet program: CSV and XLSX, row by row.

Text from people and their lists may begin like a formula; no cell of ours is ever one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

from rustpy_xlsxwriter import write_worksheet

Value = str | int | date | None

BOM = "\ufeff"  # Excel takes a CSV for UTF-8 only when it begins so
WIDTH = 20  # characters; fitting the columns would hold every row in memory
# Wide forms too: Excel of some languages takes them for the signs. After "|" the name of a program.
INNER_FORMULA = re.compile(r"([,;|\t\r\n][ \u00a0]*)(?=[=+\-@＝＋－＠|])")
FORMULA_BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "\t", "\r", "\n")


def harmless(value: Value) -> Value:
    """Text that a spreadsheet program could take for a formula gets an apostrophe in front.

    Blanks before the sign don't help: some programs drop them.
    """
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Semicolons, as Excel expects in Vietnam; days as dd/mm/yyyy."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BOM + writer.writerow(_written(header))
    for row in rows:
        yield writer.writerow(_written(row))


def write_xlsx(
    header: Sequence[str], rows: Iterable[Sequence[Value]], *, to: BinaryIO, sheet: str
) -> None:
    """The rows are taken one at a time, never held all at once. Days are days, not text.

    Of two columns with the same heading only one would come out: headings differ.
    """
    names = [str(harmless(name)) for name in header]
    records = ({n: harmless(v) for n, v in zip(names, row, strict=True)} for row in rows)
    write_worksheet(
        _never_empty(records, names),
        to,
        sheet_name=sheet,
        freeze_row=1,
        bold_headers=True,
        autofilter=True,
        column_width=WIDTH,
        datetime_format="dd/mm/yyyy",
    )


class _Echo:
    """What csv writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def _written(row: Sequence[Value]) -> list[Any]:
    return [f"{v:%d/%m/%Y}" if isinstance(v, date) else _harmless_anywhere(v) for v in row]


def _harmless_anywhere(value: Value) -> Value:
    """Also where another separator than ours would begin a cell: not every program asks which."""
    value = harmless(value)
    return INNER_FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def _never_empty(
    records: Iterator[dict[str, Value]], names: Sequence[str]
) -> Iterator[dict[str, Value]]:
    """A sheet takes its headings from its rows: without any, one blank row carries them."""
    first = next(records, None)
    yield dict.fromkeys(names) if first is None else first
    yield from records
