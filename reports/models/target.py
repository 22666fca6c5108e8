"""Targets of coverage."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course


class Target(models.Model):
    """Audience, period, courses and threshold: 80 % of managers and teachers by 31 December 2017.

    Lists of codes: an empty `staff_groups`, `sectors` or `unit_kinds` means all; excluded ones are
    taken away from that. `ended_on` None: certificates of any later day count too.
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
