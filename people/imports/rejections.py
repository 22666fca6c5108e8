"""What an import says about rows that it can't take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

WHOLE_FILE = 0  # the row number of what concerns no single row


@dataclass(frozen=True, slots=True, order=True)
class Rejection:
    """`row` as the spreadsheet program numbers it; `column` is the header as the file has it."""

    row: int
    column: str
    message: str


def as_json(rejected: Iterable[Rejection]) -> list[dict[str, Any]]:
    return [asdict(each) for each in rejected]
