"""One's own record: to read, to take away, to have corrected."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from people.forms.activation import AccountForm
from people.forms.requests import CorrectionForm
from people.models import AuditEntry
from people.queries.corrections import corrections_of
from people.queries.own_record import exported, memberships_of
from people.services.accounts import IdentifierTakenError, set_identifiers
from people.services.requests import ask_for_correction
from people.throttling import is_too_often
from people.views.access import viewer_of

ENTRIES_SHOWN = 20
CHANGES_AN_HOUR = 10
CORRECTIONS_A_DAY = 20
DAY = 24 * 3600  # seconds


@login_required
def my_record(request: HttpRequest) -> HttpResponse:
    account = viewer_of(request)
    context: dict[str, object] = {"account": account, "person": account.person}
    if account.person is not None:
        entries = AuditEntry.objects.about(account.person)
        context |= {
            "memberships": memberships_of(account.person),
            "corrections": corrections_of(account.person),
            "entries": entries.select_related("actor__person", "acting_as__person")[:ENTRIES_SHOWN],
        }
    return render(request, "people/record.html", context)


@login_required
def my_record_json(request: HttpRequest) -> JsonResponse:
    account = viewer_of(request)
    response = JsonResponse(
        exported(account), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="ho-so.json"'
    return response


@login_required
@sensitive_post_parameters("password")
def change_account(request: HttpRequest) -> HttpResponse:
    """Tries are counted, right or wrong: the form could be used to guess passwords or addresses."""
    account = viewer_of(request)
    known = {"email": account.email, "phone": account.phone}
    status = 200
    if request.method == "POST" and _is_too_often(request, "account", CHANGES_AN_HOUR, 3600):
        form = AccountForm(initial=known, account=account)
        messages.error(request, _("Đã thử quá nhiều lần. Chưa đổi gì; hãy thử lại sau một giờ."))
        status = 429
    else:
        form = AccountForm(request.POST or None, initial=known, account=account)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data
            try:
                set_identifiers(account, email=chosen["email"], phone=chosen["phone"])
            except IdentifierTakenError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Đã đổi cách đăng nhập."))
                return redirect("people:record")
    return render(request, "people/record_account.html", {"form": form}, status=status)


@login_required
def ask_correction(request: HttpRequest) -> HttpResponse:
    person = viewer_of(request).person
    if person is None:
        raise Http404
    form = CorrectionForm(request.POST or None, initial={"field": request.GET.get("field", "")})
    status = 200
    if request.method == "POST" and form.is_valid():
        if _is_too_often(request, "correction", CORRECTIONS_A_DAY, DAY):
            form.add_error(None, _("Hôm nay đã gửi quá nhiều đề nghị. Hãy gửi tiếp vào ngày mai."))
            status = 429
        else:
            ask_for_correction(person, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Đã gửi đề nghị. Câu trả lời sẽ hiện ở trang này."))
            return redirect("people:record")
    return render(request, "people/record_correction.html", {"form": form}, status=status)


def _is_too_often(request: HttpRequest, action: str, limit: int, period: int) -> bool:
    return is_too_often(action, str(viewer_of(request).pk), limit=limit, period=period)
