"""Completions and certificates for the tests of this room."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from certificates.models import Certificate
from certificates.services.issuing import issue_certificate
from certificates.services.numbering import number_certificate
from courses.models import Course, CourseCompletion, CourseRun, Enrolment
from people.models import Person, Unit
from tests.factories import make_course, make_module, make_run

BEGAN_AT = datetime(2026, 6, 2, 3, tzinfo=UTC)
COMPLETED_AT = datetime(2026, 7, 15, 3, tzinfo=UTC)
COMPLETED_ON = date(2026, 7, 15)


def make_short_run(unit: Unit, **course: Any) -> CourseRun:
    """A run of a course with the modules KH1 and KH6."""
    return make_run(make_short_course(**course), units=[unit])


def make_short_course(**fields: Any) -> Course:
    course = make_course(**fields)
    make_module(course, "KH1")
    make_module(course, "KH6")
    return course


def complete(
    person: Person, run: CourseRun, *, at: datetime = COMPLETED_AT, began_at: datetime = BEGAN_AT
) -> CourseCompletion:
    """A stored completion, without its signal."""
    enrolment = Enrolment.objects.create(person=person, run=run, began_at=began_at)
    codes = list(run.course.modules.values_list("code", flat=True))
    return CourseCompletion.objects.create(enrolment=enrolment, completed_at=at, modules=codes)


def certify(person: Person, run: CourseRun, *, at: datetime = COMPLETED_AT) -> Certificate:
    """A numbered certificate of a completion of that instant."""
    certificate = issue_certificate(complete(person, run, at=at), at=at)
    return number_certificate(certificate, at=at)
