"""Accounts: a way to sign in. Whoever is on the roster is a `Person`, with or without one."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """What the interface speaks. Each calls itself by its own name, in either."""

    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"


class User(AbstractUser):
    """Signs in by staff code (`username`), e-mail or phone; each of them belongs to one account."""

    phone = models.CharField(_("số điện thoại"), max_length=20, blank=True)
    person = models.OneToOneField(
        "people.Person",
        verbose_name=_("người trong danh sách"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="user",
    )
    language = models.CharField(
        _("ngôn ngữ"),
        max_length=2,
        choices=Language,
        blank=True,
        help_text=_("Để trống khi chưa ai chọn: tiếng Việt."),
    )
    is_demo = models.BooleanField(
        _("tài khoản thử nghiệm"),
        default=False,
        help_text=_("Mật khẩu của tài khoản thử nghiệm là công khai; máy chủ thật từ chối."),
    )
    signed_out_at = models.DateTimeField(
        _("kết thúc mọi phiên lúc"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Phiên đăng nhập bắt đầu trước lúc này không còn dùng được."),
    )

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=~Q(email=""), name="user_email_signs_in_one_account"
            ),
            models.UniqueConstraint(
                "phone", condition=~Q(phone=""), name="user_phone_signs_in_one_account"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Family name first; the person's name where there is a person."""
        if self.person:
            return self.person.full_name
        return f"{self.last_name} {self.first_name}".strip()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions carry it and end when it changes: with the password, and at `signed_out_at`."""
        if self.signed_out_at is None:
            return str(super()._get_session_auth_hash(secret=secret))  # type: ignore[misc]
        value = f"{self.password}:{self.signed_out_at.timestamp()}"
        digest = salted_hmac("people.session", value, secret=secret, algorithm="sha256")
        return str(digest.hexdigest())

    @property
    def is_unlimited(self) -> bool:
        """An administrator whose account is open: to her nothing is closed."""
        return self.is_superuser and self.is_active

    def can_be_viewed_by(self, viewer: User) -> bool:
        """Whether the viewer may read the pages as this account sees them ("view as").

        Superusers may, as anybody on the roster with an open account who is not one of them.
        """
        return (
            viewer.is_unlimited
            and self.is_active
            and not self.is_superuser
            and self.person_id is not None
        )
