"""Certificates that no longer count, and those that take their place."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certificates.models import Certificate, CertificateModule, Revocation
from people.audit import AuditAction, record
from people.models import User

# What a replacement may say otherwise. Whose it is, of what course and of which completion stays.
CORRECTABLE = frozenset(
    {
        "birth_date",
        "completed_on",
        "course_title",
        "issuer",
        "issuer_parent",
        "module_titles",
        "number",
        "periods",
        "person_name",
        "place",
        "result",
        "run_title",
        "signatories",
        "trained_from",
        "unit_name",
        "valid_until",
    }
)
GIVEN_BY_THE_REGISTER = frozenset({"number", "numbered_at"})
IDENTITY = ("completed_on", "issuer", "number")  # with person and course, of a recorded one


class RevocationError(Exception):
    """The certificate can't be revoked or replaced so; the message says what to do instead."""


def revoke(
    certificate: Certificate,
    *,
    on: date,
    reason: str,
    by: User,
    at: datetime,
    is_fraud: bool = False,
) -> Revocation:
    """From `on` the certificate no longer counts; if obtained by fraud, it never did."""
    effective_on = certificate.completed_on if is_fraud else on
    _demand_reason(reason)
    if effective_on < certificate.completed_on:
        raise RevocationError(
            _("Ngày thu hồi trước ngày hoàn thành. Chọn ngày khác, hoặc ghi là gian lận.")
        )
    with transaction.atomic():
        _lock(certificate)
        if Revocation.objects.filter(certificate=certificate).exists():
            raise RevocationError(_("Giấy chứng nhận này đã được thu hồi trước đó."))
        return _write(certificate, effective_on=effective_on, reason=reason, by=by, at=at)


def replace(
    certificate: Certificate, *, by: User, at: datetime, reason: str, **corrections: Any
) -> Certificate:
    """A new certificate with the corrections in place of this one, which stops counting at once.

    An issued one gets a number of its own from the register (`number_certificate`). Also the way to
    reinstate what was revoked by mistake: the revocation stays, the replacement counts.
    """
    _demand_reason(reason)
    _demand_correctable(certificate, corrections)
    with transaction.atomic():
        _lock(certificate)
        if Certificate.objects.filter(replaces=certificate).exists():
            raise RevocationError(_("Giấy chứng nhận này đã được cấp lại; hãy mở bản mới nhất."))
        if not Revocation.objects.filter(certificate=certificate).exists():
            day = certificate.completed_on
            _write(certificate, effective_on=day, reason=reason, by=by, at=at)
        successor = _successor(certificate, by=by, at=at, corrections=corrections)
        record(
            AuditAction.CERTIFICATE_REPLACED,
            actor=by,
            subject=certificate.person,
            detail={
                "certificate": str(certificate.pk),
                "by": str(successor.pk),
                "corrected": sorted(corrections),
                "reason": reason.strip(),
            },
        )
        return successor


def _lock(certificate: Certificate) -> None:
    Certificate.objects.select_for_update().get(pk=certificate.pk)


def _write(
    certificate: Certificate, *, effective_on: date, reason: str, by: User, at: datetime
) -> Revocation:
    revocation = Revocation.objects.create(
        certificate=certificate,
        effective_on=effective_on,
        reason=reason.strip(),
        revoked_by=by,
        revoked_at=at,
    )
    record(
        AuditAction.CERTIFICATE_REVOKED,
        actor=by,
        subject=certificate.person,
        detail={
            "certificate": str(certificate.pk),
            "from": effective_on.isoformat(),
            "reason": revocation.reason,
        },
    )
    return revocation


def _successor(
    certificate: Certificate, *, by: User, at: datetime, corrections: dict[str, Any]
) -> Certificate:
    successor = Certificate.objects.get(pk=certificate.pk)
    successor.pk = uuid.uuid4()
    successor._state.adding = True
    successor.replaces = certificate
    successor.issued_at = at
    if successor.is_recorded:
        successor.vouched_by = by
    else:
        successor.number, successor.numbered_at = "", None
    for name, value in corrections.items():
        setattr(successor, name, value)
    successor.save(force_insert=True)
    CertificateModule.objects.bulk_create(
        CertificateModule(certificate=successor, module_id=module)
        for module in certificate.covers.values_list("module_id", flat=True)
    )
    return successor


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise RevocationError(_("Cần ghi lý do."))


def _demand_correctable(certificate: Certificate, corrections: dict[str, Any]) -> None:
    allowed = CORRECTABLE if certificate.is_recorded else CORRECTABLE - GIVEN_BY_THE_REGISTER
    refused = sorted(set(corrections) - allowed)
    if refused:
        raise RevocationError(
            _("Không sửa được các mục sau khi cấp lại: %(fields)s.")
            % {"fields": ", ".join(refused)}
        )
    if certificate.is_recorded and all(
        corrections.get(name, getattr(certificate, name)) == getattr(certificate, name)
        for name in IDENTITY
    ):
        raise RevocationError(
            _("Bản ghi nhận thay thế phải khác bản cũ ở ngày hoàn thành, cơ quan cấp hoặc số.")
        )
