"""Signing in and out; the language of the interface."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.addresses import local_address
from people.forms.signing_in import SignInForm
from people.models import Language, User
from people.services.languages import keep_language
from people.services.sessions import sign_in
from people.services.sessions import sign_out_elsewhere as end_other_sessions
from people.views.access import landing_page, viewer_of, with_next


class LoginView(auth_views.LoginView):
    """The only door: `/admin/login/` leads here too."""

    template_name = "people/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        """The password was right. A second step may remain."""
        if sign_in(self.request, form.get_user(), at=timezone.now()):
            return HttpResponseRedirect(self.get_success_url())
        return redirect(with_next("people:second-step", self.get_redirect_url()))

    def get_default_redirect_url(self) -> str:
        return landing_page(cast(User, self.request.user))


class LogoutView(auth_views.LogoutView):
    """By POST only, so that no link can sign anybody out."""


class PasswordChangeView(auth_views.PasswordChangeView):
    template_name = "people/password.html"
    success_url = reverse_lazy("people:password")

    def form_valid(self, form: object) -> HttpResponse:
        messages.success(self.request, _("Đã đổi mật khẩu."))
        return super().form_valid(form)  # type: ignore[arg-type]


@login_required
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """For whoever left a session open somewhere, or lost a phone."""
    end_other_sessions(request, viewer_of(request), at=timezone.now())
    messages.success(request, _("Đã đăng xuất khỏi mọi thiết bị khác."))
    return redirect("people:password")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Kept with the account; a visitor's choice is kept in her browser. Back to where she was."""
    if request.POST.get("language") not in Language.values:
        raise BadRequest("No such language")
    language = Language(request.POST["language"])
    response = redirect(local_address(request, request.POST.get("next", "")) or "/")
    if request.user.is_authenticated:
        keep_language(request.user, language)
    else:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response
