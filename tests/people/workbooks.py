"""Reading back what was exported."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl


def cells_of(content: bytes, kind: str) -> list[list[Any]]:
    """Row by row, headings first; of CSV as text."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]
