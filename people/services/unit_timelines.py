"""What is true of units from a day to a day: changed in memory, written together.

A list of two thousand units changes as many versions; asked one by one they would hold the
database's only write lock for seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from people.dates import day_before
from people.models import Unit, UnitVersion

VERSION_FIELDS = (
    "name",
    "kind",
    "sector",
    "levels",
    "parent_id",
    "attributes",
    "deciding_document",
)
A_BATCH = 250  # rows in one statement


class Timeline:
    """One unit's versions, the earliest first. `write_timelines` stores what was changed."""

    def __init__(self, unit: Unit, versions: Iterable[UnitVersion]) -> None:
        self.unit = unit
        self.versions = sorted(versions, key=lambda each: each.started_on)
        self.changed: dict[UnitVersion, set[str]] = defaultdict(set)
        self.gone: list[UnitVersion] = []
        self.unit_fields: set[str] = set()

    @property
    def last(self) -> UnitVersion | None:
        return self.versions[-1] if self.versions else None

    def on(self, day: date) -> UnitVersion | None:
        """What is true that day; None before the unit opened and after it closed."""
        for version in self.versions:
            if version.started_on <= day and (version.ended_on is None or version.ended_on >= day):
                return version
        return None

    def after(self, day: date) -> UnitVersion | None:
        """The first version that begins later than the day."""
        return next((each for each in self.versions if each.started_on > day), None)

    def change(self, *, on: date, **facts: Any) -> UnitVersion:
        """From `on`, the given facts hold; the version before ends the day before.

        A version that already starts on `on` is corrected in place. Later versions are left alone:
        the new one ends where the next begins.
        """
        # A parent given as an object must win over the parent_id carried on from before.
        if "parent" in facts:
            parent = facts.pop("parent")
            facts["parent_id"] = parent.pk if parent else None
        earlier = [each for each in self.versions if each.started_on <= on]
        current = earlier[-1] if earlier else None
        if current is not None and current.started_on == on:
            self._set(current, **facts)
            return current
        following = self.after(on)
        ended_on = day_before(following.started_on) if following else self.unit.closed_on
        known = {name: getattr(current, name) for name in VERSION_FIELDS} if current else {}
        if current is not None:
            self._set(current, ended_on=day_before(on))
        version = UnitVersion(
            unit=self.unit, started_on=on, ended_on=ended_on, **{**known, **facts}
        )
        self.versions.insert(len(earlier), version)
        return version

    def end(self, last_day: date) -> None:
        """The unit's last day. Versions that would have begun later go; the last of what remains
        ends then, whether it was open or ended at an earlier last day that turned out wrong."""
        self.gone += [each for each in self.versions if each.started_on > last_day and each.pk]
        self.versions = [each for each in self.versions if each.started_on <= last_day]
        if self.last is not None:
            self._set(self.last, ended_on=last_day)
        self.unit.closed_on = last_day
        self.unit_fields.add("closed_on")

    def open_from(self, day: date) -> None:
        """What held from the opening holds from the earlier one; what was not known of the opening
        is not known of an earlier one."""
        if self.versions and self.versions[0].started_on == self.unit.opened_on:
            self._set(self.versions[0], started_on=day)
        self.unit.opened_on = day
        self.unit_fields.add("opened_on")

    def _set(self, version: UnitVersion, **facts: Any) -> None:
        for name, value in facts.items():
            if getattr(version, name) != value:
                setattr(version, name, value)
                if version.pk:
                    self.changed[version].add(name)


def timelines_of(units: Collection[Unit]) -> dict[int, Timeline]:
    """By the key of the unit (1 query for some hundreds of units)."""
    versions: dict[int, list[UnitVersion]] = defaultdict(list)
    keys = [unit.pk for unit in units]
    for start in range(0, len(keys), A_BATCH):
        for version in UnitVersion.objects.filter(unit__in=keys[start : start + A_BATCH]):
            versions[version.unit_id].append(version)
    return {unit.pk: Timeline(unit, versions[unit.pk]) for unit in units}


def write_timelines(timelines: Iterable[Timeline]) -> None:
    """What went first, then what shrank, then what is new: no two versions ever share a day."""
    timelines = list(timelines)
    _delete([each for timeline in timelines for each in timeline.gone])
    alike: dict[frozenset[str], list[Any]] = defaultdict(list)
    for timeline in timelines:
        for version, fields in timeline.changed.items():
            alike[frozenset(fields)].append(version)
    for names, versions in alike.items():
        UnitVersion.objects.bulk_update(versions, sorted(names), batch_size=A_BATCH)
    new = [each for timeline in timelines for each in timeline.versions if not each.pk]
    UnitVersion.objects.bulk_create(new, batch_size=A_BATCH)
    for timeline in timelines:
        if timeline.unit_fields:
            timeline.unit.save(update_fields=sorted(timeline.unit_fields))


def _delete(versions: list[UnitVersion]) -> None:
    keys = [each.pk for each in versions]
    for start in range(0, len(keys), A_BATCH):
        UnitVersion.objects.filter(pk__in=keys[start : start + A_BATCH]).delete()
