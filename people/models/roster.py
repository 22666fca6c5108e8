"""Which staff lists were applied: before the first one there is no denominator."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.unit import Unit


class RosterListQuerySet(models.QuerySet["RosterList"]):
    def first_day(self) -> date | None:
        """The day of the earliest list, before which coverage is "no roster"."""
        return self.aggregate(models.Min("as_of"))["as_of__min"]


class RosterList(models.Model):
    """A staff list of one unit as it stood on a day, applied at an instant."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="roster_lists"
    )
    as_of = models.DateField(_("danh sách ngày"))
    applied_at = models.DateTimeField(_("áp dụng lúc"))
    is_partial = models.BooleanField(_("danh sách một phần"), default=False)
    content_hash = models.CharField(max_length=64)

    objects = RosterListQuerySet.as_manager()

    class Meta:
        verbose_name = _("danh sách đã áp dụng")
        verbose_name_plural = _("danh sách đã áp dụng")
        indexes = [models.Index(fields=["unit", "as_of"], name="roster_list_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.as_of}"
