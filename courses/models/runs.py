"""Runs: a course offered to an audience in a window of days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from courses.models.catalogue import Course, Module
from people.dates import held_on, start_of_day
from people.models import (
    Membership,
    Person,
    Sector,
    StaffGroup,
    Unit,
    UnitClosure,
    UnitKind,
    UnitVersion,
)
from people.models.append_only import AppendOnly

if TYPE_CHECKING:
    from datetime import datetime


class RunTermsQuerySet(models.QuerySet["RunTerms"]):
    def in_force(self, *, at: datetime) -> RunTermsQuerySet:
        """Of each run the terms that hold at the instant; none of runs not yet begun."""
        latest = RunTerms.objects.filter(run=OuterRef("run"), effective_at__lte=at)
        return self.filter(pk=Subquery(latest.order_by("-effective_at", "-pk").values("pk")[:1]))


class CourseRun(models.Model):
    """Đợt: "Bồi dưỡng hè 2026". Its window, modules and audience are in the latest `RunTerms`."""

    course = models.ForeignKey(
        Course, verbose_name=_("khóa bồi dưỡng"), on_delete=models.PROTECT, related_name="runs"
    )
    code = models.SlugField(_("mã đợt"), max_length=40, unique=True)
    title = models.CharField(_("tên đợt"), max_length=200)

    class Meta:
        verbose_name = _("đợt bồi dưỡng")
        verbose_name_plural = _("đợt bồi dưỡng")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def terms_at(self, instant: datetime) -> RunTerms | None:
        return self.terms.filter(effective_at__lte=instant).order_by("-effective_at", "-pk").first()


class RunTerms(AppendOnly):
    """From `effective_at` on: the run's window, modules and audience. A change is another row.

    The audience is a query, not rows: whoever holds a primary membership that matches is due. Empty
    sectors, groups or kinds mean all of them.
    """

    run = models.ForeignKey(CourseRun, on_delete=models.PROTECT, related_name="terms")
    effective_at = models.DateTimeField()
    opens_on = models.DateField(_("mở từ ngày"))
    closes_on = models.DateField(_("đến hết ngày"))
    grace_days = models.PositiveSmallIntegerField(_("số ngày gia hạn để làm nốt"), default=0)
    modules = models.ManyToManyField(Module, verbose_name=_("chuyên đề"), related_name="+")
    units = models.ManyToManyField(Unit, verbose_name=_("đơn vị"), related_name="+")
    sectors = models.JSONField(_("ngành"), default=list, blank=True)
    staff_groups = models.JSONField(_("nhóm nhân sự"), default=list, blank=True)
    unit_kinds = models.JSONField(_("loại đơn vị"), default=list, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("lý do"), max_length=200, blank=True)

    objects = RunTermsQuerySet.as_manager()

    class Meta:
        ordering = ["effective_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="run_closes_after_it_opens"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.opens_on} – {self.closes_on}"

    @property
    def last_day(self) -> date:
        """The last day on which work begun in the window may be finished."""
        return self.closes_on + timedelta(days=self.grace_days)

    def counted_on(self, today: date) -> date:
        """The day whose audience counts: today, and once the window is past its last day."""
        return min(today, self.closes_on)

    def memberships(self, *, on: date) -> models.QuerySet[Membership]:
        """Primary memberships of the day that make their holders due, before additions by name."""
        return members_of_audience(
            units=self.units.values("pk"),
            sectors=self.sectors,
            staff_groups=self.staff_groups,
            unit_kinds=self.unit_kinds,
            on=on,
        )

    def audience(self, *, on: date) -> models.QuerySet[Person]:
        """Everyone who is due on that day."""
        by_name = RunAddition.objects.filter(
            run=self.run_id, added_at__lt=start_of_day(on + timedelta(days=1))
        ).values("person")
        by_place = self.memberships(on=on).values("person")
        return Person.objects.filter(Q(pk__in=by_place) | Q(pk__in=by_name))

    def sector_labels(self) -> list[str]:
        return [str(Sector(sector).label) for sector in self.sectors]

    def group_labels(self) -> list[str]:
        return [str(StaffGroup(group).label) for group in self.staff_groups]

    def kind_labels(self) -> list[str]:
        return [str(UnitKind(kind).label) for kind in self.unit_kinds]


def members_of_audience(
    *,
    units: Any,
    sectors: Collection[str],
    staff_groups: Collection[str],
    unit_kinds: Collection[str],
    on: date,
) -> models.QuerySet[Membership]:
    """Primary memberships of the day in such an audience.

    `units` are keys or a query of them, each with its subtree; empty others mean all.
    """
    below = UnitClosure.objects.filter(held_on(on), ancestor__in=units)
    members = Membership.objects.primary_on(on).filter(unit__in=below.values("unit"))
    if staff_groups:
        members = members.filter(staff_group__in=staff_groups)
    versions = UnitVersion.objects.filter(held_on(on))
    if unit_kinds:
        members = members.filter(unit__in=versions.filter(kind__in=unit_kinds).values("unit"))
    if sectors:
        members = members.filter(unit__in=versions.filter(sector__in=sectors).values("unit"))
    return members


class RunAddition(models.Model):
    """A person added to a run by name, whatever the audience says."""

    run = models.ForeignKey(CourseRun, on_delete=models.PROTECT, related_name="additions")
    person = models.ForeignKey(
        Person, verbose_name=_("nhân sự"), on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("lý do"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("run", "person", name="person_is_added_to_a_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} + {self.run_id}"
