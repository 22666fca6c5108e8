"""How somebody's account stands; closed, opened again, or rid of its second step by a manager."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from people.forms.accounts import AccountActForm
from people.models import AccessCode, Person, User
from people.queries.accounts import Standing, right_over_account, standing_of
from people.services.accounts import AccountStateError, close_account, open_account
from people.services.second_factor import remove_second_factor
from people.views.access import manager_required, viewer_of


@manager_required
@cache_control(private=True, no_store=True)
def account_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Whichever button was pressed, with its reason; whether she may is asked each time."""
    viewer, now = viewer_of(request), timezone.now()
    today = timezone.localdate(now)
    person = get_object_or_404(Person.objects.managed_by(viewer, on=today).distinct(), pk=pk)
    standing = standing_of(person)
    right = right_over_account(viewer, standing, on=today)
    act = request.POST.get("act", "")
    forms = {
        each: AccountActForm(request.POST if each == act else None, auto_id=f"{each}-%s")
        for each in _possible(standing)
    }
    status = 403 if request.method == "POST" and not right else 200
    if right and act in forms and forms[act].is_valid():
        _do(request, act, standing, viewer, forms[act].cleaned_data["reason"])
        return redirect("people:account", pk)
    context = {
        "person": person,
        "standing": standing,
        "right": right,
        "forms": forms if right else {},
        "is_own": standing.account is not None and standing.account.pk == viewer.pk,
        "live": AccessCode.objects.live_at(now).filter(person=person).first(),
    }
    return render(request, "people/account/account.html", context, status=status)


def _possible(standing: Standing) -> list[str]:
    """What makes sense as the account stands; not yet whether the viewer may."""
    if standing.account is None:
        return []
    acts = ["close"] if standing.account.is_active else ["open"]
    return [*acts, "remove-second-factor"] if standing.has_second_factor else acts


def _do(request: HttpRequest, act: str, standing: Standing, viewer: User, reason: str) -> None:
    account, now = standing.account, timezone.now()
    assert account is not None  # there would be nothing possible
    try:
        if act == "close":
            close_account(account, by=viewer, at=now, reason=reason)
            said = _("Đã khóa tài khoản. Mọi phiên đăng nhập của tài khoản này đã kết thúc.")
        elif act == "open":
            open_account(account, by=viewer, reason=reason)
            said = _("Đã mở lại tài khoản. Mật khẩu cũ vẫn dùng được.")
        else:
            remove_second_factor(account, by=viewer, reason=reason)
            said = _("Đã gỡ đăng nhập hai bước. Lần sau chỉ cần mật khẩu; hãy nhắc bật lại.")
    except AccountStateError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, said)
