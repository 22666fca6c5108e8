"""Where anyone can check a certificate."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from certificates.models import Certificate


def verify_url(certificate: Certificate) -> str:
    """The whole address, as printed and as the QR code holds it."""
    return settings.BASE_URL.rstrip("/") + reverse("certificates:verify", args=[certificate.pk])
