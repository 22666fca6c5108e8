"""A course: public, with her progress for whoever is signed in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from cms_pages.blocks import LegalBasisBlock
from cms_pages.models.base import CodedPage
from cms_pages.models.module import ModulePage
from cms_pages.showing import course_progress, reader_of


class CoursePage(CodedPage):
    summary = models.TextField(_("tóm tắt"), blank=True)
    validity_months = models.PositiveSmallIntegerField(
        _("thời hạn giá trị (tháng)"),
        null=True,
        blank=True,
        help_text=_("Để trống: giấy chứng nhận không hết hạn."),
    )
    legal_bases = StreamField([("basis", LegalBasisBlock())], verbose_name=_("căn cứ"), blank=True)
    reviewed_on = models.DateField(_("ngày rà soát nội dung"), null=True, blank=True)

    template = "cms_pages/course_page.html"
    parent_page_types = ["cms_pages.CourseIndexPage"]
    subpage_types = ["cms_pages.ModulePage"]
    content_panels = [
        *CodedPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("validity_months"), FieldPanel("reviewed_on")],
            heading=_("Khóa bồi dưỡng"),
        ),
        FieldPanel("summary"),
        FieldPanel("legal_bases"),
    ]

    class Meta:
        verbose_name = _("khóa bồi dưỡng")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        modules = list(ModulePage.objects.child_of(self).live().order_by("path"))
        progress = course_progress(reader_of(request), self.translation_key, at=timezone.now())
        return super().get_context(request, *args, **kwargs) | {
            "modules": [(module, progress.of(module.translation_key)) for module in modules],
            "periods": sum(module.periods for module in modules),
            "progress": progress,
        }
