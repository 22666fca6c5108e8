"""Which staff lists were applied: before the first one there is no denominator."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.dates import held_on
from people.models.unit import Unit, UnitClosure


class RosterListQuerySet(models.QuerySet["RosterList"]):
    def first_day(self) -> date | None:
        """The day of the earliest list, before which coverage is "no roster"."""
        return self.aggregate(models.Min("as_of"))["as_of__min"]

    def first_day_of(self, unit: Unit, *, on: date) -> date | None:
        """The day from which it is known who works in the unit's subtree, as the tree stood `on`.

        That of the earliest list of any unit in it: so an office has figures from the day when the
        first of its schools has one, and a school whose own first list is younger has none yet.
        Where no list was ever brought, people came by other ways, and the earliest of all counts.
        """
        below = UnitClosure.objects.filter(held_on(on), ancestor=unit).values("unit")
        first = self.aggregate(
            own=models.Min("as_of", filter=models.Q(unit__in=below)), any=models.Min("as_of")
        )
        return first["own"] or first["any"]

    def pass_on(self, source: Unit, heir: Unit, *, on: date, at: datetime) -> None:
        """People taken over `on` that day are as well known in their new unit as they were: where
        it has no list by then and the one they come from has, the day is noted for it."""
        known = self.filter(as_of__lte=on)
        if known.filter(unit=source).exists() and not known.filter(unit=heir).exists():
            self.create(unit=heir, as_of=on, applied_at=at, is_partial=True, content_hash="")

    def by(self, day: date) -> RosterListQuerySet:
        return self.filter(as_of__lte=day)


class RosterList(models.Model):
    """A staff list of one unit as it stood on a day, applied at an instant."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="roster_lists"
    )
    as_of = models.DateField(_("danh sách ngày"))
    applied_at = models.DateTimeField(_("áp dụng lúc"))
    is_partial = models.BooleanField(_("danh sách một phần"), default=False)
    content_hash = models.CharField(max_length=64)
    roster_import = models.ForeignKey(
        "people.RosterImport",
        verbose_name=_("lần nhập danh sách"),
        on_delete=models.PROTECT,
        related_name="lists",
        null=True,
        blank=True,
    )

    objects = RosterListQuerySet.as_manager()

    class Meta:
        verbose_name = _("danh sách đã áp dụng")
        verbose_name_plural = _("danh sách đã áp dụng")
        indexes = [models.Index(fields=["unit", "as_of"], name="roster_list_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.as_of}"
