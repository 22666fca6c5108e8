"""Reminding whoever of a unit is left, and who was reminded."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from people.dates import local_day
from people.models import Unit
from reports.queries.reminders import reminders_at
from reports.services.reminders import Reminded, remind_people
from reports.tasks import send_reminder
from reports.views.asking import ask, scope_required, viewer_of
from reports.views.units import see_unit

REMINDERS_A_PAGE = 50


@scope_required
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """One click reminds; the page says who was. Only for whoever manages the unit's people."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    asked = ask(request)
    seen = see_unit(request, code, day=today)
    managed = Unit.objects.managed_by(viewer, on=today).filter(pk=seen.unit.pk)
    if asked.target is None or not seen.reach.sees_people or not managed.exists():
        raise Http404
    if request.method == "POST":
        done = remind_people(seen.unit, asked.target, sector=seen.reach.sector, by=viewer, at=now)
        for pk in done.mails:
            send_reminder.enqueue(pk)
        _tell(request, done)
        page = redirect("reports:remind", seen.unit.code)
        page["Location"] += f"?target={asked.target.code}"
        return page
    rows = reminders_at(seen.unit, viewer, on=today)
    context = {
        "asked": asked,
        "unit": seen.unit,
        "crumbs": seen.crumbs,
        "page": Paginator(rows, REMINDERS_A_PAGE).get_page(request.GET.get("page")),
        "query": f"target={asked.target.code}",
    }
    return render(request, "reports/remind.html", context)


def _tell(request: HttpRequest, done: Reminded) -> None:
    count, mails = len(done.reminders), len(done.mails)
    if count:
        words = ngettext("Đã nhắc %(count)s người.", "Đã nhắc %(count)s người.", count)
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Không nhắc thêm ai."))
    if mails:
        words = ngettext("Đang gửi %(count)s thư.", "Đang gửi %(count)s thư.", mails)
        messages.info(request, words % {"count": mails})
    if done.lately:
        words = ngettext(
            "%(count)s người đã được nhắc trong tuần: chưa nhắc lại.",
            "%(count)s người đã được nhắc trong tuần: chưa nhắc lại.",
            done.lately,
        )
        messages.info(request, words % {"count": done.lately})
