"""From a sheet to rows of one shape, with every cell that can't be read rejected.

django-import-export parses and validates; it writes nothing here. Lists are reconciled whole, which
is not its row-by-row way, so its fields are asked directly: it would keep a report of every row.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader

from people.imports.asides import Asides
from people.imports.headings import find_headings, header_of
from people.imports.rejections import WHOLE_FILE, Rejection
from people.sheets import Cell, Sheet, SheetRow, Uncalculated


class NumberedRow(Protocol):
    number: int


Row = TypeVar("Row", bound=NumberedRow)
Values = dict[str, Cell]  # a row's cells by our names of its columns

MOST_REMEMBERED = 5000  # values of one column that are read only once
FEW = 5  # rows named in a message
UNREAD = object()
ERROR = re.compile(r"\s*#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|ERROR!)\s*\Z")


class RowResource(resources.Resource):
    """Fills `row_class` instances from rows. Subclasses declare each column that may be read."""

    row_class: type[Any]

    class Meta:
        instance_loader_class = BaseInstanceLoader  # required, and never asked
        skip_diff = True
        use_transactions = False

    def reader(self, columns: Iterable[str]) -> Callable[[int, Values], Any]:
        """Reads a row of these columns; raises `ValidationError` by column. What repeats from row
        to row, such as a unit, is cleaned once."""
        fields = [field for field in self.get_import_fields() if field.column_name in set(columns)]
        known: list[tuple[Field, dict[Cell, Any]]] = [(field, {}) for field in fields]

        def read(number: int, values: Values) -> Any:
            instance, errors = self.row_class(number=number), {}
            for field, remembered in known:
                value = values[field.column_name]
                cleaned = remembered.get(value, UNREAD)
                if cleaned is UNREAD:
                    try:
                        cleaned = _clean(field, values)
                    except ValueError as error:
                        errors[field.column_name] = str(error)
                        continue
                    if len(remembered) < MOST_REMEMBERED:
                        remembered[value] = cleaned
                setattr(instance, field.attribute, cleaned)
            self.after_init_instance(instance, True, values)
            self.validate_instance(instance, errors)
            return instance

        return read


def _clean(field: Field, values: Values) -> Any:
    value = values[field.column_name]
    if isinstance(value, str):
        if ERROR.match(value):
            message = _("Ô báo lỗi công thức %(error)s: hãy gõ giá trị thay cho công thức.")
            raise ValueError(message % {"error": value.strip()})
        if isinstance(value, Uncalculated):
            raise ValueError(
                _(
                    "Ô chứa công thức chưa có kết quả: hãy mở tệp bằng Excel, dán lại cột này dưới "
                    "dạng giá trị rồi lưu."
                )
            )
    return field.clean(values)


class Reading(Generic[Row]):
    """The rows that could be read, the rejections, and how the file calls its columns."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = headers
        self.rows: list[Row] = []
        self.rejected: list[Rejection] = []

    def reject(self, row: int, column: str, message: str) -> None:
        """`column` by our name; the rejection bears the file's own header."""
        self.rejected.append(Rejection(row, self.headers.get(column, column), message))

    def reject_repeated(self, column: str) -> None:
        """A code that stands in several rows is refused in each of them. Blanks don't count."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for row in self.rows:
            numbers[getattr(row, column).casefold()].append(row.number)
        for row in self.rows:
            code = getattr(row, column)
            if code and len(numbers[code.casefold()]) > 1:
                message = _("Mã %(code)s có ở cả dòng %(others)s: hãy giữ lại một dòng.")
                others = others_than(row.number, numbers[code.casefold()])
                self.reject(row.number, column, message % {"code": code, "others": others})


def others_than(number: int, numbers: list[int]) -> str:
    """The first few, in words."""
    return ", ".join(str(each) for each in numbers[: FEW + 1] if each != number)


def read_rows(
    sheet: Sheet, resource: RowResource, *, columns: Mapping[str, str], required: tuple[str, ...]
) -> Reading[Any]:
    """`columns` maps normalised headers to our names; columns unknown to it are ignored. The header
    may stand below titles."""
    if not sheet.rows:
        return empty_file()
    found = find_headings(sheet.rows, columns)
    table = Table(sheet, found.row, found.rows, found.columns)
    reading: Reading[Any] = Reading(table.headers)
    _check_columns(reading, found.row, found.columns, required)
    if not reading.rejected:
        fill(reading, resource, table)
    return reading


def empty_file() -> Reading[Any]:
    reading: Reading[Any] = Reading({})
    reading.reject(WHOLE_FILE, "", _("Tệp trống: hãy chọn lại tệp có danh sách."))
    return reading


def _check_columns(
    reading: Reading[Any], number: int, columns: Mapping[int, str], required: tuple[str, ...]
) -> None:
    found = Counter(columns.values())
    for column in required:
        if column not in found:
            message = _("Thiếu cột %(column)s: hãy thêm cột hoặc sửa tiêu đề đúng tên theo mẫu.")
            reading.reject(number, column, message % {"column": column})
    for column, count in found.items():
        if count > 1:
            message = _("Có %(count)s cột cùng nghĩa: hãy giữ một.")
            reading.reject(number, column, message % {"count": count})


class Table:
    """What stands below the header, and how the file calls its columns."""

    def __init__(
        self,
        sheet: Sheet,
        header_row: int,
        header_rows: int,
        columns: Mapping[int, str],
        *,
        of_people: bool = False,
    ) -> None:
        header, headings = header_of(sheet.rows, header_row, header_rows)
        self.columns = dict(sorted(columns.items()))
        self.headers = {
            field: headings[place].text
            for place, field in self.columns.items()
            if place < len(headings) and headings[place].text
        }
        self.asides = Asides(self.columns, header, of_people=of_people)
        self.width_read = max(self.columns, default=-1) + 1
        self._places = list(self.columns.items())
        self._has_joined = len(set(self.columns.values())) < len(self.columns)
        self.width = len(headings)
        self.has_loose_rows = sheet.has_loose_rows
        last = header_row + header_rows - 1
        self._body = (row for row in sheet.rows if row.number > last)

    def people(self, reading: Reading[Any]) -> Iterator[SheetRow]:
        """Rows that mean somebody and have all their cells."""
        for row in self._body:
            if self.asides.holds(row):
                continue
            if not self.has_loose_rows or self._has_right_length(row, reading):
                yield row

    def values(self, row: SheetRow) -> Values:
        """What stands in several columns of one meaning is joined."""
        cells = row.cells
        if len(cells) < self.width_read:
            cells = cells + [""] * (self.width_read - len(cells))
        if not self._has_joined:
            return {field: cells[place] for place, field in self._places}
        values: Values = {}
        for place, field in self._places:
            before = values.get(field)
            values[field] = cells[place] if before is None else f"{before} {cells[place]}"
        return values

    def _has_right_length(self, row: SheetRow, reading: Reading[Any]) -> bool:
        """A row cut short, or with a delimiter inside a name, would fill the wrong columns."""
        found = len(row.cells)
        if found == self.width or (found > self.width and not any(row.cells[self.width :])):
            return True
        message = _(
            "Dòng có %(found)s ô, tiêu đề có %(width)s cột: tệp bị cắt ngang hoặc dấu phân cách "
            "nằm trong ô không có ngoặc kép. Hãy xuất lại tệp."
        )
        reading.reject(row.number, "", message % {"found": found, "width": self.width})
        return False


def fill(
    reading: Reading[Any],
    resource: RowResource,
    table: Table,
    arranged: Callable[[Values], Values] | None = None,
) -> None:
    """`arranged` makes the columns that `resource` declares out of those of the file."""
    read: Callable[[int, Values], Any] | None = None
    has_any = False
    for row in table.people(reading):
        has_any = True
        values = table.values(row)
        if not any(values.values()):
            reading.reject(row.number, "", _nothing_read())
            continue
        if arranged is not None:
            values = arranged(values)
        if read is None:
            read = resource.reader(values)
        try:
            reading.rows.append(read(row.number, values))
        except ValidationError as error:
            for column, messages in error.message_dict.items():
                name = "" if column == NON_FIELD_ERRORS else column
                reading.reject(row.number, name, " ".join(messages))
    if not has_any and not reading.rejected:
        message = _("Tệp chỉ có dòng tiêu đề: hãy chọn lại tệp đủ dữ liệu.")
        reading.reject(WHOLE_FILE, "", message)
    reading.rejected.sort()


def _nothing_read() -> str:
    return _(
        "Các ô cần đọc của dòng này đều trống: nếu là một người, hãy điền; nếu không, hãy xóa dòng."
    )
