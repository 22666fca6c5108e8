"""Figures that leave the system: to whom, for how long, and what was taken when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Sector, Unit
from people.models.append_only import AppendOnly


class TokenState(models.TextChoices):
    """As of a day; nothing has to happen for one to become the next."""

    IN_FORCE = "in-force", _("Đang hiệu lực")
    EXPIRED = "expired", _("Đã hết hạn")
    REVOKED = "revoked", _("Đã thu hồi")


class SharingToken(models.Model):
    """What another body's machine shows to take figures along: of one unit with all below it.

    The token itself is nowhere: only a keyed digest of it, and how it begins, to tell it from
    others. Without `sees_small_cells` no figure under `SMALLEST_CELL` is given out; a name never
    is.
    """

    body = models.CharField(_("cơ quan nhận số liệu"), max_length=200)
    purpose = models.CharField(_("mục đích"), max_length=300)
    unit = models.ForeignKey(Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT)
    sector = models.CharField(_("ngành"), max_length=20, choices=Sector, blank=True)
    sees_small_cells = models.BooleanField(_("thấy cả số nhỏ"), default=False)
    begins = models.CharField(_("bắt đầu bằng"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    valid_until = models.DateField(_("dùng đến hết ngày"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người tạo"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("tạo lúc"))
    last_used_at = models.DateTimeField(_("dùng lần cuối"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người thu hồi"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True)

    class Meta:
        verbose_name = _("khóa chia sẻ")
        verbose_name_plural = _("khóa chia sẻ")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="sharing_token_is_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} ({self.begins}…)"

    def state_on(self, day: date) -> TokenState:
        if self.revoked_at is not None:
            return TokenState.REVOKED
        return TokenState.EXPIRED if day > self.valid_until else TokenState.IN_FORCE


class SharedWhat(models.TextChoices):
    """What was taken. The column is plain text: a new kind is a line here."""

    COVERAGE = "coverage", _("Tỷ lệ bao phủ")
    UNITS = "units", _("Danh sách đơn vị")
    TARGETS = "targets", _("Danh sách chỉ tiêu")
    INDICATORS = "indicators", _("Danh mục chỉ số")
    RUN_PROGRESS = "run-progress", _("Tiến độ của đợt")


class Share(AppendOnly):
    """Figures that were given out once. `asked` is what was asked for; `rows` of which `withheld`
    were too small to be told."""

    at = models.DateTimeField(_("lúc"))
    token = models.ForeignKey(
        SharingToken,
        verbose_name=_("khóa chia sẻ"),
        on_delete=models.PROTECT,
        related_name="shares",
    )
    what = models.CharField(_("nội dung"), max_length=20)
    asked = models.JSONField(_("câu hỏi"), default=dict)
    rows = models.PositiveIntegerField(_("số dòng"))
    withheld = models.PositiveIntegerField(_("số dòng được che"), default=0)

    class Meta:
        verbose_name = _("lần chia sẻ")
        verbose_name_plural = _("nhật ký chia sẻ")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withheld__lte=F("rows")), name="share_withholds_only_what_it_has"
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="share_newest_first"),
            models.Index(fields=["token", "-at"], name="share_of_a_token"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"

    @property
    def what_label(self) -> str:
        known = self.what in SharedWhat.values
        return str(SharedWhat(self.what).label) if known else self.what

    @property
    def asked_words(self) -> str:
        """As a machine asked it: `target=CT-2027, by=unit`."""
        return ", ".join(f"{name}={_written(value)}" for name, value in self.asked.items())


def _written(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)
