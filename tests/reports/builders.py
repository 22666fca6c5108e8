"""Builders that only the reports' tests need: targets and certificates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from certificates.models import Certificate, CertificateModule, Revocation
from courses.models import Course, Module
from people.models import Person, User
from reports.models import Target
from tests.factories import make_account

TODAY = date(2026, 11, 21)


def make_target(course: Course, code: str = "CT-2027", **fields: Any) -> Target:
    """80 % of managers and teachers of the education sector, counted from 1 January 2026."""
    target = Target.objects.create(
        code=code,
        title=f"Chỉ tiêu {code}",
        **{
            "percent": 80,
            "due_on": date(2027, 12, 31),
            "started_on": date(2026, 1, 1),
            "staff_groups": ["manager", "teacher"],
            "sectors": ["education"],
            "excluded_unit_kinds": ["upper_secondary"],
            **fields,
        },
    )
    target.courses.add(course)
    return target


def certify(
    person: Person,
    course: Course,
    *,
    on: date = date(2026, 6, 15),
    valid_until: date | None = None,
    modules: Iterable[Module] = (),
) -> Certificate:
    """Recorded training: it counts exactly as an issued certificate does."""
    certificate = Certificate.objects.create(
        person=person,
        course=course,
        completed_on=on,
        valid_until=valid_until,
        issued_at=datetime(on.year, on.month, on.day, tzinfo=UTC),
        number=f"{person.code}-{Certificate.objects.count()}",
        person_name=person.full_name,
        course_title=course.title,
        issuer="Trường thử",
        is_recorded=True,
    )
    for module in modules:
        CertificateModule.objects.create(certificate=certificate, module=module)
    return certificate


def revoke(certificate: Certificate, *, on: date, by: User | None = None) -> Revocation:
    return Revocation.objects.create(
        certificate=certificate,
        effective_on=on,
        reason="Ghi nhầm người",
        revoked_by=by or make_account(),
        revoked_at=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )


def at_work_on(day: date) -> datetime:
    """In the morning, local time."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
