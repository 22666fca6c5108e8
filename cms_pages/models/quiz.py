"""A quiz: the page says what it asks and how; taking and marking it is `activities.quiz`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from activities.quiz.models import Question
from activities.quiz.queries import quiz_state
from cms_pages.models.base import CodedPage
from cms_pages.models.step import StepPage
from cms_pages.panels import QuestionsPanel
from cms_pages.richtext import TEXT
from cms_pages.showing import reader_of


class QuizPage(StepPage):
    bank = models.CharField(_("ngân hàng câu hỏi"), max_length=40)
    question_codes = models.JSONField(
        _("mã câu hỏi"),
        default=list,
        blank=True,
        help_text=_("Theo thứ tự hỏi. Danh sách rỗng [] lấy mọi câu của ngân hàng."),
    )
    pass_mark_tenths = models.PositiveSmallIntegerField(
        _("điểm đạt, tính bằng phần mười"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("50 là 5,0 trên thang điểm 10."),
    )
    attempt_limit = models.PositiveSmallIntegerField(
        _("số lượt tối đa"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Để trống: không giới hạn."),
    )
    intro = RichTextField(_("lời dẫn"), features=TEXT, blank=True)

    template = "cms_pages/quiz_page.html"
    content_panels = [
        *CodedPage.content_panels,
        FieldPanel("code"),
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("bank"),
                FieldPanel("question_codes"),
                FieldPanel("pass_mark_tenths"),
                FieldPanel("attempt_limit"),
            ],
            heading=_("Bài kiểm tra"),
        ),
        QuestionsPanel(),
    ]

    class Meta:
        verbose_name = _("bài kiểm tra")

    def clean(self) -> None:
        super().clean()
        if not isinstance(self.question_codes, list):
            raise ValidationError(
                {"question_codes": _('Hãy ghi một danh sách mã, ví dụ ["KH1-C01"].')}
            )
        unknown = set(self.question_codes) - set(known_codes(self.question_codes))
        if unknown:
            message = _("Không có câu hỏi mang mã: %(codes)s. Hãy kiểm tra lại.")
            raise ValidationError(
                {"question_codes": message % {"codes": ", ".join(sorted(map(str, unknown)))}}
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        activity = context["activity"]
        if activity is not None and not context["is_preview"]:
            context["state"] = quiz_state(
                reader_of(request), activity, at=timezone.now(), runs=context["standing"].runs
            )
        return context


def known_codes(codes: list[str]) -> list[str]:
    """Those of the codes under which a question can be asked."""
    questions = Question.objects.filter(code__in=codes, versions__isnull=False)
    return list(questions.values_list("code", flat=True).distinct())


def bank_codes(bank: str) -> list[str]:
    """Codes of the bank's questions that can be asked, in order."""
    questions = Question.objects.filter(bank=bank, versions__isnull=False)
    return list(questions.order_by("code").values_list("code", flat=True).distinct())
