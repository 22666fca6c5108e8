"""Signing in and out."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from people.forms import SignInForm
from people.models import Scope, User


class LoginView(auth_views.LoginView):
    """The only door: `/admin/login/` leads here too."""

    template_name = "people/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Whoever has nothing to learn here goes to what she manages."""
        user = cast(User, self.request.user)
        if user.person_id is None and Scope.objects.granted_to(user).exists():
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
