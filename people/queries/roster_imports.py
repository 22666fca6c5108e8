"""What a list on its way in would do, as the screens ask: figures, changes, rows refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from people.dates import held_on
from people.imports.layout import Layout
from people.models import (
    ListedUnit,
    Membership,
    Person,
    RosterChange,
    RosterImport,
    RosterLayout,
    RosterRejection,
    Unit,
    UnitVersion,
    User,
    Verdict,
)
from people.models.membership import MembershipQuerySet
from people.names import title_key

DUPLICATES = "duplicates"  # of `changes_called`: new people who may be known under another code


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people a unit has on the day of the list, and would have by it."""

    code: str
    name: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


def imports_of(viewer: User, *, on: date) -> QuerySet[RosterImport]:
    """The latest first, each with the name its unit bears that day."""
    names = UnitVersion.objects.filter(held_on(on), unit=OuterRef("unit")).values("name")
    return RosterImport.objects.visible_to(viewer).annotate(unit_name=Subquery(names[:1]))


def may_open(viewer: User, roster_import: RosterImport, *, on: date) -> bool:
    """Whether every unit whose list she brought is hers and was on the day of the list; of one that
    has closed since, on its last day."""
    managed = Unit.objects.all()
    for day in (on, roster_import.as_of):
        managed &= Unit.objects.managed_by(viewer, on=day, or_nearest=True)
    listed = ListedUnit.objects.filter(roster_import=roster_import)
    if listed.exclude(unit__in=managed.values("pk")).exists():
        return False
    return roster_import.unit_id is None or managed.filter(pk=roster_import.unit_id).exists()


def units_to_list(viewer: User, *, on: date) -> list[Unit]:
    """Open units whose people the viewer manages; named, in alphabetical order."""
    units = Unit.objects.managed_by(viewer, on=on).open_on(on).named_on(on)
    return sorted((unit for unit in units if unit.name), key=lambda unit: title_key(unit.name))  # type: ignore[attr-defined]


def changes_called(roster_import: RosterImport, kind: str) -> QuerySet[RosterChange]:
    """Of one verdict, or the possible duplicates; by name."""
    changes = RosterChange.objects.filter(roster_import=roster_import).order_by("sort_key", "pk")
    if kind == DUPLICATES:
        return changes.exclude(duplicate_of="")
    return changes.filter(verdict=kind)


def headcounts(roster_import: RosterImport) -> list[Headcount]:
    """Of each unit that the list names, the most changed first; two queries."""
    listed = ListedUnit.objects.filter(roster_import=roster_import)
    counted = {each.unit_id: (each.people_before, each.people_after) for each in listed}
    units = Unit.objects.filter(pk__in=listed.values("unit")).named_on(roster_import.as_of)
    found = [
        Headcount(unit.code, unit.name or unit.code, *counted[unit.pk])  # type: ignore[attr-defined]
        for unit in units
    ]
    return sorted(found, key=lambda each: (-abs(each.difference), title_key(each.name)))


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of the file with all that is wrong with it. Row 0 is the file itself. `name` is whom it
    means, as the file has it."""

    row: int
    cells: list[Any]
    problems: list[RosterRejection]
    name: str = ""

    @property
    def columns(self) -> str:
        return "; ".join(filter(None, (each.column for each in self.problems)))

    @property
    def advice(self) -> str:
        return " ".join(each.message for each in self.problems)


def refused_row_numbers(roster_import: RosterImport) -> QuerySet[RosterRejection, int]:
    rows = RosterRejection.objects.filter(roster_import=roster_import)
    return rows.order_by("row").values_list("row", flat=True).distinct()


def refused_rows(roster_import: RosterImport, numbers: Iterable[int] | None) -> list[RefusedRow]:
    """Those rows (None: all), in the file's order."""
    rejections = RosterRejection.objects.filter(roster_import=roster_import)
    if numbers is not None:
        rejections = rejections.filter(row__in=list(numbers))
    by_row: dict[int, list[RosterRejection]] = defaultdict(list)
    for each in rejections.order_by("row", "pk"):
        by_row[each.row].append(each)
    layout = Layout.from_json(roster_import.layout) if roster_import.layout else None
    return [_refused(row, problems, layout) for row, problems in by_row.items()]


def _refused(row: int, problems: list[RosterRejection], layout: Layout | None) -> RefusedRow:
    cells: list[Any] = next((each.cells for each in problems if each.cells), [])
    return RefusedRow(row, cells, problems, layout.name_in(cells) if layout else "")


def known_by_code(codes: Iterable[str], viewer: User, *, on: date) -> dict[str, Person]:
    """Those whose records the viewer may read."""
    people = Person.objects.filter(code__in=list(codes))
    return {person.code: person for person in people.visible_to(viewer, on=on).distinct()}


def people_of(unit: Unit, viewer: User, *, on: date) -> MembershipQuerySet:
    """Who counts in the unit itself that day and is the viewer's to manage, in official order."""
    here = Membership.objects.primary_on(on).filter(unit=unit).managed_by(viewer, on=on)
    return here.order_by("person__sort_key", "person__code")


def layout_remembered(unit: Unit | None, signature: str) -> RosterLayout | None:
    if unit is None:
        return None
    return RosterLayout.objects.filter(unit=unit, signature=signature).first()


LISTED = [Verdict.NEW, Verdict.MOVED, Verdict.CHANGED, Verdict.LEFT]
