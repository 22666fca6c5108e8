"""Scopes: who may see or manage which subtree, and as what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.dates import held_on
from people.models.unit import Sector, Unit

if TYPE_CHECKING:
    from people.models.user import User


class ScopeRole(models.TextChoices):
    UNIT_MANAGER = "unit_manager", _("Quản lý đơn vị")
    SECTOR_MANAGER = "sector_manager", _("Quản trị ngành")
    MONITOR = "monitor", _("Giám sát (chỉ xem)")
    AGGREGATE_VIEWER = "aggregate_viewer", _("Chỉ xem số liệu tổng hợp")


MANAGING_PEOPLE = frozenset({ScopeRole.UNIT_MANAGER, ScopeRole.SECTOR_MANAGER})


class ScopeQuerySet(models.QuerySet["Scope"]):
    def granted_to(self, viewer: User) -> ScopeQuerySet:
        """Scopes in force today: a scope opens the past too, but only while it is held."""
        if not viewer.is_active:
            return self.none()
        return self.filter(held_on(timezone.localdate()), user=viewer)

    def seeing_people(self) -> ScopeQuerySet:
        return self.exclude(role=ScopeRole.AGGREGATE_VIEWER)

    def managing_people(self) -> ScopeQuerySet:
        return self.filter(role__in=MANAGING_PEOPLE)


def reach(scopes: ScopeQuerySet, *, on: date, path: str = "pk") -> Q:
    """The units that the scopes open, as the tree stood that day; `path` leads to the unit.

    A scope with a sector opens only the units that were of that sector that day. The scopes become
    part of the query that asks: none of its own.
    """
    below, version = "unit__closure_below__", "unit__closure_below__unit__versions__"
    is_of_sector = held_on(on, version) & Q(**{f"{version}sector": F("sector")})
    opened = scopes.filter(Q(sector="") | is_of_sector, held_on(on, below))
    return Q(**{f"{path}__in": opened.values(f"{below}unit")})


class Scope(models.Model):
    """A grant from a day to a day. Revoking sets `ended_on`; it works on the next request.

    `ended_on` may be the day before `started_on`: so a grant is withdrawn on its first day.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("tài khoản"),
        on_delete=models.PROTECT,
        related_name="scopes",
    )
    unit = models.ForeignKey(Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT)
    role = models.CharField(_("vai trò"), max_length=20, choices=ScopeRole)
    sector = models.CharField(_("ngành"), max_length=20, choices=Sector, blank=True)
    started_on = models.DateField(_("từ ngày"))
    ended_on = models.DateField(_("đến hết ngày"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=200, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người cấp"),
        on_delete=models.PROTECT,
        related_name="scopes_granted",
        null=True,
        blank=True,
    )

    objects = ScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("phạm vi quản lý")
        verbose_name_plural = _("phạm vi quản lý")
        constraints = [
            models.CheckConstraint(
                condition=~Q(role="sector_manager") | ~Q(sector=""),
                name="scope_of_sector_manager_names_its_sector",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} @ {self.unit_id}"
