"""From a cell to a value. Messages say what was read and what to write instead.

They raise `ValueError`, which django-import-export collects by column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from people.backends import normalised_phone
from people.imports.columns import normalised
from people.imports.old_fonts import is_of_an_old_font
from people.names import clean_name
from people.sheets import Cell

SPREADSHEET_EPOCH = date(1899, 12, 30)
# Serial numbers of days from 1927 to 2119: below them stand bare years such as 1985.
SPREADSHEET_DAYS = range(10_000, 80_000)
YEARS = range(1900, 2201)
MOST_EXACT_DIGITS = 15  # of a number in a spreadsheet cell
# Numbers of one or two digits, of four, and a time of day that is read over.
SHORT, LONG = r"([0-9]{1,2})", r"([0-9]{4})"
TIME = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
DAY_FIRST = re.compile(rf"{SHORT} ?([-/.]) ?{SHORT} ?\2 ?{LONG}{TIME}")
YEAR_FIRST = re.compile(rf"{LONG}([-/.]){SHORT}\2{SHORT}{TIME}")
IN_WORDS = re.compile(rf"(?:ngày )?{SHORT}( tháng ){SHORT} năm {LONG}", re.IGNORECASE)
SHORT_YEAR = re.compile(r"[0-9]{1,2} ?[-/.] ?[0-9]{1,2} ?[-/.] ?[0-9]{2}")
SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
WORD = re.compile(r"[^\W\d_]+")
MASK = "•"  # stands for what a list of ours doesn't show of a national number
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


class NameWidget(TextWidget):
    """A person's name; all capitals become "Nguyễn Thị Ánh". What was lost on the way to us can't
    be put back: a name of an old font, or with ? for its letters, is refused.

    `old_names` counts those of an old font."""

    old_names = 0

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        if is_of_an_old_font(str(value)):
            self.old_names += 1
            raise ValueError(old_font_message(clean_name(str(value))))
        text = super().clean(value, row)
        if "?" in text:
            raise ValueError(
                _(
                    "Tên “%(text)s” mất chữ có dấu khi lưu tệp: hãy lưu lại từ tệp gốc thành .xlsx "
                    "hoặc CSV UTF-8."
                )
                % {"text": text}
            )
        if text and not any(c.isalpha() for c in text):
            raise ValueError(
                _("“%(text)s” không phải là tên: hãy kiểm tra xem có lệch cột không.")
                % {"text": text}
            )
        return in_title_case(text)


def in_title_case(name: str) -> str:
    """Only of a name that is all capitals: others know how they are written."""
    if not name.isupper():
        return name
    return WORD.sub(lambda word: word[0][0] + word[0][1:].lower(), name)


def old_font_message(name: str) -> str:
    return _(
        "Tên “%(name)s” gõ bằng phông chữ cũ (TCVN3, VNI): hãy chuyển mã sang Unicode rồi nhập lại."
    ) % {"name": name}


class CodeWidget(TextWidget):
    """Text with its leading zeros. What a spreadsheet program has damaged is refused."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        is_number = isinstance(value, (int, float))
        if isinstance(value, float) or (is_number and len(str(value)) > MOST_EXACT_DIGITS):
            raise ValueError(self._damaged(value))
        text = super().clean(value, row)
        if text.startswith("=") or MANGLED_NUMBER.match(text):
            raise ValueError(self._damaged(text))
        if MASK in text:
            raise ValueError(
                _("Mã “%(value)s” đã bị che bớt: hãy ghi mã đầy đủ.") % {"value": text}
            )
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
        day = day_in(value)
        if isinstance(value, str) and SHORT_YEAR.fullmatch(value.strip()):
            raise ValueError(
                _("Ngày “%(value)s” thiếu hai chữ số đầu của năm: hãy ghi đủ, ví dụ 05/04/1985.")
                % {"value": value}
            )
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


def day_in(value: Cell) -> date | None:
    """The day that a cell holds; None if it is none."""
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)):
        return _of_serial(value)
    text = str(value).strip().lstrip("'")
    if SERIAL.fullmatch(text):
        return _of_serial(float(text))
    return parse_day(text)


def _of_serial(number: float) -> date | None:
    """Spreadsheets number days, and write the time of day behind the point."""
    days = int(number)
    return SPREADSHEET_EPOCH + timedelta(days=days) if days in SPREADSHEET_DAYS else None


def parse_day(text: str) -> date | None:
    """dd/mm/yyyy (or with - or . or blanks), or ISO, with or without a time; None if it is no day.

    A year needs its four digits: "04/05/25" may be of 1925 or 2025.
    """
    text = text.strip()
    if found := DAY_FIRST.fullmatch(text) or IN_WORDS.fullmatch(clean_name(text)):
        day, _sign, month, year = found.groups()
    elif found := YEAR_FIRST.fullmatch(text):
        year, _sign, month, day = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
