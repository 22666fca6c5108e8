"""Typed reading of a TOML table: each key must be there, of its type, and known."""

import re
from datetime import date, datetime
from typing import Any

from .errors import LineError

_TABLE = re.compile(r"\[+(\w+)\]+")
_KEY = re.compile(r'"?(\w+)"?\s*=')


# By (table name, its place among tables of that name): the line of each key, "" for the heading.
KeyLines = dict[tuple[str, int], dict[str, int]]


class Fields:
    """One table; every key that is asked for counts as known, the rest is refused at the end."""

    def __init__(self, table: dict[str, Any], lines: dict[str, int]) -> None:
        self._table = table
        self._lines = lines
        self._asked: set[str] = set()

    @property
    def line(self) -> int:
        return self._lines.get("", 1)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._table)

    def line_of(self, key: str) -> int:
        return self._lines.get(key, self.line)

    def value(self, key: str, wanted: type, meaning: str) -> Any:
        """The value; LineError says that `meaning` was wanted."""
        self._asked.add(key)
        if key not in self._table:
            raise LineError(self.line_of(key), f"Thiếu “{key}” ({meaning}); hãy thêm vào.")
        value = self._table[key]
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise LineError(self.line_of(key), f"“{key}” phải là {meaning}.")
        return value

    def text(self, key: str) -> str:
        value: str = self.value(key, str, "một dòng chữ trong ngoặc kép")
        if not value.strip() or value != value.strip() or "\n" in value:
            raise LineError(
                self.line_of(key), f"“{key}” phải là một dòng chữ, không thừa dấu cách."
            )
        if "[" in value or "]" in value:
            raise LineError(
                self.line_of(key), f"“{key}” còn dấu rà soát trong ngoặc vuông; hãy xóa."
            )
        return value

    def matching_text(self, key: str, form: re.Pattern[str]) -> str:
        value = self.text(key)
        if not form.fullmatch(value):
            raise LineError(self.line_of(key), f"“{key}” không được là “{value}”; hãy sửa lại.")
        return value

    def optional_text(self, key: str) -> str | None:
        self._asked.add(key)
        return self.text(key) if key in self._table else None

    def day(self, key: str) -> date:
        value: date = self.value(key, date, "một ngày dạng 2026-05-04")
        if isinstance(value, datetime):
            raise LineError(self.line_of(key), f"“{key}” là một ngày; hãy bỏ phần giờ.")
        return value

    def whole(self, key: str, *, lowest: int, highest: int) -> int:
        value: int = self.value(key, int, "một số nguyên")
        if not lowest <= value <= highest:
            raise LineError(self.line_of(key), f"“{key}” phải từ {lowest} đến {highest}.")
        return value

    def optional_whole(self, key: str, *, lowest: int, highest: int) -> int | None:
        self._asked.add(key)
        return self.whole(key, lowest=lowest, highest=highest) if key in self._table else None

    def flag(self, key: str) -> bool:
        """False when it is left out."""
        self._asked.add(key)
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            raise LineError(self.line_of(key), f"“{key}” phải là true hoặc false.")
        return value

    def optional_names(self, key: str, known: re.Pattern[str]) -> tuple[str, ...] | None:
        """A list of names that each match `known`; not empty, as that would mean nobody."""
        if key not in self._table:
            self._asked.add(key)
            return None
        names = self.value(key, list, "một danh sách")
        if not names:
            raise LineError(self.line_of(key), f"“{key}” đang trống; hãy điền hoặc xóa khóa này.")
        for name in names:
            if not isinstance(name, str) or not known.fullmatch(name):
                raise LineError(
                    self.line_of(key), f"“{key}” không có giá trị “{name}”; hãy sửa lại."
                )
        return tuple(names)

    def tables(self, key: str) -> list[dict[str, Any]]:
        tables: list[dict[str, Any]] = self.value(key, list, "một danh sách bảng")
        if not all(isinstance(table, dict) for table in tables):
            raise LineError(self.line_of(key), f"“{key}” phải gồm các bảng {{ … }}.")
        return tables

    def subtables(self, key: str) -> list["Fields"]:
        """Inline tables, whose faults are shown on the line of `key`."""
        return [Fields(table, {"": self.line_of(key)}) for table in self.tables(key)]

    def refuse_unknown(self) -> None:
        for key in self._table:
            if key not in self._asked:
                raise LineError(self.line_of(key), f"Không có khóa “{key}”; hãy sửa tên hoặc xóa.")


def key_lines(text: str) -> KeyLines:
    """Where the keys of a TOML text stand; the table ("", 0) is the top."""
    current = {"": 1}
    found = {("", 0): current}
    for number, line in enumerate(text.split("\n"), start=1):
        if table := _TABLE.fullmatch(line):
            place = sum(name == table[1] for name, _ in found)
            current = found[table[1], place] = {"": number}
        elif key := _KEY.match(line):
            current.setdefault(key[1], number)
    return found
