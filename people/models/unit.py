"""Units: identity apart from what is true of them from a day to a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from people.dates import held_on

if TYPE_CHECKING:
    from people.models.user import User


class Sector(models.TextChoices):
    EDUCATION = "education", _("Giáo dục")
    SOCIAL = "social", _("Lao động - xã hội")


class UnitKind(models.TextChoices):
    CITY = "city", _("Thành phố")
    DISTRICT = "district", _("Huyện")
    COMMUNE = "commune", _("Xã, thị trấn")
    OFFICE = "office", _("Phòng, ban")
    PRESCHOOL = "preschool", _("Mầm non")
    PRIMARY = "primary", _("Tiểu học")
    LOWER_SECONDARY = "lower_secondary", _("Trung học cơ sở")
    UPPER_SECONDARY = "upper_secondary", _("Trung học phổ thông")
    MULTI_LEVEL = "multi_level", _("Phổ thông nhiều cấp")
    CONTINUING_EDUCATION = "continuing_education", _("Giáo dục thường xuyên")
    SPECIAL_EDUCATION = "special_education", _("Giáo dục chuyên biệt")
    SOCIAL_FACILITY = "social_facility", _("Cơ sở bảo trợ xã hội")
    OTHER = "other", _("Khác")


class Level(models.TextChoices):
    """What a school teaches, whatever kind it is called."""

    PRESCHOOL = "preschool", _("Mầm non")
    PRIMARY = "primary", _("Tiểu học")
    LOWER_SECONDARY = "lower_secondary", _("Trung học cơ sở")
    UPPER_SECONDARY = "upper_secondary", _("Trung học phổ thông")
    CONTINUING_EDUCATION = "continuing_education", _("Giáo dục thường xuyên")


class Attribute(models.TextChoices):
    """What is noted of a unit as yes or no."""

    COUNSELLING_ROOM = "counselling_room", _("Có phòng tư vấn học đường")
    MODEL_SCHOOL = "model_school", _("Trường điểm")


class UnitQuerySet(models.QuerySet["Unit"]):
    def open_on(self, day: date) -> UnitQuerySet:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day), opened_on__lte=day)

    def below(self, unit: Unit, *, on: date) -> UnitQuerySet:
        """The unit itself and everything under it on that day."""
        return self.filter(
            pk__in=UnitClosure.objects.filter(held_on(on), ancestor=unit).values("unit")
        )

    def above(self, unit: Unit, *, on: date) -> UnitQuerySet:
        """The unit itself and everything over it on that day, the highest first."""
        chain = held_on(on, "closure_below__") & Q(closure_below__unit=unit)
        return self.filter(chain).order_by("-closure_below__distance")

    def directly_below(self, unit: Unit, *, on: date) -> UnitQuerySet:
        return self.filter(
            pk__in=UnitVersion.objects.filter(held_on(on), parent=unit).values("unit")
        )

    def visible_to(self, viewer: User, *, on: date) -> UnitQuerySet:
        """Units whose figures the viewer may see on that day, by scope.

        A scope of one sector opens, below its own unit, those of the sector and those above them.
        """
        from people.models.scope import Scope, sighted

        if viewer.is_unlimited:
            return self
        return self.filter(sighted(Scope.objects.granted_to(viewer), on=on))

    def managed_by(self, viewer: User, *, on: date, or_nearest: bool = False) -> UnitQuerySet:
        """Units for whose people the viewer may act, by scopes that are more than read-only.

        `or_nearest`: of a unit closed or not yet open that day, on the nearest day of its life.
        """
        from people.models.scope import Scope, reach

        if viewer.is_unlimited:
            return self
        scopes = Scope.objects.granted_to(viewer).managing_people()
        return self.filter(reach(scopes, on=on, or_nearest=or_nearest))

    def restructurable_by(self, viewer: User, *, on: date) -> UnitQuerySet:
        """Units that the viewer may rename, move, merge, split or close: by a managing scope over
        them, not on them, and within its sector. A principal's own school is not hers to move."""
        from people.models.scope import Scope, reach

        if viewer.is_unlimited:
            return self
        scopes = Scope.objects.granted_to(viewer).managing_people()
        return self.filter(reach(scopes, on=on, strictly=True))

    def receiving_from(self, viewer: User, *, on: date) -> UnitQuerySet:
        """Units from which the viewer may hang others: her own and all below, of either sector,
        since the schools of one sector hang from communes of both."""
        from people.models.scope import Scope

        if viewer.is_unlimited:
            return self
        roots = Scope.objects.granted_to(viewer).managing_people().values("unit")
        below = UnitClosure.objects.filter(held_on(on), ancestor__in=roots)
        return self.filter(pk__in=below.values("unit"))

    def closed_before(self, day: date) -> UnitQuerySet:
        return self.filter(closed_on__lt=day)

    def visible_at_their_end_to(self, viewer: User) -> UnitQuerySet:
        """Closed units that stood in the viewer's scopes on their last day."""
        from people.models.scope import Scope

        if viewer.is_unlimited:
            return self.filter(closed_on__isnull=False)
        roots = Scope.objects.granted_to(viewer).values("unit")
        last = UnitClosure.objects.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=OuterRef("closed_on")),
            unit=OuterRef("pk"),
            ancestor__in=roots,
            started_on__lte=OuterRef("closed_on"),
        )
        return self.filter(Exists(last), closed_on__isnull=False)

    def named_on(self, day: date) -> UnitQuerySet:
        """Annotates `name`, `kind` and `sector` as they were that day (None before and after)."""
        version = UnitVersion.objects.filter(held_on(day), unit=OuterRef("pk"))
        return self.annotate(
            name=Subquery(version.values("name")[:1]),
            kind=Subquery(version.values("kind")[:1]),
            sector=Subquery(version.values("sector")[:1]),
        )


class Unit(models.Model):
    """A school, office, facility or territory, for as long as it exists under one code."""

    code = models.CharField(_("mã đơn vị"), max_length=40, unique=True)
    opened_on = models.DateField(_("ngày thành lập"))
    closed_on = models.DateField(
        _("ngày cuối cùng"), null=True, blank=True, help_text=_("Ngày cuối cùng còn hoạt động.")
    )
    closing_document = models.CharField(
        _("văn bản ngừng hoạt động"), max_length=200, blank=True, default=""
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị")
        verbose_name_plural = _("đơn vị")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="unit_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def version_on(self, day: date) -> UnitVersion | None:
        """What is true of the unit on that day; None before it opened and after it closed."""
        return self.versions.filter(held_on(day)).first()

    def name_on(self, day: date) -> str:
        """The name on that day; outside its life the nearest known name, at worst the code."""
        version = self.version_on(day) or self.versions.order_by("-started_on").first()
        return version.name if version else self.code


class UnitVersion(models.Model):
    """What is true of a unit from a day to a day: name, kind, sector, place in the tree."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="versions"
    )
    started_on = models.DateField(_("từ ngày"))
    ended_on = models.DateField(_("đến hết ngày"), null=True, blank=True)
    name = models.CharField(_("tên"), max_length=200)
    kind = models.CharField(_("loại"), max_length=30, choices=UnitKind)
    sector = models.CharField(
        _("ngành"),
        max_length=20,
        choices=Sector,
        blank=True,
        help_text=_("Để trống với đơn vị chung của cả hai ngành, như thành phố."),
    )
    levels = models.JSONField(_("cấp học"), default=list, blank=True)
    parent = models.ForeignKey(
        Unit,
        verbose_name=_("đơn vị cấp trên"),
        on_delete=models.PROTECT,
        related_name="child_versions",
        null=True,
        blank=True,
    )
    attributes = models.JSONField(_("đặc điểm"), default=dict, blank=True)
    deciding_document = models.CharField(_("văn bản quyết định"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("thông tin đơn vị theo thời gian")
        verbose_name_plural = verbose_name
        ordering = ["unit", "started_on"]
        # That no two versions of a unit hold on one day is a migration's work: see 0002.
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="unit_version_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")),
                name="unit_is_not_its_own_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "started_on"], name="unit_version_by_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.started_on})"


class UnitClosure(models.Model):
    """Derived from the versions: which unit stood under which ancestor, from when to when.

    Every unit is its own ancestor at distance 0. Written only by
    `people.services.unit_closure`.
    """

    ancestor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closure_below")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closure_above")
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    distance = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["ancestor", "unit", "started_on", "ended_on"], name="closure_downwards"
            ),
            models.Index(
                fields=["unit", "ancestor", "started_on", "ended_on"], name="closure_upwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} › {self.unit_id}"
