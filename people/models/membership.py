"""Memberships: who worked where, as what, from a day to a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.dates import held_on
from people.models.person import Person
from people.models.unit import Unit, UnitClosure

if TYPE_CHECKING:
    from people.models.user import User


class StaffGroup(models.TextChoices):
    MANAGER = "manager", _("Cán bộ quản lý")
    TEACHER = "teacher", _("Giáo viên")
    SUPPORT = "support", _("Nhân viên")
    CARER = "carer", _("Nhân viên chăm sóc, nuôi dưỡng")
    OFFICER = "officer", _("Công chức, cán bộ không chuyên trách")
    COLLABORATOR = "collaborator", _("Cộng tác viên")


class Position(models.TextChoices):
    """Positions that a rule may name. What the roster wrote stays in `position_title`."""

    PRINCIPAL = "principal", _("Hiệu trưởng")
    VICE_PRINCIPAL = "vice_principal", _("Phó hiệu trưởng")
    TEAM_LEADER = "team_leader", _("Tổ trưởng chuyên môn")
    TEACHER = "teacher", _("Giáo viên")
    YOUNG_PIONEERS_LEADER = "young_pioneers_leader", _("Tổng phụ trách Đội")
    HEALTH_STAFF = "health_staff", _("Nhân viên y tế")
    OTHER = "other", _("Khác")


class MembershipStatus(models.TextChoices):
    WORKING = "working", _("Đang làm việc")
    MATERNITY_LEAVE = "maternity_leave", _("Nghỉ thai sản")
    SICK_LEAVE = "sick_leave", _("Nghỉ ốm dài ngày")
    STUDY_LEAVE = "study_leave", _("Đi học")
    SECONDED = "seconded", _("Biệt phái")
    UNPAID_LEAVE = "unpaid_leave", _("Nghỉ không lương")


class LeavingCause(models.TextChoices):
    """Why somebody left, as the one who ends her membership says."""

    RETIRED = "retired", _("nghỉ hưu")
    RESIGNED = "resigned", _("thôi việc")
    TRANSFERRED = "transferred", _("chuyển đi đơn vị khác")
    DECEASED = "deceased", _("qua đời")
    OTHER = "other", _("lý do khác")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuerySet:
        return self.filter(held_on(day))

    def primary_on(self, day: date) -> MembershipQuerySet:
        """Of each person at most one row: where she counts that day."""
        return self.filter(held_on(day), is_primary=True)

    def below(self, unit: Unit, *, on: date) -> MembershipQuerySet:
        """In the unit's subtree as the tree stood that day."""
        units = UnitClosure.objects.filter(held_on(on), ancestor=unit).values("unit")
        return self.filter(unit__in=units)

    def visible_to(self, viewer: User, *, on: date) -> MembershipQuerySet:
        """Memberships that the viewer's scopes open for reading, as the tree stood that day."""
        from people.models.scope import Scope, reach

        scopes = Scope.objects.granted_to(viewer).seeing_people()
        return self.filter(reach(scopes, on=on, path="unit"))

    def managed_by(self, viewer: User, *, on: date) -> MembershipQuerySet:
        """Memberships in units for whose people the viewer may act, as the tree stood that day."""
        from people.models.scope import Scope, reach

        if viewer.is_unlimited:
            return self
        scopes = Scope.objects.granted_to(viewer).managing_people()
        return self.filter(reach(scopes, on=on, path="unit"))


class Membership(models.Model):
    """One person in one unit, in one group and status. A change closes the row and opens another.

    That a person has at most one primary membership on any day is held by the database: an
    exclusion constraint on PostgreSQL, triggers on SQLite (migration 0002).
    """

    person = models.ForeignKey(
        Person, verbose_name=_("nhân sự"), on_delete=models.PROTECT, related_name="memberships"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="memberships"
    )
    staff_group = models.CharField(_("nhóm"), max_length=20, choices=StaffGroup)
    position = models.CharField(
        _("chức vụ"), max_length=30, choices=Position, default=Position.OTHER
    )
    position_title = models.CharField(_("chức vụ theo danh sách"), max_length=100, blank=True)
    status = models.CharField(
        _("trạng thái"),
        max_length=20,
        choices=MembershipStatus,
        default=MembershipStatus.WORKING,
    )
    started_on = models.DateField(_("từ ngày"))
    ended_on = models.DateField(_("đến hết ngày"), null=True, blank=True)
    is_primary = models.BooleanField(_("nơi công tác chính"), default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("nơi công tác")
        verbose_name_plural = _("nơi công tác")
        ordering = ["person", "started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="membership_ends_after_it_starts",
            )
        ]
        indexes = [
            models.Index(
                fields=["unit", "started_on", "ended_on", "staff_group", "person"],
                condition=Q(is_primary=True),
                name="membership_counted_in_unit",
            ),
            models.Index(fields=["person", "started_on"], name="membership_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.unit_id} {self.started_on}"

    @property
    def post(self) -> str:
        """ "Giáo viên, Tổ trưởng chuyên môn": what the group says already is not said again."""
        group = self.get_staff_group_display()
        position = self.position_title or self.get_position_display()
        is_said = bool(self.position_title) or self.position != Position.OTHER
        is_more = is_said and position.casefold() != group.casefold()
        return f"{group}, {position}" if is_more else group
