"""A manager answers what somebody says is wrong in her record."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from people.dates import local_day
from people.forms.requests import RefusalForm, correction_form
from people.models import CorrectionRequest, Unit
from people.queries.corrections import current_value
from people.services.requests import Answer, DecidedError, accept_correction, refuse_correction
from people.services.roster import RosterError
from people.views.access import manager_required, viewer_of


@manager_required
def correction_page(request: HttpRequest, pk: int) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    decidable = CorrectionRequest.objects.decidable_by(viewer, on=today)
    asked = get_object_or_404(decidable.select_related("person", "decision"), pk=pk)
    action = request.POST.get("action", "")
    accept = correction_form(
        asked,
        request.POST if action == "accept" else None,
        units=Unit.objects.managed_by(viewer, on=today),
        initial={"on": today},
        today=today,
    )
    refuse = RefusalForm(request.POST if action == "refuse" else None)
    chosen = {"accept": accept, "refuse": refuse}.get(action)
    if chosen is not None and chosen.is_valid() and _answered(request, asked, chosen, on=today):
        return redirect("people:requests")
    context = {
        "asked": asked,
        "now_is": current_value(asked.person, asked.field, on=today),
        "accept": accept,
        "refuse": refuse,
    }
    return render(request, "people/correction.html", context)


def _answered(
    request: HttpRequest, asked: CorrectionRequest, form: forms.Form, *, on: date
) -> bool:
    """False when the form says what is wrong."""
    chosen = form.cleaned_data
    answer = Answer(viewer_of(request), timezone.now(), reason=chosen.get("reason", ""))
    try:
        if "reason" in chosen:
            refuse_correction(asked, answer=answer)
            messages.success(request, _("Đã từ chối đề nghị."))
        else:
            accept_correction(asked, chosen["value"], on=chosen.get("on", on), answer=answer)
            messages.success(request, _("Đã sửa thông tin."))
    except RosterError as error:
        form.add_error(None, str(error))
        return False
    except DecidedError as error:
        messages.info(request, str(error))
    return True
