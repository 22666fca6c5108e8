"""Panels of the page editor that show what is decided elsewhere."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from courses.models import ModuleRequirement
from people.models import Position, StaffGroup, UnitKind

LABELS = {"groups": StaffGroup, "positions": Position, "kinds": UnitKind}


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
                    (row.started_on, [_in_words(clause) for clause in row.clauses])
                    for row in rows.order_by("started_on", "pk")
                ]
            }


def _in_words(clause: dict[str, list[str]]) -> str:
    """ "Giáo viên; Tiểu học, THCS", or "mọi người" for a clause without conditions."""
    parts = [
        ", ".join(str(LABELS[key](value).label) for value in values)
        for key, values in clause.items()
    ]
    return "; ".join(parts) or str(_("mọi người"))
