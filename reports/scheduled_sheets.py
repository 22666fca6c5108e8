"""The files that other bodies get: a ZIP of figures and of the dictionary that explains them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from people.sheets.writing import csv_lines, write_xlsx
from reports.contract import answer, answer_rows
from reports.data_dictionary import dictionary, dictionary_rows
from reports.models import FileKind
from reports.queries.shared import SharedTable

STAMP = ("target", "as_of", "of_unit")
FIGURES = ("required", "complete", "ratio", "withheld")
DICTIONARY_COLUMNS = ("name", "kind", "meaning", "code", "code_meaning")


def packed(shared: SharedTable, kind: str) -> bytes:
    """`figures` and `dictionary`, each as a file of the kind; JSON holds both in one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == FileKind.JSON:
            archive.writestr("figures.json", _as_json(shared))
        else:
            columns = [*STAMP, *shared.table.by, *FIGURES]
            archive.writestr(f"figures.{kind}", _table(kind, columns, _rows(shared, columns)))
            archive.writestr(
                f"dictionary.{kind}", _table(kind, DICTIONARY_COLUMNS, dictionary_rows())
            )
    return out.getvalue()


def _as_json(shared: SharedTable) -> str:
    told = answer(shared.table, hidden=shared.hidden, is_total_hidden=shared.is_total_hidden)
    return json.dumps({**told, "dictionary": dictionary()}, ensure_ascii=False, indent=1)


def _rows(shared: SharedTable, columns: Sequence[str]) -> Iterable[list[Any]]:
    table = shared.table
    stamp = {"target": table.target, "as_of": table.as_of, "of_unit": table.unit}
    for row in answer_rows(table, hidden=shared.hidden):
        told = {**stamp, **row, "withheld": "true" if row.get("withheld") else ""}
        yield [told.get(column) for column in columns]


def _table(kind: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    if kind == FileKind.CSV:
        return "".join(csv_lines(columns, rows)).encode()
    out = io.BytesIO()
    write_xlsx(columns, rows, to=out, sheet="data")
    return out.getvalue()
