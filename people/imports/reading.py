"""From a sheet to rows of one shape, with every cell that can't be read rejected.

django-import-export parses and validates; it writes nothing here. Lists are reconciled whole, which
is not its row-by-row way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from import_export import resources
from import_export.exceptions import ImportError as RowImportError
from import_export.instance_loaders import BaseInstanceLoader
from tablib import Dataset

from people.imports.columns import normalised
from people.imports.rejections import WHOLE_FILE, Rejection
from people.sheets import Sheet, SheetRow


class NumberedRow(Protocol):
    number: int


Row = TypeVar("Row", bound=NumberedRow)


class RowResource(resources.Resource):
    """Fills `row_class` instances from rows. Subclasses declare each column that may be read."""

    row_class: type[Any]

    class Meta:
        instance_loader_class = BaseInstanceLoader  # required, and never asked
        skip_diff = True
        store_instance = True
        use_transactions = False

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Any, bool]:
        return self.row_class(number=row[NUMBER]), True

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Nothing is saved: what the rows say is reconciled first."""


NUMBER = "row number"


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
        """A code that stands in several rows is refused in each of them."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row in self.rows:
            rows[getattr(row, column).casefold()].append(row.number)
        for row in self.rows:
            others = [n for n in rows[getattr(row, column).casefold()] if n != row.number]
            if others:
                self.reject(
                    row.number,
                    column,
                    _("Mã %(code)s có ở cả dòng %(others)s: hãy giữ lại một dòng.")
                    % {
                        "code": getattr(row, column),
                        "others": ", ".join(str(number) for number in others[:5]),
                    },
                )


def read_rows(
    sheet: Sheet, resource: RowResource, *, columns: Mapping[str, str], required: tuple[str, ...]
) -> Reading[Any]:
    """`columns` maps normalised headers to our names; columns unknown to it are ignored."""
    if not sheet.rows:
        return _empty(_("Tệp trống: hãy chọn lại tệp có danh sách."))
    header, *body = sheet.rows
    places = [columns.get(normalised(str(cell))) for cell in header.cells]
    reading: Reading[Any] = Reading(
        {ours: str(header.cells[i]).strip() for i, ours in enumerate(places) if ours}
    )
    _check_header(reading, header.number, places, required)
    if not reading.rejected and not body:
        reading.reject(WHOLE_FILE, "", _("Tệp chỉ có dòng tiêu đề: hãy chọn lại tệp đủ dữ liệu."))
    if reading.rejected:
        return reading
    if sheet.has_loose_rows:
        body = [row for row in body if _has_right_length(row, len(places), reading)]
    _fill(reading, resource, body, places)
    reading.rejected.sort()
    return reading


def _empty(message: str) -> Reading[Any]:
    reading: Reading[Any] = Reading({})
    reading.reject(WHOLE_FILE, "", message)
    return reading


def _check_header(
    reading: Reading[Any], number: int, places: list[str | None], required: tuple[str, ...]
) -> None:
    for column in required:
        if column not in places:
            reading.reject(
                number,
                column,
                _("Thiếu cột %(column)s: tiêu đề phải ở dòng đầu, đúng tên cột theo mẫu.")
                % {"column": column},
            )
    for column, count in Counter(filter(None, places)).items():
        if count > 1:
            reading.reject(
                number, column, _("Có %(count)s cột cùng nghĩa: hãy giữ một.") % {"count": count}
            )


def _has_right_length(row: SheetRow, width: int, reading: Reading[Any]) -> bool:
    """A row cut short, or one with a delimiter inside a name, would fill the wrong columns."""
    if len(row.cells) == width or (len(row.cells) > width and not any(row.cells[width:])):
        return True
    reading.reject(
        row.number,
        "",
        _(
            "Dòng có %(found)s ô, tiêu đề có %(width)s cột: tệp bị cắt ngang hoặc dấu phân cách "
            "nằm trong ô không có ngoặc kép. Hãy xuất lại tệp."
        )
        % {"found": len(row.cells), "width": width},
    )
    return False


def _fill(
    reading: Reading[Any],
    resource: RowResource,
    body: list[SheetRow],
    places: list[str | None],
) -> None:
    read = [(place, ours) for place, ours in enumerate(places) if ours]
    dataset = Dataset(headers=[NUMBER, *(ours for _place, ours in read)])
    for row in body:
        dataset.append([row.number, *(row.cells[place] for place, _ours in read)])
    result = resource.import_data(dataset)
    for base in result.base_errors:
        raise base.error
    for body_row, row_result in zip(body, result.rows, strict=True):
        if row_result.errors:
            raise RowImportError(row_result.errors[0].error, number=body_row.number)
        if row_result.validation_error is None:
            reading.rows.append(row_result.instance)
            continue
        for column, messages in row_result.validation_error.message_dict.items():
            name = "" if column == NON_FIELD_ERRORS else column
            reading.reject(body_row.number, name, " ".join(messages))
