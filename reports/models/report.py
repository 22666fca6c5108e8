"""Reports of units: written, sent, returned or accepted; what was sent stays as it was."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Scope, Unit
from people.models.append_only import AppendOnly
from people.models.scope import reach
from reports.models.target import Target

if TYPE_CHECKING:
    from people.models import User

MOST_PEOPLE = 100_000


class ReportKind(models.TextChoices):
    ANNUAL = "annual", _("Báo cáo năm")
    MID_TERM = "mid_term", _("Báo cáo sơ kết")
    PERIOD = "period", _("Báo cáo tổng kết giai đoạn")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã gửi")
    RETURNED = "returned", _("Bị trả lại")
    ACCEPTED = "accepted", _("Đã tiếp nhận")


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, viewer: User, *, on: date) -> ReportQuerySet:
        """Those of units that the viewer manages, and what was sent of units whose people she sees
        or to a unit that she manages.

        Tables of a report hold small cells, so whoever may see figures only sees none of it.
        """
        if not viewer.is_active:
            return self.none()
        if viewer.is_unlimited:
            return self
        scopes = Scope.objects.granted_to(viewer)
        managed = Unit.objects.managed_by(viewer, on=on, or_nearest=True).values("pk")
        seen = reach(scopes.seeing_people(), on=on, path="unit", or_nearest=True)
        sent = ~Q(state=ReportState.DRAFT)
        return self.filter(Q(unit__in=managed) | (sent & seen) | (sent & Q(receiver__in=managed)))

    def sent(self) -> ReportQuerySet:
        return self.exclude(state=ReportState.DRAFT)

    def about(self, kind: str, started_on: date, ended_on: date) -> ReportQuerySet:
        return self.filter(kind=kind, started_on=started_on, ended_on=ended_on)

    def latest_sent(self) -> ReportQuerySet:
        """Of each unit and period the newest version that was sent."""
        newer = Report.objects.sent().filter(
            unit=models.OuterRef("unit"),
            kind=models.OuterRef("kind"),
            started_on=models.OuterRef("started_on"),
            ended_on=models.OuterRef("ended_on"),
            version__gt=models.OuterRef("version"),
        )
        return self.sent().filter(~models.Exists(newer))


class Report(models.Model):
    """One version of a unit's report. Once sent it is locked: what follows is another version.

    `as_of` is the cut-off day of the figures. `sections` and `letterhead` hold what the unit
    writes, by the names of `reports.filing_forms`. Written by `reports.services.filing`.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="reports"
    )
    kind = models.CharField(_("loại báo cáo"), max_length=20, choices=ReportKind)
    started_on = models.DateField(_("từ ngày"))
    ended_on = models.DateField(_("đến hết ngày"))
    version = models.PositiveSmallIntegerField(_("lần"), default=1)
    state = models.CharField(
        _("tình trạng"), max_length=20, choices=ReportState, default=ReportState.DRAFT
    )
    target = models.ForeignKey(Target, verbose_name=_("chỉ tiêu"), on_delete=models.PROTECT)
    as_of = models.DateField(_("ngày chốt số liệu"))
    due_on = models.DateField(_("hạn gửi"))
    receiver = models.ForeignKey(
        Unit,
        verbose_name=_("nơi nhận"),
        on_delete=models.PROTECT,
        related_name="reports_received",
        null=True,
        blank=True,
    )
    sections = models.JSONField(_("nội dung"), default=dict, blank=True)
    letterhead = models.JSONField(_("thể thức"), default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("lập lúc"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("gửi lúc"), null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo")
        verbose_name_plural = _("báo cáo")
        ordering = ["-ended_on", "unit", "-version"]
        constraints = [
            models.UniqueConstraint(
                "unit", "kind", "started_on", "ended_on", "version",
                name="report_version_is_made_once",
            ),
            models.UniqueConstraint(
                "unit", "kind", "started_on", "ended_on",
                condition=Q(state="draft"),
                name="report_has_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")), name="report_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True)
                | (~Q(state="draft") & Q(submitted_at__isnull=False)),
                name="report_that_was_sent_says_when",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["receiver", "ended_on"], name="report_of_a_receiver")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.ended_on.year} / {self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == ReportState.DRAFT


class Snapshot(AppendOnly):
    """What a report said when it was sent: figures, definition, and hashes of what lies beneath.

    `content` is what every document is made of; `content_hash` is that of its canonical JSON.
    """

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="snapshot")
    taken_at = models.DateTimeField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    roster_hash = models.CharField(max_length=64)
    certificates_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("số liệu đã chốt")
        verbose_name_plural = _("số liệu đã chốt")

    def __str__(self) -> str:
        return f"{self.report_id}: {self.content_hash[:12]}"


class Act(models.TextChoices):
    """What is done to a report."""

    CREATED = "created", _("Đã lập")
    AMENDED = "amended", _("Đã lập lần gửi mới")
    CONSOLIDATED = "consolidated", _("Đã tổng hợp")
    SUBMITTED = "submitted", _("Đã gửi")
    RETURNED = "returned", _("Đã trả lại")
    ACCEPTED = "accepted", _("Đã tiếp nhận")


class ReportAct(AppendOnly):
    """One thing that was done to a report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(_("việc"), max_length=20, choices=Act)
    comment = models.TextField(_("ý kiến"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("việc đã làm với báo cáo")
        verbose_name_plural = _("việc đã làm với báo cáo")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.act}"


class OutsideRow(models.Model):
    """A unit that is not in the system, with the figures it told; never mixed with counted ones.

    `source` is the report from which a consolidating office took it over.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="outside_rows")
    name = models.CharField(_("tên đơn vị"), max_length=200)
    required_male = models.PositiveIntegerField(
        _("tổng số nam"), default=0, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    required_female = models.PositiveIntegerField(
        _("tổng số nữ"), default=0, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    complete_male = models.PositiveIntegerField(
        _("nam đã hoàn thành"), default=0, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    complete_female = models.PositiveIntegerField(
        _("nữ đã hoàn thành"), default=0, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    evidence = models.CharField(_("căn cứ"), max_length=200, blank=True)
    source = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("đơn vị ngoài hệ thống")
        verbose_name_plural = _("đơn vị ngoài hệ thống")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(complete_male__lte=F("required_male"))
                & Q(complete_female__lte=F("required_female")),
                name="outside_row_has_no_more_complete_than_people",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReportSource(models.Model):
    """An accepted report that a receiving office took into its own."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="sources")
    source = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="consolidated_in")

    class Meta:
        verbose_name = _("báo cáo được tổng hợp")
        verbose_name_plural = _("báo cáo được tổng hợp")
        constraints = [
            models.UniqueConstraint("report", "source", name="report_is_consolidated_once"),
            models.CheckConstraint(
                condition=~Q(report=F("source")), name="report_is_not_its_own_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.report_id}"
