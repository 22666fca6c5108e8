"""What happens to certificates when something happens below."""

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

logger = logging.getLogger(__name__)


@receiver(course_completed, dispatch_uid="certificates.certify_completion")
def certify_completion(*, completion: CourseCompletion, **_kwargs: Any) -> None:
    """The certificate with the completion or neither; its number right after."""
    certificate = issue_certificate(completion, at=timezone.now())
    # A lambda: when a robust callback fails, Django logs its __qualname__; a partial has none.
    transaction.on_commit(lambda: _number_soon(certificate), robust=True)


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
