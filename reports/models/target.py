"""Targets of coverage."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from people.models.append_only import AppendOnly


class TargetQuerySet(models.QuerySet["Target"]):
    def in_use_on(self, day: date) -> TargetQuerySet:
        return self.filter(Q(last_used_on__isnull=True) | Q(last_used_on__gte=day))


class Target(models.Model):
    """Audience, period, courses and threshold: 80 % of managers and teachers by 31 December 2017.

    Lists of codes: an empty `staff_groups`, `sectors` or `unit_kinds` means all; excluded ones are
    taken away from that. `ended_on` None: certificates of any later day count too. `cut_off_on` is
    the day at which its figure is asked once that is past; None: the due day. After `last_used_on`
    it is offered no more, and is still there to be asked. Written by `reports.services.targets`,
    which keeps each change as a `TargetChange`.
    """

    code = models.CharField(_("mã"), max_length=20, unique=True)
    title = models.CharField(_("tên chỉ tiêu"), max_length=200)
    percent = models.PositiveSmallIntegerField(_("tỷ lệ cần đạt (%)"))
    due_on = models.DateField(_("hạn đạt"))
    started_on = models.DateField(_("tính từ ngày"))
    ended_on = models.DateField(_("tính đến hết ngày"), null=True, blank=True)
    courses = models.ManyToManyField(Course, verbose_name=_("khóa được tính"), related_name="+")
    staff_groups = models.JSONField(_("nhóm nhân sự"), default=list)
    sectors = models.JSONField(_("ngành"), default=list, blank=True)
    unit_kinds = models.JSONField(_("loại đơn vị"), default=list, blank=True)
    excluded_unit_kinds = models.JSONField(_("trừ loại đơn vị"), default=list, blank=True)
    excluded_statuses = models.JSONField(_("trừ trạng thái"), default=list, blank=True)
    cut_off_on = models.DateField(_("ngày chốt số liệu"), null=True, blank=True)
    shows_strict = models.BooleanField(_("hiện cả cách tính chặt"), default=True)
    last_used_on = models.DateField(_("dùng đến hết ngày"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    # Of a draft: the courses proposed for it, which no row says yet.
    proposed_courses: Collection[Course] | None = None

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        ordering = ["due_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="target_percent_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("started_on")), name="target_is_due_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    @property
    def looked_at_on(self) -> date:
        """The day of its figure, once that is past."""
        return self.cut_off_on or self.due_on

    @property
    def counted_courses(self) -> QuerySet[Course]:
        if self.proposed_courses is None:
            return self.courses.all()
        return Course.objects.filter(pk__in=[course.pk for course in self.proposed_courses])

    def is_in_use_on(self, day: date) -> bool:
        return self.last_used_on is None or day <= self.last_used_on

    def measures_like(self, other: Target) -> bool:
        """Whether both give the same figure on every day, and differ in threshold and due day only.

        Their courses are asked for only when everything else agrees.
        """
        if self == other:
            return True
        return self._audience() == other._audience() and set(self.courses.values_list("pk")) == set(
            other.courses.values_list("pk")
        )

    def _audience(self) -> tuple[object, ...]:
        lists = [
            self.staff_groups,
            self.sectors,
            self.unit_kinds,
            self.excluded_unit_kinds,
            self.excluded_statuses,
        ]
        return self.started_on, self.ended_on, [sorted(each) for each in lists]


class TargetChange(AppendOnly):
    """A target was set up, changed or taken out of use; by whom and why. `before` is empty of a new
    one; both are what `reports.services.targets.definition_of` says."""

    target = models.ForeignKey(
        Target, verbose_name=_("chỉ tiêu"), on_delete=models.PROTECT, related_name="changes"
    )
    before = models.JSONField(_("trước đó"), default=dict)
    after = models.JSONField(_("sau đó"))
    reason = models.CharField(_("lý do"), max_length=300)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người thay đổi"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    changed_at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("thay đổi chỉ tiêu")
        verbose_name_plural = _("thay đổi chỉ tiêu")
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.changed_at:%Y-%m-%d %H:%M}"
