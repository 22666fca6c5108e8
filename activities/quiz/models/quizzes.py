"""What a quiz consists of from an instant on, frozen when its page is published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.quiz.models.questions import Question
from courses.models import Activity
from people.models.append_only import AppendOnly


class QuizVersion(AppendOnly):
    """Settings and questions of a quiz; an attempt keeps the version it was started under.

    The pass mark that completes the activity is the `ActivityRule`'s; the one here is what the
    paper told the learner.
    """

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="quiz_versions")
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    pass_mark_tenths = models.PositiveSmallIntegerField(_("điểm đạt (phần mười)"))
    attempt_limit = models.PositiveSmallIntegerField(
        _("số lượt tối đa"), null=True, help_text=_("Để trống: không giới hạn.")
    )
    questions = models.ManyToManyField(Question, through="QuizQuestion", related_name="+")

    class Meta:
        ordering = ["activity", "number"]
        constraints = [
            models.UniqueConstraint("activity", "number", name="quiz_version_is_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(pass_mark_tenths__lte=100), name="quiz_pass_mark_is_at_most_ten"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} v{self.number}"


class QuizQuestion(AppendOnly):
    quiz_version = models.ForeignKey(
        QuizVersion, on_delete=models.PROTECT, related_name="quiz_questions"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["quiz_version", "position"]
        constraints = [
            models.UniqueConstraint(
                "quiz_version", "question", name="question_stands_once_in_a_quiz"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quiz_version_id} #{self.position}"
