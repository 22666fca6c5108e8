"""From a cell to a value. Messages say what was read and what to write instead.

They raise `ValueError`, which django-import-export collects by column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from people.backends import normalised_phone
from people.imports.columns import normalised
from people.names import clean_name
from people.sheets import Cell

SPREADSHEET_EPOCH = date(1899, 12, 30)
# Serial numbers of days from 1927 to 2119: below them stand bare years such as 1985.
SPREADSHEET_DAYS = range(10_000, 80_000)
YEARS = range(1900, 2201)
MOST_EXACT_DIGITS = 15  # of a number in a spreadsheet cell
DAY_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
# What a spreadsheet program makes of a long number: 7.9123E+10.
MANGLED_NUMBER = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+\Z")


class TextWidget(Widget):
    """NFC, single blanks. `max_length` is the database's, which SQLite does not hold."""

    def __init__(self, *, max_length: int, is_required: bool = False) -> None:
        super().__init__()
        self.max_length = max_length
        self.is_required = is_required

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        text = clean_name(str(value))
        if not text and self.is_required:
            raise ValueError(_("Ô bắt buộc còn trống: hãy điền."))
        if len(text) > self.max_length:
            raise ValueError(
                _("Dài quá %(limit)s ký tự: hãy rút gọn.") % {"limit": self.max_length}
            )
        if not text.isprintable() and any(unicodedata.category(c) == "Cc" for c in text):
            raise ValueError(_("Có ký tự điều khiển: hãy gõ lại ô này."))
        return text


class CodeWidget(TextWidget):
    """Text with its leading zeros. What a spreadsheet program has damaged is refused."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        is_number = isinstance(value, (int, float))
        if isinstance(value, float) or (is_number and len(str(value)) > MOST_EXACT_DIGITS):
            raise ValueError(self._damaged(value))
        text = super().clean(value, row)
        if MANGLED_NUMBER.match(text):
            raise ValueError(self._damaged(text))
        return text

    def _damaged(self, value: Cell) -> str:
        return _(
            "Mã “%(value)s” đã bị bảng tính đổi thành số: hãy định dạng cột là Văn bản (Text) rồi "
            "gõ lại mã đầy đủ."
        ) % {"value": value}


class ChoiceWidget(Widget):
    """A value by any of its names. Blank gives an empty string unless required."""

    def __init__(
        self, names: Mapping[str, str], *, examples: Iterable[str], is_required: bool = False
    ) -> None:
        super().__init__()
        self.names = names
        self.examples = tuple(examples)
        self.is_required = is_required

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        text = clean_name(str(value))
        words = {"text": text, "expected": ", ".join(self.examples)}
        if not text:
            if self.is_required:
                raise ValueError(_("Ô bắt buộc còn trống: hãy ghi %(expected)s.") % words)
            return ""
        known = self.names.get(normalised(text))
        if known is None:
            raise ValueError(_("Không hiểu “%(text)s”: hãy ghi %(expected)s.") % words)
        return known


class DayWidget(Widget):
    """dd/mm/yyyy, ISO, or a day as spreadsheets keep it. Blank gives None."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> date | None:
        if value == "" or (isinstance(value, str) and not value.strip()):
            return None
        day = _day(value)
        if day is None or day.year not in YEARS:
            raise ValueError(
                _("Ngày “%(value)s” không hợp lệ: hãy ghi dạng ngày/tháng/năm, ví dụ 05/04/1985.")
                % {"value": value}
            )
        return day


class EmailWidget(TextWidget):
    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value, row)
        if text:
            try:
                validate_email(text)
            except ValidationError as error:
                raise ValueError(
                    _("Địa chỉ thư “%(text)s” không hợp lệ: hãy sửa hoặc để trống.")
                    % {"text": text}
                ) from error
        return text


class PhoneWidget(TextWidget):
    """Digits with the leading 0, put back where a spreadsheet dropped it from nine digits."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value, row)
        digits = normalised_phone(text)
        if text and not digits:
            raise ValueError(
                _("Số điện thoại “%(text)s” không hợp lệ: hãy ghi một số hoặc để trống.")
                % {"text": text}
            )
        return f"0{digits}" if len(digits) == 9 and not digits.startswith("0") else digits


def _day(value: Cell) -> date | None:
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        is_day = value in SPREADSHEET_DAYS
        return SPREADSHEET_EPOCH + timedelta(days=value) if is_day else None
    return parse_day(str(value))


def parse_day(text: str) -> date | None:
    """dd/mm/yyyy (or with - or .), or ISO, with or without a midnight; None if it is no day."""
    text = re.sub(r"[T ]00:00(:00(\.0+)?)?\Z", "", text.strip())
    for day_format in DAY_FORMATS:
        try:
            return datetime.strptime(text, day_format).date()
        except ValueError:
            continue
    return None
