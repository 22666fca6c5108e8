"""A lesson: for whoever is signed in. Reading it is recorded when the learner says so."""

from __future__ import annotations

import uuid
from math import ceil
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import get_text_for_indexing

from cms_pages.blocks import LESSON_BLOCKS, LegalBasisBlock
from cms_pages.models.base import CodedPage
from cms_pages.models.step import StepPage
from cms_pages.richtext import INLINE, LISTS

SYLLABLES_A_MINUTE = 220  # Vietnamese, silently, to learn rather than to skim


class LessonPage(StepPage):
    objectives = RichTextField(_("mục tiêu"), features=LISTS, blank=True)
    opening = RichTextField(
        _("mở bài"), features=INLINE, blank=True, help_text=_("Vì sao việc này có mặt ở lớp mình.")
    )
    body = StreamField(LESSON_BLOCKS, verbose_name=_("nội dung"), blank=True)
    takeaways = RichTextField(_("ghi nhớ"), features=LISTS, blank=True)
    legal_bases = StreamField([("basis", LegalBasisBlock())], verbose_name=_("căn cứ"), blank=True)
    reviewed_on = models.DateField(_("ngày rà soát nội dung"), null=True, blank=True)
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)

    template = "cms_pages/lesson_page.html"
    content_panels = [
        *CodedPage.content_panels,
        FieldPanel("code"),
        FieldPanel("objectives"),
        FieldPanel("opening"),
        FieldPanel("body"),
        FieldPanel("takeaways"),
        MultiFieldPanel(
            [FieldPanel("legal_bases"), FieldPanel("reviewed_on")], heading=_("Căn cứ")
        ),
    ]

    class Meta:
        verbose_name = _("bài học")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.reading_minutes = max(1, ceil(self.count_syllables() / SYLLABLES_A_MINUTE))
        super().full_clean(*args, **kwargs)

    def count_syllables(self) -> int:
        texts = [
            get_text_for_indexing(html) for html in (self.objectives, self.opening, self.takeaways)
        ]
        texts += self.body.stream_block.get_searchable_content(self.body)
        return sum(len(text.split()) for text in texts)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        module_page = context["module_page"]
        return context | {
            # A form is sent again with the same id when the reply was lost, so it is made here.
            "evidence_id": uuid.uuid4(),
            # A lesson that names no document stands on those of its module.
            "bases": self.legal_bases or (module_page.legal_bases if module_page else []),
            "are_modules_bases": not self.legal_bases,
        }
