"""How a figure is shown: its bar, what is still missing, who can act on an unmet rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _

from courses.rules import RuleKind
from people.models import MembershipStatus, Sector, UnitKind
from reports.coverage import Coverage, weekly_pace
from reports.models import Target

register = template.Library()


@register.inclusion_tag("reports/_bar.html")
def coverage_bar(coverage: Coverage, ticks: list[int]) -> dict[str, Any]:
    """A bar from 0 to 100 % with a line at each tick. Lengths are SVG percentages, as text: a
    localised number would have a comma."""
    tenths = coverage.percent_tenths or 0
    return {
        "coverage": coverage,
        "length": f"{tenths // 10}.{tenths % 10}%",
        "ticks": [(tick, f"{tick}%", coverage.reaches(tick)) for tick in ticks],
    }


@register.filter
def still_needed(coverage: Coverage, ticks: list[int]) -> list[tuple[int, int]]:
    """(people, per cent) for every threshold that is not reached."""
    return [(coverage.missing_for(tick), tick) for tick in ticks if not coverage.reaches(tick)]


@register.simple_tag
def pace(coverage: Coverage, target: Target, as_of: date) -> dict[str, int | None]:
    """People who must still complete for the target, and how many a week; None once it is past."""
    missing = coverage.missing_for(target.percent)
    return {"missing": missing, "weekly": weekly_pace(missing, as_of=as_of, due_on=target.due_on)}


@register.filter
def below(number: int, smallest: int) -> bool:
    return number < smallest


@register.filter
def who_can_act(kind: str) -> str:
    """Who can do something about an unmet rule of that kind."""
    if kind == RuleKind.ATTENDED:
        return _("Giảng viên của buổi học ghi nhận có mặt.")
    if kind == RuleKind.ACCEPTED:
        return _("Người chấm bài nhận bài.")
    return _("Người học tự làm được.")


@register.filter
def exclusions(target: Target) -> str:
    """What the target leaves out, by name."""
    kinds = [str(UnitKind(kind).label) for kind in target.excluded_unit_kinds]
    statuses = [str(MembershipStatus(status).label) for status in target.excluded_statuses]
    return ", ".join(kinds + statuses)


@register.filter
def sector_label(sector: str) -> str:
    return str(Sector(sector).label)
