"""Certificates: sealed copies of what was true when they were issued or recorded."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, CourseCompletion, Module
from people.models import Person
from people.models.append_only import AppendOnly, AppendOnlyError

if TYPE_CHECKING:
    from people.models import User


FILLED_IN = {"number", "numbered_at"}  # fields of a certificate that are written later, once


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid_on(self, day: date) -> CertificateQuerySet:
        """Dated by that day, not lapsed before it, not revoked by then."""
        revoked = Revocation.objects.filter(certificate=OuterRef("pk"), effective_on__lte=day)
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            ~Exists(revoked),
            completed_on__lte=day,
        )

    def visible_to(self, viewer: User, *, on: date) -> CertificateQuerySet:
        """Her own, and those of the people whose records she may read."""
        return self.filter(person__in=Person.objects.visible_to(viewer, on=on).values("pk"))

    def issued(self) -> CertificateQuerySet:
        """Ours to print; what was recorded of training held elsewhere is not."""
        return self.filter(is_recorded=False)

    def unnumbered(self) -> CertificateQuerySet:
        """Issued, and still waiting for a number of the register."""
        return self.issued().filter(number="")


class Certificate(models.Model):
    """Issued for a completion, or recorded of training held elsewhere; both count alike.

    Everything on it is a copy and never changes; only `number` and `numbered_at` are filled in,
    once, shortly after. Whose it is changes when two rows turn out to be one person
    (`certificates.merging`). `id` is the public lookup code (122 random bits).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates")
    merged_from = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The row it was issued or recorded for, if that was merged into the person.",
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    completion = models.ForeignKey(
        CourseCompletion, on_delete=models.PROTECT, null=True, related_name="certificates"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    modules = models.ManyToManyField(Module, through="CertificateModule", related_name="+")
    completed_on = models.DateField(_("ngày hoàn thành"))
    issued_at = models.DateTimeField(_("cấp lúc"))
    valid_until = models.DateField(_("có giá trị đến hết ngày"), null=True, blank=True)
    number = models.CharField(_("số vào sổ"), max_length=60, blank=True)
    numbered_at = models.DateTimeField(null=True, blank=True)
    periods = models.PositiveSmallIntegerField(_("số tiết"), default=0)

    # What it says.
    person_name = models.CharField(_("họ và tên"), max_length=240)
    birth_date = models.DateField(_("ngày sinh"), null=True, blank=True)
    unit_name = models.CharField(_("đơn vị công tác"), max_length=200, blank=True)
    course_title = models.CharField(_("khóa bồi dưỡng"), max_length=200)
    module_titles = models.JSONField(_("chuyên đề"), default=list)
    run_title = models.CharField(_("đợt"), max_length=200, blank=True)
    trained_from = models.DateField(_("từ ngày"), null=True, blank=True)
    result = models.CharField(_("kết quả"), max_length=100, blank=True)
    issuer = models.CharField(_("cơ quan cấp"), max_length=200)
    issuer_parent = models.CharField(_("cơ quan chủ quản"), max_length=200, blank=True)
    place = models.CharField(_("nơi cấp"), max_length=100, blank=True)
    signatories = models.JSONField(_("người ký"), default=list)
    wording = models.JSONField(_("lời văn"), default=dict)

    # Training held elsewhere.
    is_recorded = models.BooleanField(_("ghi nhận từ nơi khác"), default=False)
    vouched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    evidence_file = models.FileField(
        _("tệp minh chứng"), upload_to="certificates/evidence/", blank=True
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy chứng nhận")
        verbose_name_plural = _("giấy chứng nhận")
        ordering = ["-completed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "completion",
                condition=Q(completion__isnull=False, replaces__isnull=True),
                name="completion_has_one_original_certificate",
            ),
            models.UniqueConstraint(
                "person",
                "course",
                "completed_on",
                "issuer",
                "number",
                condition=Q(is_recorded=True, replaces__isnull=True, merged_from__isnull=True),
                name="recorded_training_is_recorded_once",
            ),
            models.UniqueConstraint(
                "number",
                condition=Q(is_recorded=False) & ~Q(number=""),
                name="register_number_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(is_recorded=True, completion__isnull=True)
                | Q(is_recorded=False, completion__isnull=False),
                name="certificate_is_issued_or_recorded",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("completed_on")),
                name="certificate_lapses_after_completion",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "course", "completed_on", "valid_until"],
                name="certificate_that_counts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number or self.pk} {self.person_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once written, only the register number is filled in."""
        if not self._state.adding and not set(kwargs.get("update_fields") or ["*"]) <= FILLED_IN:
            raise AppendOnlyError(f"Certificate {self.pk} can't be changed; replace it.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"Certificate {self.pk} can't be deleted; revoke it.")


class CertificateModule(AppendOnly):
    """A module that the certificate covers."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="covers")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "certificate", "module", name="certificate_covers_a_module_once"
            )
        ]
        indexes = [models.Index(fields=["module", "certificate"], name="certificate_by_module")]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.module_id}"


class Revocation(AppendOnly):
    """From `effective_on` the certificate no longer counts (fraud: from its completion on)."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="revocation"
    )
    effective_on = models.DateField(_("có hiệu lực từ ngày"))
    reason = models.CharField(_("lý do"), max_length=300)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("thu hồi giấy chứng nhận")
        verbose_name_plural = _("thu hồi giấy chứng nhận")

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.effective_on}"


class Register(models.Model):
    """The counter of a year's register of certificates."""

    year = models.PositiveSmallIntegerField(unique=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last_number}"
