"""Certificates for completions: one each, whoever asks and however often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from certificates.models import Certificate, CertificateModule
from certificates.queries import unit_names
from certificates.rules import expires_on
from certificates.services.numbering import number_certificate
from certificates.wording import frozen_wording, titles_of
from courses.models import CourseCompletion, CourseRun, Module
from people.dates import local_day


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """How many certificates were missing, and how many had no number yet."""

    issued: int
    numbered: int


def issue_certificate(completion: CourseCompletion, *, at: datetime) -> Certificate:
    """The completion's certificate, made in the caller's transaction unless it exists.

    Without a number: that waits for its own transaction, so that completions don't queue at the
    register (`number_certificate`).
    """
    with transaction.atomic():
        issued = _original_of(completion).first()
        if issued is not None:
            return issued
        try:
            with transaction.atomic():
                return _create(completion, at=at)
        except IntegrityError:  # another request issued it between the look and the leap
            return _original_of(completion).get()


def issue_missing(*, run: CourseRun | None = None, at: datetime) -> CaughtUp:
    """Issue and number whatever is still missing, of one run or of all. Harmless to repeat.

    Each certificate has a transaction of its own: learners' writes slip in between.
    """
    missing = list(_completions_without_certificate(run))
    for completion in missing:
        issue_certificate(completion, at=at)
    unnumbered = list(_unnumbered(run))
    for certificate in unnumbered:
        number_certificate(certificate, at=at)
    return CaughtUp(issued=len(missing), numbered=len(unnumbered))


def _original_of(completion: CourseCompletion) -> models.QuerySet[Certificate]:
    return Certificate.objects.filter(completion=completion, replaces__isnull=True)


def _completions_without_certificate(run: CourseRun | None) -> models.QuerySet[CourseCompletion]:
    missing = CourseCompletion.objects.filter(
        certificates__isnull=True, enrolment__person__merged_into__isnull=True
    ).select_related("enrolment__person", "enrolment__run__course")
    if run is not None:
        missing = missing.filter(enrolment__run=run)
    return missing.order_by("completed_at", "pk")


def _unnumbered(run: CourseRun | None) -> models.QuerySet[Certificate]:
    waiting = Certificate.objects.unnumbered()
    if run is not None:
        waiting = waiting.filter(completion__enrolment__run=run)
    return waiting.order_by("issued_at", "completed_on", "pk")


def _create(completion: CourseCompletion, *, at: datetime) -> Certificate:
    modules = list(Module.objects.filter(code__in=completion.modules).order_by("position", "code"))
    certificate = Certificate.objects.create(
        completion=completion, issued_at=at, **_copied(completion, modules), **frozen_wording()
    )
    CertificateModule.objects.bulk_create(
        CertificateModule(certificate=certificate, module=module) for module in modules
    )
    return certificate


def _copied(completion: CourseCompletion, modules: list[Module]) -> dict[str, Any]:
    """What the certificate says of her and of the training, as it is now."""
    enrolment = completion.enrolment
    person, course = enrolment.person, enrolment.run.course
    completed_on = local_day(completion.completed_at)
    return {
        "person": person,
        "course": course,
        "completed_on": completed_on,
        "valid_until": expires_on(completed_on, course.validity_months),
        "person_name": person.full_name,
        "birth_date": person.birth_date,
        "unit_name": unit_names([(person.pk, completed_on)])[person.pk, completed_on],
        "course_title": course.title,
        "module_titles": titles_of(modules),
        "periods": sum(module.periods for module in modules),
        "run_title": enrolment.run.title,
        "trained_from": local_day(enrolment.began_at),
    }
