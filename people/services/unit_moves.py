"""Moving what stands in a unit, people and units, to another from a day on."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from people.dates import day_before
from people.models import Membership, Unit, UnitVersion
from people.queries.units import members_from
from people.services.unit_acts import UnitAct
from people.services.unit_timelines import write_timelines

A_BATCH = 500


def move_units(act: UnitAct, source: Unit, target: Unit) -> None:
    """Whatever hangs from the source on the day or would do later."""
    versions = UnitVersion.objects.filter(parent=source).exclude(ended_on__lt=act.on)
    children = Unit.objects.filter(versions__in=versions).distinct()
    for child in children.order_by("pk"):
        timeline = act.timeline(child)
        current = timeline.on(act.on)
        if current is not None and current.parent_id == source.pk:
            act.change(child, parent=target)
            timeline = act.timeline(child)
        for version in timeline.versions:
            if version.started_on > act.on and version.parent_id == source.pk:
                timeline.change(on=version.started_on, parent=target)
        write_timelines([timeline])
        act.regroup(child)
        act.effects.moved_units.append(child)


def move_people(act: UnitAct, found: QuerySet[Membership], target: Unit) -> set[int]:
    """Group, position and status stay. Whoever came on the day itself or comes later is moved in
    place: she never was in the old unit."""
    rows = list(found.select_for_update())
    for start in range(0, len(rows), A_BATCH):
        batch = rows[start : start + A_BATCH]
        later = [row.pk for row in batch if row.started_on >= act.on]
        Membership.objects.filter(pk__in=later).update(unit=target)
        leaving = [row for row in batch if row.started_on < act.on]
        ending = Membership.objects.filter(pk__in=[row.pk for row in leaving])
        ending.update(ended_on=day_before(act.on))
        Membership.objects.bulk_create([_continued(row, target, act.on) for row in leaving])
    people = {row.person_id for row in rows}
    _drop_doubled(act, people, target)
    act.effects.people |= people
    return people


def _continued(row: Membership, target: Unit, on: date) -> Membership:
    return Membership(
        person_id=row.person_id,
        unit=target,
        staff_group=row.staff_group,
        position=row.position,
        position_title=row.position_title,
        status=row.status,
        started_on=on,
        ended_on=row.ended_on,
        is_primary=row.is_primary,
    )


def _drop_doubled(act: UnitAct, people: set[int], target: Unit) -> None:
    """Who had a second post in the other unit has one post in the one that is left of them."""
    rows = members_from(target, act.on).filter(person__in=people)
    several: dict[int, list[Membership]] = {}
    for row in rows.order_by("-is_primary", "started_on", "pk"):
        several.setdefault(row.person_id, []).append(row)
    for mine in several.values():
        kept: list[Membership] = []
        for row in mine:
            if row.is_primary or not any(_covers(other, row, act.on) for other in kept):
                kept.append(row)
            elif row.started_on < act.on:
                row.ended_on = day_before(act.on)
                row.save(update_fields=["ended_on"])
            else:
                row.delete()


def _covers(other: Membership, row: Membership, on: date) -> bool:
    """On all the days of `row` from the day on."""
    begins = max(other.started_on, on) <= max(row.started_on, on)
    return begins and (other.ended_on or date.max) >= (row.ended_on or date.max)
