"""Attempts: a paper frozen at the start, answers saved as they are given, one submission."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activities.quiz.models.questions import QuestionVersion
from activities.quiz.models.quizzes import QuizVersion
from courses.models import Activity, Enrolment
from people.models.append_only import AppendOnly


class Attempt(models.Model):
    """One go at a quiz. `id` is also the id of the evidence that its submission writes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attempts")
    quiz_version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("lượt"))
    started_at = models.DateTimeField(_("bắt đầu"))
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True)
    points = models.PositiveIntegerField(null=True, blank=True)
    possible = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("lượt làm bài")
        verbose_name_plural = _("lượt làm bài")
        ordering = ["enrolment", "activity", "number"]
        constraints = [
            models.UniqueConstraint(
                "enrolment", "activity", "number", name="attempt_is_numbered_once"
            ),
            models.UniqueConstraint(
                "enrolment",
                "activity",
                condition=Q(submitted_at__isnull=True),
                name="one_attempt_is_open_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, points__isnull=True)
                | Q(submitted_at__isnull=False, points__lte=F("possible"), possible__gt=0),
                name="submitted_attempt_has_its_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} #{self.number} ({self.enrolment_id})"


class AttemptQuestion(models.Model):
    """A question on an attempt's paper: its version, the options' order, the answer so far.

    `answer` is a list of option keys (strings); empty until answered. Frozen once submitted.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="paper")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    option_order = models.JSONField(default=list)
    answer = models.JSONField(default=list, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    points = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint("attempt", "position", name="paper_position_is_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} #{self.position}"


class AttemptGrant(AppendOnly):
    """Another attempt beyond the limit, granted to a learner by a trainer or her principal."""

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="attempt_grants"
    )
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attempt_grants")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField()
    reason = models.CharField(_("lý do"), max_length=200)

    class Meta:
        verbose_name = _("lượt được cấp thêm")
        verbose_name_plural = _("lượt được cấp thêm")

    def __str__(self) -> str:
        return f"+1 {self.activity_id} ({self.enrolment_id})"
