"""Scopes: who may see or manage which subtree, and as what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.dates import held_on
from people.models.append_only import AppendOnly
from people.models.unit import Sector, Unit, UnitClosure

if TYPE_CHECKING:
    from people.models.user import User


class ScopeRole(models.TextChoices):
    UNIT_MANAGER = "unit_manager", _("Quản lý đơn vị")
    SECTOR_MANAGER = "sector_manager", _("Quản trị ngành")
    MONITOR = "monitor", _("Giám sát (chỉ xem)")
    AGGREGATE_VIEWER = "aggregate_viewer", _("Chỉ xem số liệu tổng hợp")

    @property
    def meaning(self) -> str:
        """What its holder may do, in a sentence for whoever grants it."""
        return str(MEANINGS[self])


MEANINGS = {
    ScopeRole.UNIT_MANAGER: _(
        "Xem và sửa nhân sự, cấp mã đăng nhập, mở đợt bồi dưỡng và cấp phạm vi trong đơn vị cùng "
        "các đơn vị bên dưới."
    ),
    ScopeRole.SECTOR_MANAGER: _("Như quản lý đơn vị, nhưng chỉ với các đơn vị của một ngành."),
    ScopeRole.MONITOR: _("Xem số liệu và hồ sơ của từng người; không sửa, không cấp được gì."),
    ScopeRole.AGGREGATE_VIEWER: _("Chỉ xem số liệu chung; không xem tên ai, số quá nhỏ bị che."),
}
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

    def in_force_on(self, day: date) -> ScopeQuerySet:
        return self.filter(held_on(day))

    def beginning_after(self, day: date) -> ScopeQuerySet:
        """Those that were withdrawn before they began are over, not to come."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), started_on__gt=day
        )

    def over_on(self, day: date) -> ScopeQuerySet:
        return self.filter(Q(ended_on__lt=day) | Q(ended_on__lt=F("started_on")))

    def visible_to(self, viewer: User, *, on: date) -> ScopeQuerySet:
        """Scopes of whatever day in the units that the viewer manages that day, and her own.

        Of a sector manager: in units of her sector, and those that name her sector elsewhere.
        """
        if not viewer.is_active:
            return self.none()
        if viewer.is_superuser:
            return self
        below, version = "unit__closure_below__", "unit__closure_below__unit__versions__"
        over_the_unit = held_on(on, below) & Q(**{f"{below}unit": OuterRef("unit")})
        mine = Scope.objects.granted_to(viewer).managing_people()
        of_every_or_its_sector = mine.filter(over_the_unit, sector__in=["", OuterRef("sector")])
        of_its_units_sector = mine.filter(
            over_the_unit, held_on(on, version), **{f"{version}sector": F("sector")}
        )
        return self.filter(
            Q(Exists(of_every_or_its_sector))
            | Q(Exists(of_its_units_sector), sector="")
            | Q(user=viewer)
        )


def reach(
    scopes: ScopeQuerySet,
    *,
    on: date,
    path: str = "pk",
    strictly: bool = False,
    or_nearest: bool = False,
) -> Q:
    """The units that the scopes open, as the tree stood that day; `path` leads to the unit.

    A scope with a sector opens only the units that were of that sector that day. The scopes become
    part of the query that asks: none of its own. `strictly`: only what is below a scope's unit.
    `or_nearest`: of a unit that was closed or not yet open that day, the nearest day of its life.
    """
    below, version = "unit__closure_below__", "unit__closure_below__unit__versions__"
    day: Any = _nearest(on, f"{below}unit__") if or_nearest else on
    places = held_on(day, below) & Q(**{f"{below}distance__gt": 0} if strictly else {})
    is_of_sector = held_on(day, version) & Q(**{f"{version}sector": F("sector")})
    opened = scopes.filter(Q(sector="") | is_of_sector, places)
    return Q(**{f"{path}__in": opened.values(f"{below}unit")})


def _nearest(day: date, unit: str) -> Func:
    """`people.queries.units.day_within`, in the database; `unit` is the way to it."""
    last_day = Coalesce(F(f"{unit}closed_on"), Value(date.max), output_field=models.DateField())
    asked = Value(day, output_field=models.DateField())
    return Least(Greatest(asked, F(f"{unit}opened_on")), last_day)


def sighted(scopes: ScopeQuerySet, *, on: date) -> Q:
    """The units whose figures the scopes open, as the tree stood that day; see `Unit.visible_to`.

    Like `reach`, part of the query that asks.
    """
    tree = UnitClosure.objects.filter(held_on(on))
    whole = tree.filter(ancestor__in=scopes.filter(sector="").values("unit"))
    own = tree.filter(ancestor__in=scopes.values("unit"), distance=0)
    opened = Q(pk__in=whole.values("unit")) | Q(pk__in=own.values("unit"))
    for sector in Sector.values:
        below = tree.filter(ancestor__in=scopes.filter(sector=sector).values("unit"))
        of_sector = tree.filter(
            held_on(on, "unit__versions__"), unit__versions__sector=sector
        ).values("ancestor")
        opened |= Q(pk__in=below.values("unit")) & Q(pk__in=of_sector)
    return opened


class ScopeState(models.TextChoices):
    """As of a day; nothing has to happen for one to become the next."""

    IN_FORCE = "in-force", _("Đang hiệu lực")
    TO_COME = "to-come", _("Chưa bắt đầu")
    OVER = "over", _("Đã hết")


class Scope(models.Model):
    """A grant from a day to a day. Revoking sets `ended_on`; it works on the next request.

    `ended_on` may be the day before `started_on`: so a grant is withdrawn on its first day. Written
    by `people.services.scopes`, which keeps each later change of the last day as a `ScopeChange`.
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
    granted_at = models.DateTimeField(
        _("cấp lúc"), null=True, blank=True, help_text="Empty: granted without the screen."
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

    def state_on(self, day: date) -> ScopeState:
        if self.ended_on is not None and self.ended_on < max(day, self.started_on):
            return ScopeState.OVER
        return ScopeState.TO_COME if self.started_on > day else ScopeState.IN_FORCE


class ScopeChange(AppendOnly):
    """The last day of a scope was moved, or the scope was revoked; by whom and why."""

    scope = models.ForeignKey(
        Scope, verbose_name=_("phạm vi"), on_delete=models.PROTECT, related_name="changes"
    )
    is_revocation = models.BooleanField(_("thu hồi"), default=False)
    ended_before = models.DateField(_("trước đó đến hết ngày"), null=True)
    ended_on = models.DateField(_("đến hết ngày"), null=True)
    reason = models.CharField(_("lý do"), max_length=200)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người thay đổi"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    changed_at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("thay đổi phạm vi")
        verbose_name_plural = _("thay đổi phạm vi")
        ordering = ["changed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(is_revocation=True) | Q(ended_on__isnull=False),
                name="scope_revocation_has_its_last_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope_id}: {self.ended_before} → {self.ended_on}"
