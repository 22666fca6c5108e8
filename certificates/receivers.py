"""What happens to certificates when something happens, or is asked, below."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from certificates.models import Certificate
from certificates.services.issuing import issue_certificate
from certificates.services.numbering import number_waiting
from certificates.tasks import number_later
from courses.models import CourseCompletion
from courses.signals import course_completed
from people.models import Person
from people.signals import personal_record_asked

logger = logging.getLogger(__name__)


@receiver(course_completed, dispatch_uid="certificates.certify_completion")
def certify_completion(*, completion: CourseCompletion, **_kwargs: Any) -> None:
    """The certificate with the completion or neither; its number right after."""
    certificate = issue_certificate(completion, at=timezone.now())
    # A lambda: when a robust callback fails, Django logs its __qualname__; a partial has none.
    transaction.on_commit(lambda: _number_soon(certificate), robust=True)


@receiver(personal_record_asked, dispatch_uid="certificates.tell_certificates")
def tell_certificates(person: Person, **_kwargs: Any) -> tuple[str, list[dict[str, Any]]]:
    """What each says, ready for JSON; the wording is the same for everybody."""
    held = Certificate.objects.filter(person=person).select_related("course", "revocation")
    return "certificates", [_told(each) for each in held.order_by("completed_on", "issued_at")]


def _told(certificate: Certificate) -> dict[str, Any]:
    revocation = getattr(certificate, "revocation", None)
    return {
        "id": str(certificate.pk),
        "number": certificate.number,
        "course": certificate.course.code,
        "course_title": certificate.course_title,
        "module_titles": certificate.module_titles,
        "person_name": certificate.person_name,
        "birth_date": certificate.birth_date,
        "unit_name": certificate.unit_name,
        "completed_on": certificate.completed_on,
        "valid_until": certificate.valid_until,
        "result": certificate.result,
        "issuer": certificate.issuer,
        "is_recorded": certificate.is_recorded,
        "revoked_on": revocation and revocation.effective_on,
        "revoked_because": revocation.reason if revocation else "",
    }


def _number_soon(certificate: Certificate) -> None:
    """Now if the register is free, else by the worker, else by `issue_certificates`.

    Never the learner's trouble: her completion is stored whatever happens here.
    """
    try:
        while Certificate.objects.unnumbered().filter(pk=certificate.pk).exists():
            number_waiting(at=timezone.now())
    except Exception:
        logger.exception("Certificate %s has no number yet; left to the worker.", certificate.pk)
        number_later.enqueue(str(certificate.pk))
