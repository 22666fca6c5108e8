"""What this room adds to the trainers' admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.trainers import is_trainer


@hooks.register("register_admin_menu_item")
def register_waiting_learners() -> MenuItem:
    return _WaitingLearners(
        _("Chờ cấp thêm lượt"), reverse("quiz:grants"), icon_name="group", order=250
    )


class _WaitingLearners(MenuItem):
    """For trainers; administrators without that group have the manager's pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_trainer(request.user)  # type: ignore[arg-type]
