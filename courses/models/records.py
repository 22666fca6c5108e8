"""Who did what. Evidence is append-only; completions are decisions drawn from it, never taken back.

Nothing here refers to a page, and every foreign key is PROTECT: no edit of content can touch it.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.catalogue import Activity, Module
from courses.models.runs import CourseRun
from courses.rules import EvidenceKind
from people.models import Person
from people.models.append_only import AppendOnly


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def unmerged(self) -> EnrolmentQuerySet:
        """Without those that a merge left with the row that went: what is theirs counts for the
        person that was kept."""
        return self.filter(person__merged_into__isnull=True)


class Enrolment(models.Model):
    """A person in a run, from her first evidence on. There is one for each pair."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    run = models.ForeignKey(CourseRun, on_delete=models.PROTECT, related_name="enrolments")
    began_at = models.DateTimeField(_("bắt đầu"))

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("ghi danh")
        verbose_name_plural = _("ghi danh")
        constraints = [
            models.UniqueConstraint("person", "run", name="person_is_enrolled_in_a_run_once")
        ]
        indexes = [models.Index(fields=["run", "person"], name="enrolment_by_run")]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.run_id}"


class Evidence(AppendOnly):
    """What happened. `id` is made by whoever saw it happen, so that re-sending is harmless.

    `received_at` is the server's clock and decides; `happened_at` is the client's and only informs.
    `is_reported`: a browser or a package says so; alone it earns nothing, unless
    the rule accepts it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="evidence")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in EvidenceKind]
    )
    points = models.PositiveIntegerField(null=True)
    possible = models.PositiveIntegerField(null=True)
    is_reported = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("minh chứng")
        verbose_name_plural = _("minh chứng")
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="score")
                | Q(points__isnull=False, possible__gt=0, points__lte=F("possible")),
                name="score_lies_between_nothing_and_everything",
            )
        ]
        indexes = [
            models.Index(fields=["enrolment", "received_at", "id"], name="evidence_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.activity_id} {self.received_at:%Y-%m-%d %H:%M}"


class ActivityCompletion(models.Model):
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="activity_completions"
    )
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="completions")
    completed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("hoàn thành hoạt động")
        verbose_name_plural = _("hoàn thành hoạt động")
        constraints = [
            models.UniqueConstraint("enrolment", "activity", name="activity_completes_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.activity_id}"


class ModuleCompletion(models.Model):
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="module_completions"
    )
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="completions")
    completed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("hoàn thành chuyên đề")
        verbose_name_plural = _("hoàn thành chuyên đề")
        constraints = [models.UniqueConstraint("enrolment", "module", name="module_completes_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.module_id}"


class CourseCompletion(models.Model):
    """The run is complete for the person; `modules` are those that were required of her then."""

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, related_name="course_completion"
    )
    completed_at = models.DateTimeField()
    modules = models.JSONField(default=list, help_text="Codes of the modules required then.")

    class Meta:
        verbose_name = _("hoàn thành khóa")
        verbose_name_plural = _("hoàn thành khóa")

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.completed_at:%Y-%m-%d}"
