"""What is wrong with a staff list that only all of its rows together tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from people.imports.old_fonts import is_unicode
from people.imports.reading import Reading, others_than
from people.imports.rejections import WHOLE_FILE
from people.imports.roster_rows import RosterRow
from people.imports.widgets import old_font_message
from people.names import folded

MANY_OLD_NAMES = 3  # from here on a list is one of an old font


def is_of_several_units(units: Mapping[int, str], reading: Reading[RosterRow]) -> bool:
    """Titles between the rows name units, and no column does: everybody would be put into one."""
    if not units:
        return False
    rows = ", ".join(str(number) for number in list(units)[:5])
    message = _(
        "Tệp xếp người của nhiều đơn vị dưới các dòng tên đơn vị (dòng %(rows)s), nhưng không có "
        "cột Mã đơn vị: hãy thêm cột đó, hoặc tách mỗi đơn vị một tệp."
    )
    reading.rows.clear()
    reading.rejected.clear()
    reading.reject(WHOLE_FILE, "", message % {"rows": rows})
    return True


def check_people(reading: Reading[RosterRow], as_of: date, *, has_codes: bool) -> None:
    if has_codes:
        reading.reject_repeated("person_code")
    else:
        _reject_repeated_people(reading)
    for row in reading.rows:
        if row.birth_date is None:
            if not has_codes:
                message = _("Danh sách không có mã nhân sự nên cần ngày sinh: hãy điền.")
                reading.reject(row.number, "birth_date", message)
        elif row.birth_date >= as_of:
            reading.reject(
                row.number, "birth_date", _("Ngày sinh sau ngày của danh sách: hãy kiểm tra năm.")
            )


def _reject_repeated_people(reading: Reading[RosterRow]) -> None:
    """Where there are no codes, one name and birth date in one unit is one person."""
    numbers: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in reading.rows:
        numbers[_person(row)].append(row.number)
    for row in reading.rows:
        several = numbers[_person(row)]
        if row.birth_date is not None and len(several) > 1:
            message = _(
                "Dòng %(others)s có cùng họ tên, ngày sinh và đơn vị: hãy giữ lại một dòng, hoặc "
                "thêm cột Mã nhân sự."
            )
            others = others_than(row.number, several)
            reading.reject(row.number, "full_name", message % {"others": others})


def _person(row: RosterRow) -> tuple[Any, ...]:
    return folded(row.full_name), row.birth_date, row.unit_code


def check_fonts(reading: Reading[RosterRow], *, old_names: int) -> None:
    """In a list of an old font some names pass for Unicode, such as "Mai Dòng" for Mai Dũng."""
    if old_names < MANY_OLD_NAMES:
        return
    if any(is_unicode(row.full_name) for row in reading.rows):
        return
    for row in reading.rows:
        if not row.full_name.isascii():
            reading.reject(row.number, "full_name", old_font_message(row.full_name))
