"""What must be learnt. Knows nothing of pages but their keys.

Descriptions (title, order, hours) are what is published now. What decides a completion (rules,
requirements) is append-only and dated: a row is added, never changed.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.rules import RuleKind
from people.models.append_only import AppendOnly


class Course(models.Model):
    """Khóa bồi dưỡng. `key` is the translation key of its page."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("mã"), max_length=20, unique=True)
    title = models.CharField(_("tên"), max_length=200)
    validity_months = models.PositiveSmallIntegerField(
        _("thời hạn giá trị (tháng)"),
        null=True,
        blank=True,
        help_text=_("Để trống: không hết hạn."),
    )
    is_published = models.BooleanField(_("đang đăng"), default=True)

    class Meta:
        verbose_name = _("khóa bồi dưỡng")
        verbose_name_plural = _("khóa bồi dưỡng")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    def get_absolute_url(self) -> str:
        """Leads to the page, wherever it is now: records know its key alone."""
        return reverse("learn", args=[self.key])


class Module(models.Model):
    """Chuyên đề of a course. `key` is the translation key of its page."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="modules")
    code = models.CharField(_("mã"), max_length=20, unique=True)
    title = models.CharField(_("tên"), max_length=200)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    periods = models.PositiveSmallIntegerField(_("số tiết (45 phút)"), default=0)
    is_published = models.BooleanField(_("đang đăng"), default=True)

    class Meta:
        verbose_name = _("chuyên đề")
        verbose_name_plural = _("chuyên đề")
        ordering = ["course", "position", "code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    def get_absolute_url(self) -> str:
        """Leads to the page, wherever it is now: records know its key alone."""
        return reverse("learn", args=[self.key])


class ActivityKind(models.TextChoices):
    LESSON = "lesson", _("Bài học")
    QUIZ = "quiz", _("Bài kiểm tra")


class Activity(models.Model):
    """Something to do in a module: a whole page, or one block of it.

    Found by (`page_key`, `block_key`): the page's translation key and the block's id (empty for the
    whole page), because copies and translations of a page keep identical block ids.
    """

    page_key = models.UUIDField(editable=False)
    block_key = models.CharField(max_length=36, blank=True, editable=False)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(_("kiểu"), max_length=20, choices=ActivityKind)
    code = models.CharField(_("mã"), max_length=40, blank=True)
    title = models.CharField(_("tên"), max_length=255)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    minutes = models.PositiveSmallIntegerField(_("số phút"), default=0)
    is_published = models.BooleanField(_("đang đăng"), default=True)

    class Meta:
        verbose_name = _("hoạt động")
        verbose_name_plural = _("hoạt động")
        ordering = ["module", "position", "pk"]
        constraints = [
            models.UniqueConstraint("page_key", "block_key", name="activity_of_one_page_or_block")
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}" if self.code else self.title

    def get_absolute_url(self) -> str:
        """Leads to the page, wherever it is now: records know its key alone."""
        return reverse("learn", args=[self.page_key])


class ActivityRule(AppendOnly):
    """From `effective_at` on: whether the activity is required, of which module, and its rule."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="rules")
    effective_at = models.DateTimeField()
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="activity_rules")
    is_required = models.BooleanField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in RuleKind])
    pass_mark_tenths = models.PositiveSmallIntegerField(
        null=True, help_text="Of the ten-point scale, in tenths: 50 is 5,0."
    )
    accepts_reported = models.BooleanField(default=False)

    class Meta:
        ordering = ["effective_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="score")
                | models.Q(pass_mark_tenths__isnull=False, pass_mark_tenths__lte=100),
                name="score_rule_has_a_pass_mark_up_to_ten",
            )
        ]
        indexes = [models.Index(fields=["activity", "effective_at"], name="rule_of_activity")]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.kind} {self.effective_at:%Y-%m-%d %H:%M}"


class ModuleRequirement(AppendOnly):
    """From `started_on` on: of whom a module is required.

    `clauses`: list of {"groups": […], "positions": […], "kinds": […]}; see
    `courses.rules.is_required_of`. An empty list requires it of nobody, `[{}]` of everyone. Of two
    rows with the same day the later written holds.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="requirements")
    started_on = models.DateField()
    clauses = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["started_on", "pk"]

    def __str__(self) -> str:
        return f"{self.module_id} {self.started_on}"
