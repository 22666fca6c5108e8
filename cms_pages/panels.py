"""Panels of the page editor that show what is decided elsewhere."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from activities.quiz.models import Question
from cms_pages.content_format import QuestionKind
from cms_pages.models.loads import WaitingQuestion
from courses.models import ModuleRequirement
from courses.wording import clause_in_words

# As the content files name them.
WAITING_KINDS: dict[str, Any] = {
    QuestionKind.MATCHING: _("Ghép đôi"),
    QuestionKind.ORDERING: _("Sắp xếp"),
    QuestionKind.SHORT_ANSWER: _("Trả lời ngắn"),
}


class RequirementPanel(Panel):
    """Of whom the module is required. Read-only: it changes with the course's content files."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("heading", _("Bắt buộc với"))
        super().__init__(**options)

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms_pages/admin/requirement_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            rows = ModuleRequirement.objects.filter(module__key=self.instance.translation_key)
            return context | {
                "requirements": [
                    (row.started_on, [clause_in_words(clause) for clause in row.clauses])
                    for row in rows.order_by("started_on", "pk")
                ]
            }


class QuestionsPanel(Panel):
    """How many questions the module's bank has, and which wait for a kind still to come."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("heading", _("Câu hỏi trong ngân hàng"))
        super().__init__(**options)

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms_pages/admin/questions_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            bank = getattr(self.instance, "bank", "") or self.instance.code
            askable = Question.objects.filter(bank=bank, versions__isnull=False).distinct()
            return context | {
                "askable": askable.count() if bank else 0,
                "waiting": [
                    (each.code, WAITING_KINDS.get(each.kind, each.kind))
                    for each in WaitingQuestion.objects.filter(bank=bank)
                ],
            }
