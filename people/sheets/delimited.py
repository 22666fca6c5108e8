"""CSV, split at commas, semicolons or tabs: Excel writes what suits the country it is set to."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from statistics import median

from django.utils.translation import gettext as _

from people.sheets.encodings import decoded
from people.sheets.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from people.sheets.refusals import too_big, too_many_columns, too_many_rows
from people.sheets.table import Sheet, SheetError, SheetRow

DELIMITERS = ";,\t"
LOOKED_AT = 60  # lines that tell the delimiter: titles above the header have none of it
QUOTED = re.compile(r'"[^"]*"')
TOLD = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)  # a first line for Excel, no row of it


def read_delimited(content: bytes) -> Sheet:
    text = decoded(content)
    told = TOLD.match(text)
    delimiter = told[1] if told else _delimiter(text)
    rows = _rows(text[told.end() :] if told else text, delimiter)
    return Sheet([row for row in rows if not row.is_blank], has_loose_rows=True)


def _rows(text: str, delimiter: str) -> Iterator[SheetRow]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    total = 0
    try:
        for number, cells in enumerate(reader, 1):
            if number > MAX_ROWS:
                raise too_many_rows()
            if len(cells) > MAX_COLUMNS:
                raise too_many_columns()
            total += len(cells)
            if total > MAX_CELLS:
                raise too_big()
            yield SheetRow(number, list(cells))
    except csv.Error as error:
        raise SheetError(
            _(
                "Tệp CSV hỏng gần dòng %(line)s (dấu ngoặc kép không khép, hoặc tệp bị cắt "
                "ngang): hãy xuất lại tệp."
            )
            % {"line": reader.line_num}
        ) from error


def _delimiter(text: str) -> str:
    """What most lines hold several of. Where none does, whatever there is most of."""
    lines = (line for line in StringIO(text) if line.strip())
    looked_at = [QUOTED.sub("", line) for line in islice(lines, LOOKED_AT)]

    def often(delimiter: str) -> tuple[float, int]:
        counts = [line.count(delimiter) for line in looked_at]
        return (median(counts) if counts else 0, sum(counts))

    return max(DELIMITERS, key=often)
