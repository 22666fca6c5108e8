"""A module: public; what it asks of whom is the catalogue's and only shown here."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from cms_pages.blocks import LegalBasisBlock
from cms_pages.models.base import CodedPage
from cms_pages.panels import QuestionsPanel, RequirementPanel
from cms_pages.richtext import INLINE, LISTS
from cms_pages.showing import page_path, reader_of, required_of, standing_of, steps_of


class ModulePage(CodedPage):
    class NoticeKind(models.TextChoices):
        MEDICAL = "medical", _("Lưu ý y tế")
        CONTENT_WARNING = "content_warning", _("Cảnh báo nội dung")

    description = RichTextField(_("mô tả"), features=INLINE, blank=True)
    outcomes = RichTextField(_("kết quả mong đợi"), features=LISTS, blank=True)
    notice_kind = models.CharField(_("kiểu lưu ý"), max_length=20, choices=NoticeKind, blank=True)
    notice = RichTextField(
        _("lưu ý"), features=INLINE, blank=True, help_text=_("Hiện ở đầu mọi bài của chuyên đề.")
    )
    legal_bases = StreamField(
        [("basis", LegalBasisBlock())],
        verbose_name=_("căn cứ"),
        blank=True,
        help_text=_("Hiện ở những bài không có căn cứ riêng."),
    )
    periods = models.PositiveSmallIntegerField(_("số tiết (45 phút)"), default=0)
    always_shows_111 = models.BooleanField(_("luôn hiện số 111 và lối thoát nhanh"), default=False)

    template = "cms_pages/module_page.html"
    parent_page_types = ["cms_pages.CoursePage"]
    subpage_types = ["cms_pages.LessonPage", "cms_pages.QuizPage"]
    content_panels = [
        *CodedPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("periods"), FieldPanel("always_shows_111")],
            heading=_("Chuyên đề"),
        ),
        FieldPanel("description"),
        FieldPanel("outcomes"),
        MultiFieldPanel([FieldPanel("notice_kind"), FieldPanel("notice")], heading=_("Lưu ý")),
        FieldPanel("legal_bases"),
        RequirementPanel(),
        QuestionsPanel(),
    ]

    class Meta:
        verbose_name = _("chuyên đề")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        steps = steps_of(self)
        standing = standing_of(reader_of(request), steps, at=timezone.now())
        return super().get_context(request, *args, **kwargs) | {
            "module_page": self,
            "course_title": steps[0].activity.module.course.title if steps else "",
            "course_url": page_path(self).rstrip("/").rpartition("/")[0] + "/",
            "steps": steps,
            "standing": standing,
            "next_step": next((step for step in steps if not standing.done_at(step)), None),
            "minutes": sum(step.activity.minutes or 0 for step in steps),
            "required_of": required_of(self.translation_key, on=timezone.localdate()),
        }
