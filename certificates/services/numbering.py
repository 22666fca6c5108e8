"""Register numbers: given once, in order, without gaps, in a short transaction of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from certificates.models import Certificate, Register
from certificates.rules import register_number
from people.dates import local_day


def number_certificate(certificate: Certificate, *, at: datetime) -> Certificate:
    """Enter the certificate in the register of the year it was issued in, unless it is there.

    Recorded certificates keep the number of whoever issued them. The register's row is locked
    until the number is stored (SQLite: the write lock, taken at BEGIN), so that a number is neither
    skipped nor given twice. Fills in the instance that was passed.
    """
    if certificate.is_recorded:
        return certificate
    with transaction.atomic():
        stored = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if not stored.number:
            stored.number = _next_number(local_day(stored.issued_at).year)
            stored.numbered_at = at
            stored.save(update_fields=["number", "numbered_at"])
    certificate.number, certificate.numbered_at = stored.number, stored.numbered_at
    return certificate


def _next_number(year: int) -> str:
    register, _ = Register.objects.select_for_update().get_or_create(year=year)
    register.last_number += 1
    register.save(update_fields=["last_number"])
    return register_number(register.last_number, year=year)
