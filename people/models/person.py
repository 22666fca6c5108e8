"""People on a roster, whether or not they ever signed in."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.dates import held_on
from people.names import NameParts, folded, sort_key

if TYPE_CHECKING:
    from people.models.unit import Unit
    from people.models.user import User

# A new code, which also signs in: plain letters, digits and what joins them.
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._\-]*")
NATIONAL_NUMBER_LENGTHS = (9, 12)  # digits of the old identity card and of the present one


class Sex(models.TextChoices):
    MALE = "male", _("Nam")
    FEMALE = "female", _("Nữ")


class PersonQuerySet(models.QuerySet["Person"]):
    def unmerged(self) -> PersonQuerySet:
        """Without the rows that a merge left behind: nobody is to be shown those."""
        return self.filter(merged_into__isnull=True)

    def working_below(self, unit: Unit, *, on: date) -> PersonQuerySet:
        """People with a primary membership in the unit's subtree that day."""
        from people.models.membership import Membership

        return self.filter(
            pk__in=Membership.objects.primary_on(on).below(unit, on=on).values("person")
        )

    def visible_to(self, viewer: User, *, on: date) -> PersonQuerySet:
        """People whose records the viewer may read: herself and those in her scopes that day.

        Aggregate viewers see figures, never people. Closed accounts see nobody.
        """
        from people.models.membership import Membership

        if not viewer.is_active:
            return self.none()
        if viewer.is_superuser:
            return self.unmerged()
        in_scope = Membership.objects.filter(held_on(on)).visible_to(viewer, on=on)
        return self.filter(models.Q(pk__in=in_scope.values("person")) | models.Q(user=viewer))

    def managed_by(self, viewer: User, *, on: date) -> PersonQuerySet:
        """People for whom the viewer may act, by scopes that are more than read-only."""
        from people.models.membership import Membership

        if not viewer.is_active:
            return self.none()
        if viewer.is_superuser:
            return self.unmerged()
        in_scope = Membership.objects.filter(held_on(on)).managed_by(viewer, on=on)
        return self.filter(pk__in=in_scope.values("person"))

    def found_by(self, words: str) -> PersonQuerySet:
        """Every word, without regard to marks and order, occurs in the name or the code.

        Whoever took others in is found by what these were called, too.
        """
        merged = Person.objects.filter(merged_into__isnull=False)
        people = self
        for word in folded(words).split():
            here = models.Q(search_text__contains=word)
            there = models.Q(pk__in=merged.filter(here).values("merged_into"))
            people = people.filter(here | there)
        return people


class Person(models.Model):
    """Someone on a roster. Holds no ethnicity, religion, party membership or salary.

    `code` is text: it may begin with zeros. `sort_key` and `search_text` are derived on save; bulk
    writes call `derive()` themselves. `merged_into`: this row turned out to be that person, holds
    nothing any more, and its code means her; written by `people.services.merging` alone, and never
    of more than one step.
    """

    code = models.CharField(_("mã nhân sự"), max_length=40, unique=True)
    family_name = models.CharField(_("họ"), max_length=60, blank=True)
    middle_name = models.CharField(_("tên đệm"), max_length=100, blank=True)
    given_name = models.CharField(_("tên"), max_length=60)
    sex = models.CharField(_("giới tính"), max_length=6, choices=Sex)
    birth_date = models.DateField(_("ngày sinh"), null=True, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    phone = models.CharField(_("số điện thoại"), max_length=20, blank=True)
    is_core_trainer = models.BooleanField(_("giảng viên nguồn"), default=False)
    is_core_teacher = models.BooleanField(_("giáo viên nòng cốt"), default=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("đã gộp vào"),
        on_delete=models.PROTECT,
        related_name="merged_people",
        null=True,
        blank=True,
        editable=False,
    )
    sort_key = models.CharField(max_length=500, editable=False, db_index=True)
    search_text = models.CharField(max_length=300, editable=False)

    # What a list may say of her, and what follows from that.
    RECORD = ("family_name", "middle_name", "given_name", "sex", "birth_date", "email", "phone")
    DERIVED = ("sort_key", "search_text")

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhân sự")
        verbose_name_plural = _("nhân sự")
        ordering = ["sort_key", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sex__in=["male", "female"]), name="person_sex_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("id")),
                name="person_is_not_merged_into_herself",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.family_name, self.middle_name, self.given_name]))

    @property
    def survivor(self) -> Person:
        """Whom this row means: the person it was merged into, else itself."""
        return self.merged_into or self

    @property
    def masked_code(self) -> str:
        """The code as lists show it: a national number keeps its first and last three digits."""
        if self.code.isdigit() and len(self.code) in NATIONAL_NUMBER_LENGTHS:
            return f"{self.code[:3]}{'•' * (len(self.code) - 6)}{self.code[-3:]}"
        return self.code

    def derive(self) -> None:
        """Set the sort key and the search text from name and code."""
        self.sort_key = sort_key(NameParts(self.family_name, self.middle_name, self.given_name))
        self.search_text = folded(f"{self.full_name} {self.code}")
