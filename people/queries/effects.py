"""What a change of memberships comes to, in a sentence for whoever is about to make it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from people.dates import day_after, day_before
from people.formats import local_date
from people.models import MembershipStatus, Position, StaffGroup, UnitVersion
from people.stays import Difference, Stay, Stays, differences, held_on_day

Names = Callable[[str, date], str]


def effect_in_words(before: Stays, after: Stays) -> str:
    """One sentence for each stretch of days that changes; empty if none does (1 query)."""
    found = differences(before, after)
    names = names_of_units({stay.unit for stay in [*before, *after]})
    return " ".join(f"{'; '.join(_clauses(each, after, names))}." for each in found)


def post_in_words(stay: Stay) -> str:
    """ "Giáo viên, Tổ trưởng, Nghỉ thai sản": what is usual is left unsaid."""
    group = str(StaffGroup(stay.staff_group).label)
    position = stay.position_title or str(Position(stay.position).label)
    is_said = position not in (group, str(Position.OTHER.label))
    status = "" if stay.status == MembershipStatus.WORKING else _status(stay)
    return ", ".join(filter(None, [group, position if is_said else "", status]))


def names_of_units(codes: set[str]) -> Names:
    """The name of a unit on a day; outside its life the nearest known name, at worst the code."""
    versions: dict[str, list[UnitVersion]] = {code: [] for code in codes}
    found = UnitVersion.objects.filter(unit__code__in=codes).select_related("unit")
    for version in found.order_by("started_on"):
        versions[version.unit.code].append(version)

    def name(code: str, day: date) -> str:
        known = versions[code]
        then = [version for version in known if version.started_on <= day] or known[:1]
        return then[-1].name if then else code

    return name


def _clauses(change: Difference, after: Stays, names: Names) -> list[str]:
    """What holds on those days, what stays before them, what follows."""
    clauses = [f"{_days(change)} {_what(change, names)}"]
    last_before = day_before(change.first)
    if (stay := held_on_day(after, last_before)) is not None:
        words = {"day": local_date(last_before), **_place(stay, last_before, names)}
        if change.after is not None and change.after.unit == stay.unit:
            clauses.append(_("đến hết ngày %(day)s vẫn ghi %(post)s") % words)
        else:
            clauses.append(_("đến hết ngày %(day)s vẫn tính ở %(unit)s") % words)
    if not change.is_open:
        next_day = day_after(change.last)
        following = held_on_day(after, next_day)
        if following is not None:
            words = {"day": local_date(next_day), **_place(following, next_day, names)}
            clauses.append(_("từ ngày %(day)s tính ở %(unit)s") % words)
    return clauses


def _days(change: Difference) -> str:
    words = {"first": local_date(change.first), "last": local_date(change.last)}
    if change.is_open:
        return _("Từ ngày %(first)s") % words
    if change.first == change.last:
        return _("Ngày %(first)s") % words
    return _("Từ ngày %(first)s đến hết ngày %(last)s") % words


def _what(change: Difference, names: Names) -> str:
    before, after = change.before, change.after
    if after is None:
        return _("không tính ở đơn vị nào")
    words = _place(after, change.first, names)
    if before is None:
        return _("tính ở %(unit)s là %(post)s") % words
    if before.unit == after.unit:
        return _("vẫn ở %(unit)s, ghi %(post)s") % words
    if post_in_words(before) == post_in_words(after):
        return _("tính ở %(unit)s") % words
    return _("tính ở %(unit)s là %(post)s") % words


def _place(stay: Stay, day: date, names: Names) -> dict[str, str]:
    return {"unit": names(stay.unit, day), "post": post_in_words(stay)}


def _status(stay: Stay) -> str:
    return str(MembershipStatus(stay.status).label)
