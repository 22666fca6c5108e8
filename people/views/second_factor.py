"""The second step of signing in, and one's own page to switch it on and off."""

from __future__ import annotations

import math

import segno
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from people.forms.second_factor import ConfirmForm, SecondStepForm, SetUpForm
from people.grants import grants_of
from people.models import AuthenticatorApp, User
from people.queries.second_factor import (
    app_of,
    may_have_second_factor,
    must_have_second_factor,
    recovery_codes_left,
)
from people.second_factor import grouped, new_seed, readable
from people.services.second_factor import (
    Checked,
    SecondFactorError,
    check_second_code,
    renew_recovery_codes,
    switch_off,
    switch_on,
)
from people.services.sessions import account_at_second_step, pass_second_step
from people.throttling import is_too_often
from people.views.access import landing_page, next_page, viewer_of, with_next

SEED = "second_factor_seed"  # in the session: whose, and the seed that her app is shown
CHANGES_AN_HOUR = 10
MANY_WRONG = 4  # codes in a row: no longer a typo
LONGEST_IN_SECONDS = 90  # beyond that a wait is told in minutes


@never_cache
@sensitive_post_parameters("second_code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password. Wrong codes count as wrong passwords do."""
    now, target = timezone.now(), next_page(request)
    account = account_at_second_step(request, at=now)
    if account is None:
        return _nothing_to_ask(request, target)
    credentials = {"username": account.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return get_lockout_response(request, credentials=credentials)
    form, status = SecondStepForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        checked = check_second_code(account, form.cleaned_data["second_code"])
        if checked.is_right:
            return _signed_in(request, account, target, by_recovery=checked.is_recovery_code)
        if checked.wait_until is not None:
            form.add_error(None, _too_soon(checked))
            status = 429
        else:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            form.add_error("second_code", _wrong())
    context = {"form": form, "next": target, "account": account}
    return render(request, "people/second_factor/step.html", context, status=status)


def _nothing_to_ask(request: HttpRequest, target: str) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(target or landing_page(viewer_of(request)))
    if request.method == "POST":
        messages.info(request, _("Đã quá 5 phút kể từ lúc ghi mật khẩu: hãy đăng nhập lại."))
    return redirect(with_next("people:login", target))


def _signed_in(
    request: HttpRequest, account: User, target: str, *, by_recovery: bool
) -> HttpResponse:
    pass_second_step(request, account)
    if by_recovery:
        left = recovery_codes_left(account)
        messages.info(
            request,
            _(
                "Đã dùng một mã dự phòng, còn %(left)s mã. Có điện thoại mới? Hãy tắt rồi bật lại "
                "đăng nhập hai bước."
            )
            % {"left": left},
        )
    return HttpResponseRedirect(target or landing_page(account))


@never_cache
@login_required
@sensitive_post_parameters("password", "second_code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Whether it is on; what may be done about it, which takes the password and a code."""
    account = viewer_of(request)
    app, grants = app_of(account), grants_of(request)
    if app is None and not may_have_second_factor(grants):
        raise Http404
    must_keep = must_have_second_factor(grants)
    is_asked = request.method == "POST" and app is not None
    may_try = not is_asked or _may_try(request, account)
    form = ConfirmForm(request.POST if is_asked and may_try else None, account=account)
    if form.is_valid() and _is_hers(account, form):
        return _changed(request, account, must_keep=must_keep)
    status = 200 if may_try and not form.non_field_errors() else 429
    context = {
        "app": app,
        "form": form,
        "must_keep": must_keep,
        "codes_left": recovery_codes_left(account) if app else 0,
    }
    return render(request, "people/second_factor/state.html", context, status=status)


@never_cache
@login_required
@sensitive_post_parameters("password", "second_code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The app is shown a secret, and shows that it knows it."""
    account, target = viewer_of(request), next_page(request)
    if getattr(account, "viewed_by", None) is not None:
        raise PermissionDenied
    if not may_have_second_factor(grants_of(request)):
        raise Http404
    if app_of(account) is not None:
        return redirect(with_next("people:second-factor", target))
    seed = _seed_for(request, account)
    may_try = request.method != "POST" or _may_try(request, account)
    form = SetUpForm((request.POST or None) if may_try else None, account=account)
    if form.is_valid():
        try:
            _app, codes = switch_on(account, seed=seed, typed=form.cleaned_data["second_code"])
        except SecondFactorError as error:
            form.add_error("second_code", str(error))
        else:
            del request.session[SEED]
            pass_second_step(request, account)
            return _codes_page(request, codes, target or landing_page(account))
    context = {"form": form, "next": target, **_shown_to_app(account, seed)}
    context["must_have"] = must_have_second_factor(grants_of(request))
    status = 200 if may_try else 429
    return render(request, "people/second_factor/set_up.html", context, status=status)


def _changed(request: HttpRequest, account: User, *, must_keep: bool) -> HttpResponse:
    if request.POST.get("action") == "renew":
        return _codes_page(request, renew_recovery_codes(account), "")
    if must_keep:
        messages.error(request, _("Vai trò này phải đăng nhập hai bước: chưa tắt."))
    else:
        switch_off(account)
        messages.success(request, _("Đã tắt đăng nhập hai bước."))
    return redirect("people:second-factor")


def _codes_page(request: HttpRequest, codes: list[str], target: str) -> HttpResponse:
    """Readable this once; as for all of these views, no cache keeps it."""
    context = {"codes": [grouped(code) for code in codes], "next": target}
    return render(request, "people/second_factor/recovery_codes.html", context)


def _is_hers(account: User, form: ConfirmForm) -> bool:
    """Whether the code beside the right password is right too; else the form says why not."""
    checked = check_second_code(account, form.cleaned_data["second_code"])
    if checked.wait_until is not None:
        form.add_error(None, _too_soon(checked))
    elif not checked.is_right:
        form.add_error("second_code", _wrong())
    return checked.is_right


def _may_try(request: HttpRequest, account: User) -> bool:
    """Tries are counted, right or wrong: the form could be used to guess the password."""
    if not is_too_often("second-factor", str(account.pk), limit=CHANGES_AN_HOUR):
        return True
    messages.error(request, _("Đã thử quá nhiều lần. Chưa đổi gì; hãy thử lại sau một giờ."))
    return False


def _seed_for(request: HttpRequest, account: User) -> str:
    """The same until it is confirmed: a page that is loaded again shows the same picture."""
    kept = request.session.get(SEED)
    if kept is None or kept[0] != account.pk:
        kept = request.session[SEED] = [account.pk, new_seed()]
    return str(kept[1])


def _shown_to_app(account: User, seed: str) -> dict[str, str]:
    app = AuthenticatorApp(user=account, key=seed)
    picture = segno.make(app.config_url, error="m", micro=False)
    return {
        "picture": picture.svg_data_uri(scale=4, border=4, dark="#1f2421", light="#ffffff"),
        "address": app.config_url,
        "key": readable(app.bin_key),
    }


def _wrong() -> str:
    return _("Mã chưa đúng, đã hết hạn hoặc đã dùng rồi. Hãy chờ ứng dụng hiện mã mới rồi ghi lại.")


def _too_soon(checked: Checked) -> str:
    """A typo is no reason for alarm; many wrong codes are."""
    assert checked.wait_until is not None
    seconds = math.ceil((checked.wait_until - timezone.now()).total_seconds())
    words = _("Mã trước bị ghi sai. %(wait)s rồi ghi mã đang hiện.") % {"wait": _wait(seconds)}
    if checked.wrong_before < MANY_WRONG:
        return words
    more = _(
        "Mã đã bị ghi sai nhiều lần. Nếu không phải do mình ghi sai, có người khác biết mật khẩu "
        "này: hãy đổi mật khẩu ngay khi vào được."
    )
    return f"{words} {more}"


def _wait(seconds: int) -> str:
    seconds = max(seconds, 1)
    if seconds <= LONGEST_IN_SECONDS:
        return ngettext("Hãy chờ %(count)d giây", "Hãy chờ %(count)d giây", seconds) % {
            "count": seconds
        }
    minutes = math.ceil(seconds / 60)
    return ngettext("Hãy chờ %(count)d phút", "Hãy chờ %(count)d phút", minutes) % {
        "count": minutes
    }
