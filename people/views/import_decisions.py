"""Yes or no to a list that was compared, and taking back one that was applied."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from people.dates import local_day
from people.forms.imports import ConfirmForm, UndoForm
from people.models import ImportState
from people.services.roster_imports import (
    RosterImportError,
    confirm,
    discard,
    obstacles_to_undoing,
    undo,
)
from people.views.access import manager_required, viewer_of
from people.views.imports import about, fingerprint, found_import

ON_ITS_WAY = {ImportState.APPLYING, ImportState.APPLIED}


@manager_required
@require_POST
def confirm_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Pressed twice, it is done once; of what was not on the page, nothing is done."""
    roster_import, form = found_import(request, pk), ConfirmForm(request.POST)
    if roster_import.state in ON_ITS_WAY:
        return redirect("people:import-page", pk)
    if not form.is_valid() or form.cleaned_data["seen"] != fingerprint(roster_import):
        messages.warning(
            request,
            _("Danh sách đã được đối chiếu lại từ khi mở trang, nên chưa áp dụng. Hãy xem lại."),
        )
        return redirect("people:import-page", pk)
    try:
        confirm(
            roster_import,
            by=viewer_of(request),
            at=timezone.now(),
            skips_rejected=form.cleaned_data["skips_rejected"],
        )
    except RosterImportError as error:
        messages.error(request, str(error))
    return redirect("people:import-page", pk)


@manager_required
@cache_control(private=True, no_store=True)
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Says first what stands in the way, if anything does; else asks why."""
    roster_import, now = found_import(request, pk), timezone.now()
    if roster_import.state != ImportState.APPLIED:
        return redirect("people:import-page", pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            undo(roster_import, by=viewer_of(request), at=now, reason=reason)
        except RosterImportError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã hoàn tác cả lần nhập: mọi người như trước đó."))
            return redirect("people:import-page", pk)
    obstacles = obstacles_to_undoing(roster_import, by=viewer_of(request), on=local_day(now))
    context = {**about(roster_import), "form": form, "obstacles": obstacles}
    return render(request, "people/imports/undo.html", context)


@manager_required
@require_POST
def discard_import(request: HttpRequest, pk: int) -> HttpResponse:
    roster_import = found_import(request, pk)
    try:
        discard(roster_import, by=viewer_of(request), at=timezone.now())
    except RosterImportError as error:
        messages.error(request, str(error))
        return redirect("people:import-page", pk)
    messages.success(request, _("Đã bỏ lần nhập này. Danh sách đang có giữ nguyên."))
    return redirect("people:import")
