"""Signing in and out; the language of the interface."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.addresses import local_address
from people.forms.signing_in import SignInForm
from people.models import Language, Scope, User
from people.services.languages import keep_language


class LoginView(auth_views.LoginView):
    """The only door: `/admin/login/` leads here too."""

    template_name = "people/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Whoever has nothing to learn here goes to what she manages."""
        user = cast(User, self.request.user)
        manages = user.is_superuser or Scope.objects.granted_to(user).exists()
        if user.person_id is None and manages:
            return "/manage/"
        return super().get_default_redirect_url()


class LogoutView(auth_views.LogoutView):
    """By POST only, so that no link can sign anybody out."""


class PasswordChangeView(auth_views.PasswordChangeView):
    template_name = "people/password.html"
    success_url = reverse_lazy("people:password")

    def form_valid(self, form: object) -> HttpResponse:
        messages.success(self.request, _("Đã đổi mật khẩu."))
        return super().form_valid(form)  # type: ignore[arg-type]


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
