"""Tokens by which other bodies take figures along, and what they took."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.audit import AuditAction, record
from people.dates import local_day
from people.grants import grants_of
from reports.models import ExportSchedule, Share, SharedFile, SharingToken, TokenState
from reports.queries.figures import smallest_cell
from reports.queries.sharing import (
    files_for_token,
    names_of_units,
    sectors_to_share,
    tokens_of,
    units_to_share,
)
from reports.services.scheduled_exports import hand_out, plan_export, stop_export
from reports.services.sharing import SharingError, make_token, revoke_token
from reports.sharing_forms import AXIS_LABELS, ScheduleForm, TokenForm
from reports.views.asking import viewer_of

TOKENS_A_PAGE = 50
SHARES_A_PAGE = 100
SHARES_SHOWN = 10
FILES_SHOWN = 20
USUAL = timedelta(days=365)


def sharer_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For administrators and whoever manages a unit that has none above it; nothing for others."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not grants_of(request).shares_figures:
            raise Http404
        return view(request, **kwargs)

    return guarded


@sharer_required
@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    tokens = tokens_of(viewer_of(request), on=today)
    page = Paginator(tokens, TOKENS_A_PAGE).get_page(request.GET.get("page"))
    units = names_of_units(page, on=today)
    rows = [(each, units.get(each.unit_id, each.unit.code), each.state_on(today)) for each in page]
    return render(request, "reports/sharing/list.html", {"page": page, "rows": rows})


@sharer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """The answer to the form holds the token: it is nowhere else, and shown this once."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    units = units_to_share(viewer, on=today)
    form = TokenForm(
        request.POST or None,
        units=units,
        sectors=sectors_to_share(viewer, on=today),
        initial={"valid_until": today + USUAL},
    )
    if request.method == "POST" and form.is_valid():
        token = form.token()
        try:
            secret = make_token(token, by=viewer, at=now)
        except SharingError as error:
            form.add_error(None, str(error))
        else:
            context = {"token": token, "secret": secret}
            return render(request, "reports/sharing/made.html", context)
    context = {"form": form, "smallest": smallest_cell()}
    return render(request, "reports/sharing/new.html", context)


@sharer_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What it opens, what was taken with it at last, and how to revoke it."""
    viewer, now = viewer_of(request), timezone.now()
    tokens = tokens_of(viewer, on=local_day(now)).select_related("revoked_by__person")
    token = get_object_or_404(tokens, pk=pk)
    if request.method == "POST":
        try:
            revoke_token(token, by=viewer, at=now)
            messages.success(request, _("Đã thu hồi khóa chia sẻ."))
        except SharingError as error:
            messages.info(request, str(error))
        return redirect("reports:sharing-token", token.pk)
    context = {
        "token": token,
        "unit": names_of_units([token], on=local_day(now)).get(token.unit_id, token.unit.code),
        "state": token.state_on(local_day(now)),
        "shares": list(token.shares.all()[:SHARES_SHOWN]),
        "schedules": [
            (each, [AXIS_LABELS[axis] for axis in each.by])
            for each in token.schedules.filter(stopped_at=None).select_related("target")
        ],
        "files": list(files_for_token(token)[:FILES_SHOWN]),
    }
    return render(request, "reports/sharing/token.html", context)


@sharer_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """A file that is made for the token's body again and again, while the token is in force."""
    viewer, now = viewer_of(request), timezone.now()
    token = get_object_or_404(tokens_of(viewer, on=local_day(now)), pk=pk)
    if token.state_on(local_day(now)) is not TokenState.IN_FORCE:
        messages.info(request, _("Khóa này không còn hiệu lực: hãy tạo khóa mới trước."))
        return redirect("reports:sharing-token", token.pk)
    form = ScheduleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plan_export(form.schedule(token), by=viewer, at=now)
        messages.success(request, _("Đã đặt lịch. Tệp đầu tiên có trong vài phút nữa."))
        return redirect("reports:sharing-token", token.pk)
    return render(request, "reports/sharing/schedule.html", {"form": form, "token": token})


@sharer_required
@require_POST
def end_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    tokens = tokens_of(viewer, on=local_day(now))
    schedules = ExportSchedule.objects.filter(token__in=tokens.values("pk"))
    schedule = get_object_or_404(schedules.select_related("token__unit", "target"), pk=pk)
    if stop_export(schedule, by=viewer, at=now):
        messages.success(request, _("Đã dừng lịch xuất tệp. Các tệp đã có còn đến hết hạn giữ."))
    return redirect("reports:sharing-token", schedule.token_id)


@sharer_required
@require_safe
def shared_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """As the body gets it; noted under the name of whoever takes it, and in the system's log."""
    viewer, now = viewer_of(request), timezone.now()
    tokens = tokens_of(viewer, on=local_day(now))
    files = SharedFile.objects.filter(schedule__token__in=tokens.values("pk")).exclude(file="")
    found = get_object_or_404(files.select_related("schedule__token"), pk=pk)
    response = hand_out(found, to=viewer, at=now)
    detail = {"list": "shared-file", "entries": found.rows, "kind": found.schedule.kind}
    record(AuditAction.EXPORT, actor=viewer, subject=found.schedule.token, detail=detail)
    return response


@sharer_required
@require_safe
def share_log(request: HttpRequest) -> HttpResponse:
    """Every share of the tokens that the viewer sees; `?token=` of one alone."""
    tokens = tokens_of(viewer_of(request), on=timezone.localdate())
    chosen = _chosen(tokens, request.GET.get("token", ""))
    shares = Share.objects.filter(token__in=tokens.values("pk"))
    if chosen is not None:
        shares = shares.filter(token=chosen)
    page = Paginator(shares.select_related("token", "taken_by__person"), SHARES_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "chosen": chosen, "query": f"token={chosen.pk}" if chosen else ""}
    return render(request, "reports/sharing/log.html", context)


def _chosen(tokens: Any, asked: str) -> SharingToken | None:
    if not asked:
        return None
    found: SharingToken = get_object_or_404(tokens, pk=int(asked) if asked.isdecimal() else 0)
    return found
