"""Where the one person worked: the memberships of both, with one place on any day."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date

from django.utils.translation import gettext as _

from people.dates import local_day
from people.formats import local_days
from people.merging.plan import GONE, KEPT, MergePlan
from people.merging.timeline import END_OF_TIME, Stay, disagreements, merged
from people.models import Membership, MembershipStatus, Person, UnitVersion

QUESTION = "memberships"


def plan_memberships(plan: MergePlan) -> None:
    plan.handle("people.Membership.person")
    rows = Membership.objects.filter(person__in=plan.both).select_related("unit")
    known = {row.pk: row for row in rows.order_by("started_on", "pk")}
    leader = _leader(plan, known)
    stays = _of_all(plan, known, leader)
    _write(plan, known, stays, leader)
    for person in plan.both:
        hers = [row for row in known.values() if row.person_id == person.pk]
        plan.units |= _units_on(hers, local_day(plan.at))
    _tell(plan, known)


def _leader(plan: MergePlan, known: dict[int, Membership]) -> str:
    """Whose memberships hold where the two disagree; asked only if they do."""
    ours, theirs = _primary(known, plan.kept.pk, KEPT), _primary(known, plan.gone.pk, KEPT)
    pairs = disagreements(ours, theirs)
    if not pairs:
        return KEPT
    chosen = plan.ask(
        QUESTION,
        _("Hai hồ sơ ghi nơi công tác khác nhau trong cùng một thời gian. Theo hồ sơ nào?"),
        [(KEPT, _told(plan, known, plan.kept)), (GONE, _told(plan, known, plan.gone))],
        hint=_("Những ngày chỉ một hồ sơ ghi thì vẫn giữ như hồ sơ ấy."),
    )
    shortened = [pair[chosen != GONE] for pair in pairs]
    plan.units |= {known[stay.source].unit_id for stay in shortened}
    return chosen or KEPT


def _of_all(plan: MergePlan, known: dict[int, Membership], leader: str) -> list[Stay]:
    leading, following = plan.kept.pk, plan.gone.pk
    if leader == GONE:
        leading, following = following, leading
    stays = merged(_primary(known, leading, KEPT), _primary(known, following, GONE))
    beside = [row for row in known.values() if not row.is_primary]
    for facts in dict.fromkeys(_facts(row) for row in beside):
        alike = [row for row in beside if _facts(row) == facts]
        stays += merged(
            [_stay(row, KEPT) for row in alike if row.person_id == leading],
            [_stay(row, GONE) for row in alike if row.person_id == following],
        )
    return stays


def _write(
    plan: MergePlan, known: dict[int, Membership], stays: Iterable[Stay], leader: str
) -> None:
    """In an order in which no two primary memberships share a day after any statement: what goes,
    what gets shorter, what the leading one's become, what is new."""
    stays = list(stays)
    held = {stay.key for stay in stays}
    plan.delete(row for row in known.values() if row.pk not in held)
    for stay in sorted(stays, key=lambda each: (each.key is None, each.leads)):
        row = _as_it_will_be(plan, known[stay.source], stay)
        plan.memberships.append(row)
        if stay.key is None:
            plan.make([row])
        else:
            plan.change(
                [known[stay.key]],
                person_id=row.person_id,
                started_on=row.started_on,
                ended_on=row.ended_on,
            )


def _as_it_will_be(plan: MergePlan, like: Membership, stay: Stay) -> Membership:
    row = copy(like)
    row.pk, row.person = stay.key, plan.kept
    row.started_on = stay.first
    row.ended_on = None if stay.last == END_OF_TIME else stay.last
    return row


def _primary(known: dict[int, Membership], person: int, side: str) -> list[Stay]:
    return [_stay(row, side) for row in _of(known, person)]


def _told(plan: MergePlan, known: dict[int, Membership], person: Person) -> str:
    """The code tells the two apart: they may have worked in one school on the same days."""
    stays = _timeline(_of(known, person.pk), on=local_day(plan.at))
    return f"{person.masked_code}: {stays}"


def _of(known: dict[int, Membership], person: int) -> list[Membership]:
    return [row for row in known.values() if row.is_primary and row.person_id == person]


def _stay(row: Membership, side: str) -> Stay:
    return Stay(
        key=row.pk,
        source=row.pk,
        facts=_facts(row),
        first=row.started_on,
        last=row.ended_on or END_OF_TIME,
        leads=side == KEPT,
    )


def _facts(row: Membership) -> tuple[int, str, str, str]:
    """What rules and figures ask of; the title as a list wrote it is none of it."""
    return (row.unit_id, row.staff_group, row.status, row.position)


def _timeline(rows: list[Membership], *, on: date) -> str:
    """ "Trường A · Giáo viên, Tổ trưởng chuyên môn (01/09/2020 – nay); …", by day."""
    versions = UnitVersion.objects.filter(unit__in={row.unit_id for row in rows})
    names = {each.unit_id: each.name for each in versions.order_by("started_on")}
    return "; ".join(
        _("%(unit)s · %(post)s (%(days)s)")
        % {
            "unit": names.get(row.unit_id, row.unit.code),
            "post": post_and_status(row),
            "days": local_days(row.started_on, row.ended_on, on=on),
        }
        for row in sorted(rows, key=lambda each: each.started_on)
    )


def post_and_status(row: Membership) -> str:
    """Whoever works has no status worth telling."""
    if row.status == MembershipStatus.WORKING:
        return row.post
    return f"{row.post}, {row.get_status_display().lower()}"


def _units_on(rows: list[Membership], day: date) -> set[int]:
    """Where she works that day; for whoever works nowhere, where she worked last."""
    begun = [row for row in rows if row.started_on <= day]
    current = {row.unit_id for row in begun if row.ended_on is None or row.ended_on >= day}
    return current or {row.unit_id for row in begun[-1:]}


def _tell(plan: MergePlan, known: dict[int, Membership]) -> None:
    if any(row.person_id == plan.gone.pk for row in known.values()):
        after = [row for row in plan.memberships if row.is_primary]
        stays = _timeline(after, on=local_day(plan.at))
        plan.tell(_("Quá trình công tác sau khi gộp: %(stays)s.") % {"stays": stays})
