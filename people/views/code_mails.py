"""Codes by e-mail: asked for a unit's people, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control

from people.models import MailState, Person, Unit
from people.queries.code_mails import count_by_state, latest_failed, mails_of
from people.services.code_mails import Asked, CodeMailError, ask_to_mail
from people.views.access import manager_required, viewer_of

MAILS_A_PAGE = 50


@manager_required
@cache_control(private=True, no_store=True)
def mail_list(request: HttpRequest, code: str) -> HttpResponse:
    """What was sent, what waits and what failed; those that failed can be sent again."""
    viewer, now = viewer_of(request), timezone.now()
    today = timezone.localdate(now)
    managed = Unit.objects.managed_by(viewer, on=today)
    unit = get_object_or_404(managed.named_on(today), code=code)
    people = Person.objects.managed_by(viewer, on=today)
    mails = mails_of(unit, people)
    failed = latest_failed(mails)
    if request.method == "POST":
        return ask_for_mails(request, unit, [mail.person for mail in failed], at=now)
    context = {
        "unit": unit,
        "page": Paginator(mails, MAILS_A_PAGE).get_page(request.GET.get("page")),
        "counts": count_by_state(mails),
        "failed": failed,
        "states": MailState,
    }
    return render(request, "people/account/code_mails.html", context)


def ask_for_mails(
    request: HttpRequest, unit: Unit, people: Collection[Person], *, at: datetime
) -> HttpResponse:
    """For people whom the viewer manages; then on to what becomes of the mails."""
    try:
        asked = ask_to_mail(people, unit=unit, by=viewer_of(request), at=at)
    except CodeMailError as error:
        messages.error(request, str(error))
        return redirect("people:slips", unit.code)
    _tell(request, asked)
    return redirect("people:slips-mail" if asked.mails else "people:slips", unit.code)


def _tell(request: HttpRequest, asked: Asked) -> None:
    if count := len(asked.mails):
        words = ngettext("Đang gửi %(count)s thư.", "Đang gửi %(count)s thư.", count)
        messages.success(request, words % {"count": count})
    else:
        messages.error(request, _("Chưa gửi thư nào: hãy chọn người có địa chỉ thư riêng."))
    if count := len(asked.without_address):
        words = ngettext(
            "%(count)s người không có địa chỉ, hoặc chung địa chỉ với người khác: hãy in phiếu.",
            "%(count)s người không có địa chỉ, hoặc chung địa chỉ với người khác: hãy in phiếu.",
            count,
        )
        messages.info(request, words % {"count": count})
    if count := len(asked.too_soon):
        words = ngettext(
            "%(count)s người đã được gửi trong một giờ qua: chưa gửi lại.",
            "%(count)s người đã được gửi trong một giờ qua: chưa gửi lại.",
            count,
        )
        messages.info(request, words % {"count": count})
