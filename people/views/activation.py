"""From the slip of paper to one's own password: first activation and forgotten passwords."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from people.forms.activation import CodeForm, NewPasswordForm
from people.models import AccessCode
from people.queries.rights import account_of_person
from people.services.accounts import AccountExistsError, IdentifierTakenError
from people.services.codes import CodeRefusedError, check_code, person_called, use_code
from people.services.sessions import sign_in
from people.views.access import next_page, with_next

CHECKED = "checked_access_code"  # in the session: which code was typed right, and when
CHECKED_FOR = timedelta(minutes=20)
LONGEST_NAME = 254  # characters of a sign-in name


@never_cache
@sensitive_post_parameters("access_code")
def activate(request: HttpRequest) -> HttpResponse:
    """Staff code and code from the slip. Guesses count as failed sign-ins do.

    A link in a mail brings the sign-in name, never the code.
    """
    named = request.GET.get("username", "")[:LONGEST_NAME]
    form = CodeForm(request.POST or None, initial={"username": named})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        credentials = {"username": typed["username"]}
        if not AxesProxyHandler.is_allowed(request, credentials):
            return get_lockout_response(request, credentials=credentials)
        now = timezone.now()
        code = check_code(person_called(typed["username"]), typed["access_code"], at=now)
        if code is not None:
            request.session.cycle_key()
            request.session[CHECKED] = [code.pk, now.isoformat()]
            return redirect(with_next("people:activate-password", next_page(request)))
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        form.add_error(
            None,
            _(
                "Mã nhân sự hoặc mã đăng nhập chưa đúng, hoặc mã đã hết hạn. Hãy so lại với phiếu; "
                "nếu vẫn không được, hãy xin người quản lý đơn vị cấp mã mới."
            ),
        )
    return render(request, "people/activate.html", {"form": form, "next": next_page(request)})


@never_cache
@sensitive_post_parameters("password", "again")
def choose_password(request: HttpRequest) -> HttpResponse:
    """For whoever typed a code right a moment ago, in this browser."""
    now, target = timezone.now(), next_page(request)
    code = _checked_code(request, at=now)
    if code is None:
        messages.info(request, _("Hãy ghi lại mã trên phiếu để tiếp tục. Chưa có gì thay đổi."))
        return redirect(with_next("people:activate", target))
    account = account_of_person(code.person)
    form = NewPasswordForm(request.POST or None, person=code.person, account=account)
    if request.method == "POST" and form.is_valid():
        response = _set_password(request, code, form, at=now)
        if response is not None:
            return response
    context = {
        "form": form,
        "person": code.person,
        "next": target,
        "rules": password_validators_help_texts(),
    }
    return render(request, "people/activate_password.html", context)


def forgotten(request: HttpRequest) -> HttpResponse:
    """The same words for everybody: they don't tell who has an account here."""
    return render(request, "people/forgotten.html", {"next": next_page(request)})


def _set_password(
    request: HttpRequest, code: AccessCode, form: NewPasswordForm, *, at: datetime
) -> HttpResponse | None:
    """On to where she was going, signed in; None when the form says what is wrong."""
    chosen = form.cleaned_data
    try:
        account = use_code(
            code,
            password=chosen["password"],
            email=chosen["email"],
            phone=chosen["phone"],
            at=at,
        )
    except (CodeRefusedError, IdentifierTakenError, AccountExistsError) as error:
        form.add_error(None, str(error))
        return None
    request.session.pop(CHECKED, None)
    is_in = sign_in(request, account, at=at)
    messages.success(request, _("Đã đặt mật khẩu. Từ lần sau, đăng nhập bằng mật khẩu này."))
    if not is_in:
        return redirect(with_next("people:second-step", next_page(request)))
    return HttpResponseRedirect(next_page(request) or settings.LOGIN_REDIRECT_URL)


def _checked_code(request: HttpRequest, *, at: datetime) -> AccessCode | None:
    pk, checked_at = request.session.get(CHECKED, (None, None))
    if pk is None or datetime.fromisoformat(checked_at) + CHECKED_FOR < at:
        return None
    return AccessCode.objects.live_at(at).select_related("person").filter(pk=pk).first()
