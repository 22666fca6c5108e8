"""Questions: an identity, and versions that never change. An edit is another version."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.append_only import AppendOnly


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("Một lựa chọn")
    MULTIPLE = "multiple", _("Nhiều lựa chọn")
    TRUE_FALSE = "true_false", _("Đúng/Sai")


class Difficulty(models.TextChoices):
    EASY = "easy", _("dễ")
    MEDIUM = "medium", _("vừa")
    HARD = "hard", _("khó")


class Question(models.Model):
    """A question of a bank, known by its code (`KH1-C01`) through all its versions."""

    bank = models.CharField(_("ngân hàng câu hỏi"), max_length=40, db_index=True)
    code = models.CharField(_("mã câu hỏi"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("câu hỏi")
        verbose_name_plural = _("câu hỏi")
        ordering = ["bank", "code"]

    def __str__(self) -> str:
        return self.code

    def latest(self) -> QuestionVersion:
        """The version that a new paper takes. Raises `DoesNotExist` when there is none."""
        return self.versions.latest("number")


class QuestionVersion(AppendOnly):
    """What a question asked, from one edit to the next; attempts keep the version they were given.

    True/false questions have two options too, with the ids of `TRUE` and `FALSE`.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=QuestionKind)
    scenario = models.TextField(blank=True)
    stem = models.TextField()
    feedback = models.TextField(blank=True)
    sources = models.JSONField(default=list)
    difficulty = models.CharField(max_length=10, choices=Difficulty, default=Difficulty.MEDIUM)
    keep_order = models.BooleanField(default=False)
    points = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint("question", "number", name="question_version_is_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"


class Option(AppendOnly):
    """An answer to choose. `key` is stable within the question, whatever the order shown."""

    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="options")
    key = models.UUIDField(default=uuid.uuid4)
    text = models.TextField()
    is_correct = models.BooleanField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "key", name="option_key_is_unique_in_its_version")
        ]

    def __str__(self) -> str:
        return self.text[:60]
