"""A table as a file to take away. It is written to disk first: memory stays flat however long it
is, nothing is sent of what fails midway, and a slow line holds no database open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile

from django.http import FileResponse

from people.sheets.writing import Value, csv_lines, write_xlsx

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# By the format of workbooks.
LONGEST_SHEET_NAME = 31  # characters
MOST_ROWS = 1_048_575  # beside the headings


class Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Sequence[Value]]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self.rows:
            self.count += 1
            yield row


def sheet_response(
    headings: Sequence[str], rows: Iterable[Sequence[Value]], *, name: str, title: str
) -> FileResponse:
    """CSV or XLSX, as the name ends; `title` is what the sheet of a workbook is called. A workbook
    has no room for more than a million rows: the first are in it."""
    kind = name.rsplit(".", 1)[-1]
    file = TemporaryFile()  # noqa: SIM115  (closed by the response)
    if kind == "csv":
        file.writelines(line.encode() for line in csv_lines(headings, rows))
    else:
        write_xlsx(headings, islice(rows, MOST_ROWS), to=file, sheet=title[:LONGEST_SHEET_NAME])
    file.seek(0)
    response = FileResponse(
        file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind]
    )
    response["Cache-Control"] = "no-store"
    return response
