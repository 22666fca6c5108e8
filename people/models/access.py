"""Codes by which somebody sets her password: a slip of paper instead of an e-mail."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.person import Person


class CodePurpose(models.TextChoices):
    ACTIVATION = "activation", _("Kích hoạt lần đầu")
    NEW_PASSWORD = "new_password", _("Đặt lại mật khẩu")


class AccessCodeQuerySet(models.QuerySet["AccessCode"]):
    def live_at(self, instant: datetime) -> AccessCodeQuerySet:
        """Codes that would still open an account: not used, withdrawn, expired or guessed at."""
        return self.filter(
            used_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=instant,
            attempts__lt=settings.ACCESS_CODE_ATTEMPTS,
        )


class AccessCode(models.Model):
    """One slip. The code itself is nowhere: only a keyed digest of it, the person and the purpose.

    A person has at most one that is neither used nor withdrawn: issuing withdraws the one before.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("nhân sự"), on_delete=models.PROTECT, related_name="access_codes"
    )
    purpose = models.CharField(_("để làm gì"), max_length=20, choices=CodePurpose)
    digest = models.CharField(max_length=64, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người cấp"),
        on_delete=models.PROTECT,
        related_name="access_codes_issued",
    )
    issued_at = models.DateTimeField(_("cấp lúc"))
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    used_at = models.DateTimeField(_("dùng lúc"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("hủy lúc"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần nhập sai"), default=0)

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mã đăng nhập")
        verbose_name_plural = _("mã đăng nhập")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_access_code_a_person",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="access_code_expires_after_issue"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="access_code_is_used_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.purpose} {self.issued_at:%Y-%m-%d}"
