"""What all our pages share: no page privacy, and a code where the catalogue has one."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Locale, Page, PagePermissionTester

from courses.models import Course, Module
from people.models import User


class DraftCopyForm(CopyForm):
    """Copies begin as drafts: they need a code of their own before they are published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("publish_copies", None)


class CodedPageForm(WagtailAdminPageForm):
    """A code may be missing in a draft, never in what is published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields and self.instance.owns_structure:
            self.fields["code"].required = True


class LearningPagePermissions(PagePermissionTester):
    """Wagtail lets whoever may publish a page delete it; ours are taken down instead.

    Deleting stays with administrators and with whoever holds that permission by name.
    """

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and self.user.has_perm("wagtailcore.delete_page")

    def can_move(self) -> bool:
        """Wagtail asks the same of moving as of deleting; a move loses nothing."""
        return super().can_delete(ignore_bulk=True)


class LearningPage(Page):
    """Access is decided by `serve()` alone: a restriction would be lost when a page is moved."""

    private_page_options: list[str] = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user: User) -> LearningPagePermissions:
        return LearningPagePermissions(user, self)


class CodedPage(LearningPage):
    """A page that the catalogue knows: by its translation key, and to people by its code.

    A copy starts without a code and is registered once it has its own. Translations and aliases
    own no structure, so their codes mean nothing.
    """

    code = models.CharField(
        _("mã"),
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9]+(-[A-Z0-9]+)*$",
                _("Mã gồm chữ in hoa không dấu, chữ số và gạch nối, ví dụ KH1-B2."),
            )
        ],
        help_text=_(
            "Không trùng với trang khác. Đừng đổi khi đã có người học: giấy chứng nhận ghi mã này."
        ),
    )

    base_form_class = CodedPageForm
    copy_form_class = DraftCopyForm
    exclude_fields_in_copy = ["code"]

    class Meta:
        abstract = True

    @property
    def owns_structure(self) -> bool:
        """Whether the catalogue follows this page: of the default language, and not an alias."""
        return self.alias_of_id is None and (
            self.locale_id is None or self.locale_id == Locale.get_default().pk
        )

    def clean(self) -> None:
        super().clean()
        if self.code and self.owns_structure and self._code_is_taken():
            raise ValidationError(
                {"code": _("Mã này đã được dùng cho trang khác: hãy đặt mã khác.")}
            )

    def _code_is_taken(self) -> bool:
        """By another page, or by a course or module whose page is gone but whose records stay."""
        coded = [model for model in apps.get_models() if issubclass(model, CodedPage)]
        live = {"code": self.code, "locale": Locale.get_default(), "alias_of": None, "live": True}
        if any(model.objects.filter(**live).exclude(pk=self.pk).exists() for model in coded):
            return True
        rows = [model._default_manager.filter(code=self.code) for model in (Course, Module)]
        return any(row.exclude(key=self.translation_key).exists() for row in rows)
