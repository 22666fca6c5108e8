"""A run's list as the rows of a table to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import CourseRun
from people.dates import local_day
from people.models import Person, StaffGroup
from people.sheets.writing import Value
from reports.progress_forms import STAGE_LABELS
from reports.queries.run_people import with_details
from reports.queries.run_progress import Learner

BATCH = 500  # people whose details are fetched at once

HEADINGS = [
    gettext_lazy("Mã nhân sự"),
    gettext_lazy("Họ và tên"),
    gettext_lazy("Đơn vị"),
    gettext_lazy("Nhóm"),
    gettext_lazy("Tình trạng"),
    gettext_lazy("Chuyên đề đã xong"),
    gettext_lazy("Chuyên đề bắt buộc"),
    gettext_lazy("Hoạt động gần nhất"),
    gettext_lazy("Ngày hoàn thành"),
    gettext_lazy("Số giấy chứng nhận"),
]


def sheet_rows(
    learners: Sequence[Learner], run: CourseRun, *, today: date
) -> Iterator[Sequence[Value]]:
    """One row a person, in the columns of `HEADINGS`; national numbers are masked as in lists."""
    for start in range(0, len(learners), BATCH):
        batch = learners[start : start + BATCH]
        people = with_details([each.person for each in batch], run, today=today)
        for learner in batch:
            yield _row(learner, people[learner.person])


def _row(learner: Learner, person: Person) -> list[Value]:
    return [
        person.masked_code,
        person.full_name,
        person.unit_name or "",  # type: ignore[attr-defined]
        _group(person.group),  # type: ignore[attr-defined]
        str(STAGE_LABELS[learner.stage]),
        learner.done,
        learner.required,
        _day(person.last_activity_at),  # type: ignore[attr-defined]
        _day(learner.completed_at),
        _number(person),
    ]


def _group(group: str | None) -> str:
    return str(StaffGroup(group).label) if group else ""


def _day(instant: datetime | None) -> date | None:
    return local_day(instant) if instant else None


def _number(person: Person) -> str:
    if person.is_revoked:  # type: ignore[attr-defined]
        return _("đã thu hồi")
    return person.certificate_number or ""  # type: ignore[attr-defined]
