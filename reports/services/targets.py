"""The targets of the inter-sector plan, and the same thresholds for the years at hand."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from courses.models import Course
from people.models import Sector, StaffGroup, UnitKind
from reports.models import Target

# code, title, per cent, due on, counts from
PLAN = [
    ("CT-2017", "80% quản lý, giáo viên được bồi dưỡng vào năm 2017", 80, 2017, 2016),
    ("CT-2020", "95% quản lý, giáo viên được bồi dưỡng vào năm 2020", 95, 2020, 2016),
    ("CT-2027", "80% quản lý, giáo viên được bồi dưỡng vào năm 2027", 80, 2027, 2026),
    ("CT-2030", "95% quản lý, giáo viên được bồi dưỡng vào năm 2030", 95, 2030, 2026),
]


@transaction.atomic
def ensure_targets(course: Course) -> list[Target]:
    """Create the plan's targets that are missing; what an administrator changed stays as it is."""
    targets = [_ensure_target(*line) for line in PLAN]
    for target in targets:
        target.courses.add(course)
    return targets


def _ensure_target(code: str, title: str, percent: int, due_year: int, first_year: int) -> Target:
    """Upper secondary schools belong to the city's department, not to the plan."""
    target, _ = Target.objects.get_or_create(
        code=code,
        defaults={
            "title": title,
            "percent": percent,
            "due_on": date(due_year, 12, 31),
            "started_on": date(first_year, 1, 1),
            "staff_groups": [StaffGroup.MANAGER.value, StaffGroup.TEACHER.value],
            "sectors": [Sector.EDUCATION.value],
            "excluded_unit_kinds": [UnitKind.UPPER_SECONDARY.value],
        },
    )
    return target
