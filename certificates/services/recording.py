"""Training held on paper or elsewhere, recorded so that it counts like our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from certificates.models import Certificate, CertificateModule
from certificates.queries import unit_names
from certificates.rules import expires_on
from certificates.services.record_rows import RecordRow, read_records
from certificates.wording import titles_of
from courses.models import Course, Module
from people.dates import local_day
from people.imports.reading import Reading
from people.imports.rejections import WHOLE_FILE, Rejection
from people.models import Person, User
from people.sheets import Sheet

CHUNK = 500  # rows asked of the database or written to it at once

Identity = tuple[int, int, date, str, str]  # person, course, day, issuer, number


@dataclass(frozen=True, slots=True)
class RecordingReport:
    """With any rejection nothing was recorded and both counts are 0."""

    new: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What the file may refer to. Courses and modules by their codes without regard to case."""

    people: dict[str, Person]
    courses: dict[str, Course]
    modules: dict[str, Module]

    def modules_of(self, row: RecordRow) -> list[Module]:
        named = [self.modules[code.casefold()] for code in row.module_codes]
        return sorted(named, key=lambda module: (module.position, module.code))


def record_training(
    sheet: Sheet, *, at: datetime, vouched_by: User | None = None, is_dry_run: bool = False
) -> RecordingReport:
    """Record every row of the sheet that is not recorded yet, or none if any is rejected.

    A row is known by person, course, day, issuer and number: met again it is left unchanged. One
    without a last day lapses when certificates of its course do.
    """
    reading = read_records(sheet)
    known = _known(reading.rows)
    _check(reading, known, today=local_day(at))
    if reading.rejected:
        return RecordingReport(rejected=sorted(reading.rejected))
    drafts = [draft for rows in _chunks(reading.rows) for draft in _drafts(rows, known, at=at)]
    for certificate, _modules in drafts:
        certificate.vouched_by = vouched_by
    try:
        with transaction.atomic():
            new = _not_recorded_yet(drafts)
            if not is_dry_run:
                _write(new)
    except IntegrityError:  # the same rows came from somewhere else this very moment
        message = _("Dữ liệu vừa được một lần nhập khác thay đổi; chưa ghi gì. Hãy nhập lại.")
        return RecordingReport(rejected=[Rejection(WHOLE_FILE, "", message)])
    return RecordingReport(new=len(new), unchanged=len(drafts) - len(new))


def _known(rows: list[RecordRow]) -> Known:
    people: dict[str, Person] = {}
    for chunk in _chunks(rows):
        rows_named = Person.objects.filter(code__in={row.person_code for row in chunk})
        named = rows_named.select_related("merged_into")
        people |= {person.code: person.survivor for person in named}
    return Known(
        people=people,
        courses={course.code.casefold(): course for course in Course.objects.all()},
        modules={module.code.casefold(): module for module in Module.objects.all()},
    )


def _check(reading: Reading[RecordRow], known: Known, *, today: date) -> None:
    for row in reading.rows:
        for column, message in _faults(row, known, today=today):
            reading.reject(row.number, column, message)


def _faults(row: RecordRow, known: Known, *, today: date) -> Iterator[tuple[str, str]]:
    assert row.completed_on is not None
    if row.person_code not in known.people:
        yield (
            "person_code",
            _("Không có nhân sự mang mã %(code)s: hãy kiểm tra mã, kể cả số 0 ở đầu.")
            % {"code": row.person_code},
        )
    if row.completed_on > today:
        yield "completed_on", _("Ngày hoàn thành ở tương lai: hãy sửa lại ngày.")
    if row.valid_until is not None and row.valid_until < row.completed_on:
        yield "valid_until", _("Hết giá trị trước ngày hoàn thành: hãy sửa một trong hai ngày.")
    course = known.courses.get(row.course_code.casefold())
    if course is None:
        yield (
            "course_code",
            _("Không có khóa bồi dưỡng mang mã %(code)s: hãy kiểm tra mã khóa.")
            % {"code": row.course_code},
        )
        return
    for code in row.module_codes:
        module = known.modules.get(code.casefold())
        if module is None or module.course_id != course.pk:
            yield (
                "modules",
                _("Khóa %(course)s không có chuyên đề %(code)s: hãy sửa hoặc để trống.")
                % {"course": course.code, "code": code},
            )


def _drafts(
    rows: list[RecordRow], known: Known, *, at: datetime
) -> Iterator[tuple[Certificate, list[Module]]]:
    """Certificates as they will be written, with the modules they cover."""
    people = known.people
    days = {(people[row.person_code].pk, row.completed_on) for row in rows if row.completed_on}
    names = unit_names(days)
    for row in rows:
        assert row.completed_on is not None
        person, course = people[row.person_code], known.courses[row.course_code.casefold()]
        modules = known.modules_of(row)
        last_day = row.valid_until or expires_on(row.completed_on, course.validity_months)
        yield (
            Certificate(
                person=person,
                course=course,
                completed_on=row.completed_on,
                issued_at=at,
                valid_until=last_day,
                number=row.register_number,
                periods=row.periods,
                person_name=person.full_name,
                birth_date=person.birth_date,
                unit_name=names[person.pk, row.completed_on],
                course_title=course.title,
                module_titles=titles_of(modules),
                issuer=row.issuer,
                is_recorded=True,
            ),
            modules,
        )


def _not_recorded_yet(
    drafts: list[tuple[Certificate, list[Module]]],
) -> list[tuple[Certificate, list[Module]]]:
    """Asked inside the transaction that writes, so that an import beside this one is seen."""
    recorded: set[Identity] = set()
    for chunk in _chunks(drafts):
        people = {certificate.person_id for certificate, _modules in chunk}
        rows = Certificate.objects.filter(is_recorded=True, person__in=people)
        recorded.update(
            rows.values_list("person_id", "course_id", "completed_on", "issuer", "number")
        )
    new = []
    for certificate, modules in drafts:
        identity = _identity(certificate)
        if identity not in recorded:
            recorded.add(identity)
            new.append((certificate, modules))
    return new


def _identity(certificate: Certificate) -> Identity:
    return (
        certificate.person_id,
        certificate.course_id,
        certificate.completed_on,
        certificate.issuer,
        certificate.number,
    )


def _write(drafts: list[tuple[Certificate, list[Module]]]) -> None:
    Certificate.objects.bulk_create(
        [certificate for certificate, _modules in drafts], batch_size=CHUNK
    )
    CertificateModule.objects.bulk_create(
        [
            CertificateModule(certificate=certificate, module=module)
            for certificate, modules in drafts
            for module in modules
        ],
        batch_size=CHUNK,
    )


def _chunks(items: list) -> Iterator[list]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
