"""How stages and scores of a run are shown."""

from __future__ import annotations

from typing import Any

from django import template

from activities.quiz.models import Attempt
from activities.quiz.queries import has_passed
from people.models import StaffGroup
from reports.progress import Stage
from reports.progress_forms import STAGE_LABELS
from reports.queries.run_results import BANDS, QuizResults

BASE, TALLEST, WIDTH = 130, 110, 50  # of the chart, in its own units

register = template.Library()


@register.filter
def stage_label(stage: Stage) -> str:
    return str(STAGE_LABELS[stage])


@register.filter
def group_label(group: str | None) -> str:
    """Empty without a membership."""
    return str(StaffGroup(group).label) if group else ""


@register.filter
def is_passed(attempt: Attempt) -> bool:
    """By the pass mark that its paper told the learner."""
    return has_passed(attempt)


@register.inclusion_tag("reports/_score_bands.html")
def score_bands(results: QuizResults) -> dict[str, Any]:
    """Bars from zero, the fullest band as tall as the chart."""
    fullest = max(results.bands)
    return {
        "results": results,
        "bars": [_bar(band, count, fullest) for band, count in enumerate(results.bands)],
    }


def _bar(band: int, count: int, fullest: int) -> dict[str, Any]:
    height = count * TALLEST // fullest if fullest else 0
    return {
        "label": f"{band}–{band + 1}" if band < BANDS - 1 else f"{band}–10",
        "count": count,
        "x": str(band * WIDTH + 5),
        "middle": str(band * WIDTH + WIDTH // 2),
        "height": str(height),
        "y": str(BASE - height),
        "above": str(BASE - height - 5),
    }
