"""What a learner's browser may send: that a lesson was read. Scores are never taken from here.

Each event has a UUID made by the browser, so that an outbox may send it as often as it likes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Activity, ActivityKind
from courses.rules import EvidenceKind
from courses.services.evidence import (
    ForeignEvidenceError,
    NoOpenRunError,
    Receipt,
    record_evidence,
)
from people.addresses import local_address
from people.models import Person

MOST_EVENTS = 200  # in one batch: a module read offline is a dozen
MOST_BYTES = 64 * 1024
SENSIBLE_YEARS = range(2000, 2101)  # of a client's clock


@require_POST
def receive_batch(request: HttpRequest) -> JsonResponse:
    """`{"learner": code, "events": [{"id", "activity", "kind": "viewed", "happened_at"}]}`.

    Answers one result per event: `recorded`, `known`, `no_open_run` (keep it and say so) or
    `refused` (drop it). A batch queued under another account is answered 409 and left to its owner.
    """
    if not request.user.is_authenticated or not request.user.person:
        return _problem(401, _("Hãy đăng nhập lại: những gì đã đọc vẫn chờ trên máy này."))
    if len(request.body) > MOST_BYTES:
        return _problem(413, _("Gói gửi quá lớn: hãy gửi ít mục hơn mỗi lần."))
    try:
        batch = json.loads(request.body)
        learner, events = batch["learner"], batch["events"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _problem(400, _("Gói gửi không đọc được: hãy tải lại trang."))
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        return _problem(400, _("Gói gửi không đọc được: hãy tải lại trang."))
    person = request.user.person
    if learner != person.code and not person.merged_people.filter(code=learner).exists():
        return _problem(409, _("Những mục này thuộc về tài khoản khác nên được giữ lại."))
    now = timezone.now()
    return JsonResponse({"results": [_receive(person, event, at=now) for event in events]})


@login_required
@require_POST
def read_lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """The "I have read it" button, without any script. Sending it again is harmless."""
    lesson = get_object_or_404(Activity, pk=pk, kind=ActivityKind.LESSON)
    person = request.user.person  # type: ignore[union-attr]
    if person is None:
        raise Http404
    try:
        receipt = _record_view(person, lesson, request.POST.get("id", ""), at=timezone.now())
    except NoOpenRunError as error:
        messages.info(request, str(error))
    except (ForeignEvidenceError, ValueError):
        messages.error(request, _("Chưa ghi nhận được: hãy tải lại trang rồi bấm lại."))
        return HttpResponseRedirect(lesson.get_absolute_url())
    else:
        if _completed_by(receipt):
            messages.success(
                request, _("Đã hoàn thành đợt bồi dưỡng. Giấy chứng nhận có ở ngay dưới đây.")
            )
            return HttpResponseRedirect("/my/")
    return HttpResponseRedirect(
        local_address(request, request.POST.get("next", "")) or lesson.get_absolute_url()
    )


def _completed_by(receipt: Receipt) -> bool:
    """Whether this very evidence completed the run."""
    decisions = receipt.decisions
    return decisions is not None and decisions.course == receipt.evidence.received_at


def _receive(person: Person, event: Any, *, at: datetime) -> dict[str, str]:
    try:
        key, kind = str(event["id"]), event["kind"]
        if not isinstance(event["activity"], int):
            return {"id": key, "result": "refused"}
        lesson = Activity.objects.get(pk=event["activity"], kind=ActivityKind.LESSON)
        if kind != EvidenceKind.VIEWED:
            return {"id": key, "result": "refused"}
        receipt = _record_view(
            person, lesson, key, at=at, happened_at=_instant(event.get("happened_at"))
        )
    except NoOpenRunError:
        return {"id": key, "result": "no_open_run"}
    except (
        ForeignEvidenceError,
        Activity.DoesNotExist,
        ValueError,
        KeyError,
        TypeError,
        OverflowError,
    ):
        identity = event.get("id", "") if isinstance(event, dict) else ""
        return {"id": str(identity), "result": "refused"}
    return {"id": key, "result": "recorded" if receipt.is_new else "known"}


def _record_view(
    person: Person,
    lesson: Activity,
    key: str,
    *,
    at: datetime,
    happened_at: datetime | None = None,
) -> Receipt:
    """Raises `ValueError` for a malformed id, and what `record_evidence` raises."""
    return record_evidence(
        person,
        activity=lesson,
        kind=EvidenceKind.VIEWED,
        evidence_id=UUID(key),
        received_at=at,
        happened_at=happened_at,
    )


def _instant(text: Any) -> datetime | None:
    """The client's clock, for information; None when it is missing or makes no sense."""
    try:
        instant = parse_datetime(text) if isinstance(text, str) else None
        if instant is None or timezone.is_naive(instant):
            return None
        instant = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if instant.year in SENSIBLE_YEARS else None


def _problem(status: int, message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)
