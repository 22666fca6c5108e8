"""Checking a certificate, which anyone may, and downloading one, which few may."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from certificates.addresses import verify_url
from certificates.models import Certificate
from certificates.pdf import render_pdf
from certificates.queries import standing_of
from certificates.rules import Standing
from certificates.services.numbering import number_certificate
from people.audit import AuditAction, record
from people.models import User
from people.names import folded


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """The form; a code, or a whole address pasted into it, leads to its page."""
    typed = request.GET.get("code", "").strip()
    code = _as_code(typed.rstrip("/").rsplit("/", 1)[-1])
    if code is not None:
        return redirect("certificates:verify", code)
    return render(
        request, "certificates/look_up.html", {"typed": typed, "is_malformed": bool(typed)}
    )


@require_safe
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the certificate is worth today, as a page or (`Accept: application/json`) as JSON."""
    certificate = _find(_as_code(code))
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response: HttpResponse = _verify_json(certificate)
    elif certificate is None:
        context = {"typed": code, "is_unknown": True}
        response = render(
            request, "certificates/look_up.html", context, status=HTTPStatus.NOT_FOUND
        )
    else:
        response = render(request, "certificates/verify.html", _verify_context(certificate))
    patch_vary_headers(response, ["Accept"])
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@login_required
@cache_control(private=True, no_cache=True)
def download(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """The PDF, for its owner and those who may see her record; not found for anyone else.

    A certificate that still waits for its number gets it now: nothing is printed without one.
    """
    assert isinstance(request.user, User)
    now = timezone.now()
    today = timezone.localdate(now)
    visible = Certificate.objects.issued().visible_to(request.user, on=today)
    certificate = get_object_or_404(
        visible.select_related("person", "revocation", "replaced_by"), pk=certificate_id
    )
    if not certificate.number:
        number_certificate(certificate, at=now)
    standing = standing_of(certificate, on=today)
    response = HttpResponse(
        render_pdf(certificate, standing=standing), content_type="application/pdf"
    )
    if certificate.person_id != request.user.person_id:
        record(
            AuditAction.CERTIFICATE_DOWNLOADED,
            actor=request.user,
            subject=certificate.person,
            detail={"certificate": str(certificate.pk)},
        )
    response["Content-Disposition"] = _attachment(certificate)
    return response


def _as_code(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None


def _find(code: uuid.UUID | None) -> Certificate | None:
    if code is None:
        return None
    return (
        Certificate.objects.select_related("revocation", "replaced_by", "course")
        .filter(pk=code)
        .first()
    )


def _verify_json(certificate: Certificate | None) -> JsonResponse:
    """The least that tells whose certificate it is: no birth date, no staff code, no workplace."""
    if certificate is None:
        return JsonResponse({"status": Standing.UNKNOWN}, status=HTTPStatus.NOT_FOUND)
    standing = standing_of(certificate, on=timezone.localdate())
    said: dict[str, Any] = {
        "status": standing,
        "id": str(certificate.pk),
        "name": certificate.person_name,
        "course": certificate.course_title,
        "modules": [
            {"code": module["code"], "title": module["title"]}
            for module in certificate.module_titles
        ],
        "completed_on": certificate.completed_on,
        "valid_until": certificate.valid_until,
        "number": certificate.number,
        "issuer": certificate.issuer,
    }
    if standing is Standing.REVOKED:
        said["revoked_from"] = certificate.revocation.effective_on
    if standing is Standing.REPLACED:
        said["replaced_by"] = verify_url(certificate.replaced_by)
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


def _verify_context(certificate: Certificate) -> dict[str, Any]:
    today = timezone.localdate()
    standing = standing_of(certificate, on=today)
    return {
        "certificate": certificate,
        "standing": standing.value,
        "checked_on": today,
        "revocation": certificate.revocation if standing is Standing.REVOKED else None,
        "replacement": certificate.replaced_by if standing is Standing.REPLACED else None,
    }


def _attachment(certificate: Certificate) -> str:
    """An ASCII name for old software, and the Vietnamese one for the rest."""
    number = certificate.number.replace("/", "-")
    name = f"{_('Giấy chứng nhận')} {certificate.person_name} {number}.pdf"
    plain = slugify(folded(name.removesuffix(".pdf"))) + ".pdf"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
