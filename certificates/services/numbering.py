"""Register numbers: given once, in order, without gaps, in a short transaction of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from certificates.models import Certificate, Register
from certificates.rules import register_number
from people.dates import local_day

BATCH = 200  # certificates numbered in one transaction


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
            _enter([stored], year=local_day(stored.issued_at).year, at=at)
    certificate.number, certificate.numbered_at = stored.number, stored.numbered_at
    return certificate


def number_waiting(*, at: datetime) -> int:
    """Number the certificates that wait longest, at most `BATCH`, in one short transaction.

    So hundreds that were issued together (a rule changed, a run was decided anew) cost a few
    commits instead of one each. Returns how many it numbered.
    """
    with transaction.atomic():
        waiting = list(
            Certificate.objects.unnumbered()
            .select_for_update()
            .order_by("issued_at", "completed_on", "pk")[:BATCH]
        )
        by_year: dict[int, list[Certificate]] = {}
        for certificate in waiting:
            by_year.setdefault(local_day(certificate.issued_at).year, []).append(certificate)
        for year, certificates in sorted(by_year.items()):
            _enter(certificates, year=year, at=at)
    return len(waiting)


def _enter(certificates: list[Certificate], *, year: int, at: datetime) -> None:
    """The next numbers of the year's register, whose row stays locked until they are stored."""
    register, _ = Register.objects.select_for_update().get_or_create(year=year)
    for certificate in certificates:
        register.last_number += 1
        certificate.number = register_number(register.last_number, year=year)
        certificate.numbered_at = at
    Certificate.objects.bulk_update(certificates, ["number", "numbered_at"])
    register.save(update_fields=["last_number"])
