"""A list of people as the rows of a table to take away; brought in again, nobody is changed.

It is Vietnamese whatever the interface speaks: so are the lists that an import reads.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import override

from people.imports.samples import HEADINGS as ROSTER_HEADINGS
from people.models import MembershipStatus, Person, Position, Sex, StaffGroup
from people.models.membership import MembershipQuerySet
from people.services.roster import position_called
from people.sheets.writing import Value

SHEET = "Danh sách"
HEADINGS = [*ROSTER_HEADINGS, "Tên đơn vị", "Giảng viên nguồn", "Giáo viên nòng cốt"]
COLUMNS = (
    "person__code",
    "person__family_name",
    "person__middle_name",
    "person__given_name",
    "person__sex",
    "person__birth_date",
    "unit_code",
    "staff_group",
    "position",
    "position_title",
    "status",
    "started_on",
    "ended_on",
    "person__email",
    "person__phone",
    "unit_name",
    "person__is_core_trainer",
    "person__is_core_teacher",
)
ROWS_AT_ONCE = 2000  # fetched from the database while a file is written
YES = "x"


def roster_rows(
    people: MembershipQuerySet, *, shows_codes_in: Container[str] | None
) -> Iterator[list[Value]]:
    """Of `people.queries.people.listed_people`, in the columns of `HEADINGS`.

    National numbers are whole where the list is the viewer's to bring in again: in the units of
    `shows_codes_in` (None: all), and masked elsewhere.
    """
    words = _Words()
    rows: Any = people.values_list(*COLUMNS)
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        code, family, middle, given, sex, born, unit = row[:7]
        group, position, title, status, first, last, email, phone, name, trains, teaches = row[7:]
        person = Person(code=code, family_name=family, middle_name=middle, given_name=given)
        is_whole = shows_codes_in is None or unit in shows_codes_in
        yield [
            code if is_whole else person.masked_code,
            person.full_name,
            words.sexes[sex],
            born,
            unit,
            words.groups[group],
            title or words.position(position, group),
            words.statuses[status],
            first,
            last,
            email,
            phone,
            name or "",
            YES if trains else "",
            YES if teaches else "",
        ]


class _Words:
    """Labels, looked up once for the whole list."""

    def __init__(self) -> None:
        with override(settings.LANGUAGE_CODE):
            self.sexes = _labels(Sex)
            self.groups = _labels(StaffGroup)
            self.positions = _labels(Position)
            self.statuses = _labels(MembershipStatus)

    def position(self, position: str, group: str) -> str:
        """What the list would call it; nothing where that follows from the group."""
        is_plain = position_called("", group=group)["position"] == position
        return "" if is_plain else self.positions[position]


def _labels(choices: Any) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}
