"""How a figure is shown: its bar, what is still missing, who can act on an unmet rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.queries import ModuleState
from courses.rules import RuleKind
from people.formats import local_date, local_number
from people.models import MembershipStatus, Sector, Sex, StaffGroup, UnitKind
from people.models.audit import VALUE_WORDS
from reports.coverage import Coverage, weekly_pace
from reports.models import Target, TargetChange
from reports.queries.workplace import RunProgress

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


@register.simple_tag
def compared(now: Coverage, before: Coverage | None) -> dict[str, int] | None:
    """By how many tenths of a point and how many people a figure differs from an earlier one.

    Points are those of the two figures as shown, so that whoever subtracts them gets the same.
    None when one of them is not known.
    """
    if before is None or now.percent_tenths is None or before.percent_tenths is None:
        return None
    tenths = now.percent_tenths - before.percent_tenths
    return {
        "tenths": tenths,
        "points": abs(tenths),
        "people": now.complete - before.complete,
    }


@register.simple_tag
def why_not(member: Any, target: Target) -> str:
    """Why somebody of `people_behind` does not count as complete, and how far she is."""
    if member.has_begun and member.modules_done:
        return ngettext(
            "Đang học: đã xong %(count)d chuyên đề.",
            "Đang học: đã xong %(count)d chuyên đề.",
            member.modules_done,
        ) % {"count": member.modules_done}
    if member.has_begun:
        return _("Đang học: chưa xong chuyên đề nào.")
    if member.certified_once is None:
        return _("Chưa bắt đầu học.")
    if member.certified_once < target.started_on:
        return _("Giấy chứng nhận cũ (%(day)s), cần học lại.") % {
            "day": local_date(member.certified_once)
        }
    return _("Giấy chứng nhận ngày %(day)s không còn hiệu lực, cần học lại.") % {
        "day": local_date(member.certified_once)
    }


@register.simple_tag
def run_rows(progress: RunProgress) -> list[tuple[str, int, str]]:
    """Rows of the bar chart of a run in one unit."""
    numbers = [
        (_("Đã hoàn thành"), progress.figures.complete),
        (_("Đang học"), progress.figures.in_progress),
        (_("Chưa bắt đầu"), progress.figures.not_started),
    ]
    return [(label, number, local_number(number)) for label, number in numbers]


@register.filter
def below(number: int, smallest: int) -> bool:
    return number < smallest


@register.filter
def is_tried(state: ModuleState, stuck_in: set[int]) -> bool:
    """Whether anything of the module was done, or tried until no attempt was left."""
    return bool(state.done) or any(rule.activity.pk in stuck_in for rule in state.unmet)


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
def audience(target: Target) -> list[tuple[str, str]]:
    """(label, words) of whom the target counts and leaves out; what is left out is not named where
    there is nothing."""
    everybody = _("tất cả")
    counted = [
        (_("Nhóm nhân sự"), _named(target.staff_groups, StaffGroup) or everybody),
        (_("Ngành"), _named(target.sectors, Sector) or everybody),
        (_("Loại đơn vị"), _named(target.unit_kinds, UnitKind) or everybody),
    ]
    left_out = exclusions(target)
    return [*counted, (_("Không tính"), left_out)] if left_out else counted


@register.filter
def changed_facts(change: TargetChange) -> str:
    """Names of what a change of a target changed."""
    names = [name for name, value in change.after.items() if change.before.get(name) != value]
    labels = VALUE_WORDS["changed"]
    return ", ".join(str(labels[name]).lower() for name in names)


def _named(values: list[str], choices: Any) -> str:
    return ", ".join(str(choices(value).label) for value in values)


@register.filter
def sector_label(sector: str) -> str:
    return str(Sector(sector).label)


@register.filter
def sex_label(sex: str) -> str:
    return str(Sex(sex).label)
