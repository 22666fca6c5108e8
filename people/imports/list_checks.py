"""What is wrong with a staff list that only all of its rows together tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from people.imports.old_fonts import is_unicode
from people.imports.reading import Reading, others_than
from people.imports.rejections import WHOLE_FILE
from people.imports.roster_checks import Checks
from people.imports.roster_rows import RosterRow
from people.imports.widgets import old_font_message
from people.names import folded

MANY_OLD_NAMES = 3  # from here on a list is one of an old font
MANY_ROWS = 5  # from here on what is wrong with every row's unit is said once
FEW_UNITS = 3  # named in one sentence
# What one list may ask of people beyond its importer's units: more is no list of a unit's people.
MOST_OUTSIDERS = 20
MOST_NAMESAKES, SHARE_NAMESAKES = 10, 0.01  # new people of one name, or so many of all rows


def is_of_several_units(units: Mapping[int, str], reading: Reading[RosterRow]) -> bool:
    """Titles between the rows name units, and no column does: everybody would be put into one."""
    if not units:
        return False
    rows = ", ".join(str(number) for number in list(units)[:5])
    message = _(
        "Tệp xếp người của nhiều đơn vị dưới các dòng tên đơn vị (dòng %(rows)s), nhưng không có "
        "cột Mã đơn vị: hãy thêm cột đó, hoặc tách mỗi đơn vị một tệp."
    )
    _refuse(reading, [message % {"rows": rows}])
    return True


def is_of_other_units(reading: Reading[RosterRow], checks: Checks) -> bool:
    """Nothing can be taken of any of its units: said once, not in every row."""
    units = list(dict.fromkeys(row.unit_code for row in reading.rows))
    problems = [checks.problem_of_unit(unit) for unit in units]
    if len(reading.rows) < MANY_ROWS or not all(problems):
        return False
    if all(checks.is_of_others(unit) for unit in units):
        message = _(
            "Tệp này là danh sách của %(units)s, không phải của đơn vị thuộc phạm vi quản lý: hãy "
            "chọn tệp khác, hoặc nhờ cấp trên nhập."
        )
        problems = [message % {"units": _first_few(units)}]
    _refuse(reading, problems[:FEW_UNITS])
    return True


def is_full_of_outsiders(
    reading: Reading[RosterRow], checks: Checks, unseen: Collection[int]
) -> bool:
    """It asks of too many people whom its importer doesn't manage, or tries out what belongs to a
    name: codes, birth dates. `unseen`: rows of new people who are known elsewhere."""
    if checks.known.managed is None:
        return False
    outside = {row.number for row in reading.rows if checks.concerns_outsider(row)}
    if len(outside | set(unseen)) > MOST_OUTSIDERS:
        message = _(
            "Danh sách có hơn %(limit)s người thuộc đơn vị ngoài phạm vi quản lý nên không được "
            "đối chiếu: hãy kiểm tra lại tệp, tách theo từng đơn vị, hoặc nhờ cấp trên nhập."
        )
        _refuse(reading, [message % {"limit": MOST_OUTSIDERS}])
        return True
    newcomers = (
        row
        for row in reading.rows
        if row.number in outside or row.person_code not in checks.known.people
    )
    names = Counter(folded(row.full_name) for row in newcomers)
    limit = max(MOST_NAMESAKES, int(SHARE_NAMESAKES * len(reading.rows)))
    if max(names.values(), default=0) > limit:
        message = _(
            "Danh sách có hơn %(limit)s người mới cùng họ tên nên không được đối chiếu: hãy kiểm "
            "tra lại cột Họ và tên, hoặc nhờ cấp trên nhập."
        )
        _refuse(reading, [message % {"limit": limit}])
        return True
    return False


def _refuse(reading: Reading[RosterRow], messages: Sequence[str]) -> None:
    """The whole list, and nothing else is said of its rows."""
    reading.rows.clear()
    reading.rejected.clear()
    for message in messages:
        reading.reject(WHOLE_FILE, "", message)


def _first_few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:FEW_UNITS])
    return f"{shown}…" if len(names) > FEW_UNITS else shown


def check_people(reading: Reading[RosterRow], as_of: date) -> None:
    reading.reject_repeated("person_code")
    _reject_repeated_people([row for row in reading.rows if not row.person_code], reading)
    for row in reading.rows:
        if row.birth_date is None:
            if not row.person_code:
                message = _("Dòng không có mã nhân sự nên cần ngày sinh để tìm người: hãy điền.")
                reading.reject(row.number, "birth_date", message)
        elif row.birth_date >= as_of:
            reading.reject(
                row.number, "birth_date", _("Ngày sinh sau ngày của danh sách: hãy kiểm tra năm.")
            )


def _reject_repeated_people(rows: Sequence[RosterRow], reading: Reading[RosterRow]) -> None:
    """Where there are no codes, one name and birth date in one unit is one person."""
    numbers: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        numbers[_person(row)].append(row.number)
    for row in rows:
        several = numbers[_person(row)]
        if row.birth_date is not None and len(several) > 1:
            message = _(
                "Dòng %(others)s có cùng họ tên, ngày sinh và đơn vị: hãy giữ lại một dòng, hoặc "
                "ghi mã nhân sự của từng người."
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
