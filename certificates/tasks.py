"""Work that can wait for the worker. A task is idempotent: it may run twice."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from certificates.models import Certificate
from certificates.services.numbering import number_certificate


@task()
def number_later(certificate_id: str) -> None:
    """Number one certificate that could not be numbered when it was issued."""
    certificate = Certificate.objects.get(pk=certificate_id)
    number_certificate(certificate, at=timezone.now())
