""" "Tôi không có trong danh sách": without signing in, the same answer whatever is known."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people.forms.requests import ListingForm
from people.models import Unit
from people.queries.matching import find_units
from people.services.requests import ask_to_be_listed as send_request
from people.throttling import is_too_often, sender_of

LONGEST_QUERY = 100  # characters
REQUESTS_AN_HOUR = 10  # from one address: a whole school may sit behind one


def find_unit(request: HttpRequest) -> HttpResponse:
    """First the unit, by part of its name or code; then the form, which names it."""
    words = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    units = find_units(words, on=timezone.localdate()) if words else []
    return render(request, "people/not_listed.html", {"words": words, "units": units})


@never_cache
def ask_to_be_listed(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    unit = get_object_or_404(Unit.objects.open_on(today).named_on(today), code=code)
    form = ListingForm(request.POST or None, today=today)
    status = 200
    if request.method == "POST" and form.is_valid():
        if is_too_often("not-listed", sender_of(request), limit=REQUESTS_AN_HOUR):
            form.add_error(None, _too_often())
            status = 429
        else:
            asked: dict[str, Any] = form.cleaned_data
            send_request(unit, at=now, **asked)
            return redirect("people:not-listed-sent")
    context = {"form": form, "unit": unit}
    return render(request, "people/not_listed_form.html", context, status=status)


def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "people/not_listed_sent.html")


def _too_often() -> str:
    return _(
        "Từ nơi này đã gửi quá nhiều yêu cầu. Yêu cầu này chưa gửi; hãy thử lại sau một giờ, hoặc "
        "báo trực tiếp người quản lý đơn vị."
    )
