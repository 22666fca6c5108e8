"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`SITE_NAME`, `SUPPORT_CONTACT` (may be empty)."""
    return {
        "SITE_NAME": settings.WAGTAIL_SITE_NAME,
        "SUPPORT_CONTACT": settings.SUPPORT_CONTACT,
    }
