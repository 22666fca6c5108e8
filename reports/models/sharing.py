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
from reports.models.target import Target


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
    FILES = "files", _("Danh sách tệp định kỳ")
    FILE = "file", _("Tệp định kỳ")


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
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người lấy"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="Empty: the body's machine, with the token.",
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


class Cadence(models.TextChoices):
    DAILY = "daily", _("Hằng ngày")
    WEEKLY = "weekly", _("Hằng tuần, thứ Hai")
    MONTHLY = "monthly", _("Hằng tháng, ngày 1")
    QUARTERLY = "quarterly", _("Hằng quý, ngày 1")


class FileKind(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    JSON = "json", "JSON"


class ExportSchedule(models.Model):
    """A file of coverage that is made for a token's body again and again, with what the token
    opens. `by` are axes of `reports.queries.coverage`; `keeps_days` how long each file is kept."""

    token = models.ForeignKey(
        SharingToken,
        verbose_name=_("khóa chia sẻ"),
        on_delete=models.PROTECT,
        related_name="schedules",
    )
    target = models.ForeignKey(Target, verbose_name=_("chỉ tiêu"), on_delete=models.PROTECT)
    by = models.JSONField(_("chia theo"), default=list, blank=True)
    kind = models.CharField(_("loại tệp"), max_length=10, choices=FileKind)
    every = models.CharField(_("bao lâu một lần"), max_length=10, choices=Cadence)
    next_on = models.DateField(_("lần tới"))
    keeps_days = models.PositiveSmallIntegerField(_("giữ mỗi tệp (ngày)"), default=90)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người tạo"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("tạo lúc"))
    stopped_at = models.DateTimeField(_("dừng lúc"), null=True)

    class Meta:
        verbose_name = _("lịch xuất tệp")
        verbose_name_plural = _("lịch xuất tệp")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.token_id}: {self.every} {self.kind}"


class SharedFile(models.Model):
    """One file of a schedule, of one day. `file` is empty once it was kept long enough."""

    schedule = models.ForeignKey(
        ExportSchedule,
        verbose_name=_("lịch xuất tệp"),
        on_delete=models.PROTECT,
        related_name="files",
    )
    as_of = models.DateField(_("số liệu đến hết ngày"))
    name = models.CharField(_("tên tệp"), max_length=120)
    file = models.FileField(_("tệp"), upload_to="shared-files/", blank=True)
    rows = models.PositiveIntegerField(_("số dòng"))
    withheld = models.PositiveIntegerField(_("số dòng được che"), default=0)
    made_at = models.DateTimeField(_("tạo lúc"))

    class Meta:
        verbose_name = _("tệp định kỳ")
        verbose_name_plural = _("tệp định kỳ")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "as_of"], name="one_shared_file_a_schedule_and_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _written(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)
