"""Units as they stood on a day: the tree, the list, and what one of them holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, QuerySet

from people.dates import day_after, held_on
from people.models import (
    Membership,
    RosterRequest,
    Scope,
    Sector,
    Unit,
    UnitClosure,
    UnitKind,
    UnitVersion,
    User,
)
from people.models.scope import reach
from people.names import folded, title_key

MOST_AT_ONCE = 300  # units of a tree on one page; what is deeper opens on its own


@dataclass(slots=True, eq=False)
class UnitNode:
    """A unit as it stood that day, with what hangs from it, by name.

    `people` who count in it directly; None where the viewer sees figures but no people.
    """

    pk: int
    code: str
    name: str
    kind: str
    sector: str
    parent: int | None
    opened_on: date
    closed_on: date | None
    people: int | None = None
    children: list[UnitNode] = field(default_factory=list)

    @property
    def kind_label(self) -> str:
        return str(UnitKind(self.kind).label)

    @property
    def sector_label(self) -> str:
        return str(Sector(self.sector).label) if self.sector else ""

    @property
    def units_below(self) -> int:
        return sum(1 + child.units_below for child in self.children)

    @property
    def people_below(self) -> int | None:
        """Of the whole subtree as far as the viewer sees people; None if nowhere."""
        known = [self.people, *(child.people_below for child in self.children)]
        seen = [each for each in known if each is not None]
        return sum(seen) if seen else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in the list of units."""

    words: str = ""
    kind: str = ""
    sector: str = ""
    standing: str = "open"  # or "closed", or "all"

    @property
    def is_everything(self) -> bool:
        return self == Wanted()

    def holds(self, node: UnitNode) -> bool:
        text = folded(f"{node.name} {node.code}")
        return (
            self.kind in ("", node.kind)
            and self.sector in ("", node.sector)
            and all(word in text for word in folded(self.words).split())
        )


def nodes_on(viewer: User, day: date) -> dict[int, UnitNode]:
    """The units that the viewer sees, as they stood that day (3 queries)."""
    visible = Unit.objects.visible_to(viewer, on=day)
    versions = UnitVersion.objects.filter(held_on(day), unit__in=visible)
    nodes = _nodes(versions)
    seen = _units_with_people_seen(viewer, on=day)
    counts = people_by_unit(viewer, on=day)
    for node in nodes.values():
        if seen is None or node.pk in seen:
            node.people = counts.get(node.pk, 0)
    return nodes


def closed_nodes(viewer: User, before: date) -> dict[int, UnitNode]:
    """Units that had closed by then and stood in the viewer's reach to the end, as they ended."""
    closed = Unit.objects.closed_before(before).visible_at_their_end_to(viewer)
    return _nodes(UnitVersion.objects.filter(unit__in=closed, ended_on=F("unit__closed_on")))


def tree_of(nodes: Iterable[UnitNode]) -> list[UnitNode]:
    """The top ones, each with its own below it; a unit whose parent isn't among them is a top."""
    by_name = sorted(nodes, key=lambda each: (title_key(each.name), each.code))
    by_key = {node.pk: node for node in by_name}
    top: list[UnitNode] = []
    for node in by_name:
        above = by_key.get(node.parent) if node.parent is not None else None
        (above.children if above else top).append(node)
    return top


def depth_shown(top: list[UnitNode], *, limit: int = MOST_AT_ONCE) -> int:
    """How many levels fit on a page; the first always does."""
    depth, level, shown = 0, top, 0
    while level and (not depth or shown + len(level) <= limit):
        depth, shown = depth + 1, shown + len(level)
        level = [child for node in level for child in node.children]
    return depth


def found_units(viewer: User, wanted: Wanted, *, on: date) -> list[UnitNode]:
    """By name; closed ones as they ended."""
    nodes: list[UnitNode] = []
    if wanted.standing in ("open", "all"):
        nodes += nodes_on(viewer, on).values()
    if wanted.standing in ("closed", "all"):
        nodes += closed_nodes(viewer, on).values()
    found = [node for node in nodes if wanted.holds(node)]
    return sorted(found, key=lambda each: (title_key(each.name), each.code))


def people_by_unit(viewer: User, *, on: date) -> dict[int, int]:
    """How many people whom the viewer sees count directly in each unit that day (1 query)."""
    rows = Membership.objects.primary_on(on)
    if not viewer.is_unlimited:
        rows = rows.visible_to(viewer, on=on)
    counted = rows.order_by().values("unit").annotate(people=Count("person", distinct=True))
    return dict(counted.values_list("unit", "people"))


def day_within(unit: Unit, day: date) -> date:
    """The nearest day of the unit's life: what is planned or over is seen as it begins or ended."""
    return min(max(day, unit.opened_on), unit.closed_on or date.max)


def find_unit(code: str, viewer: User, *, on: date) -> Unit | None:
    """The unit, if the viewer sees it that day or, outside its life, on its nearest day."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        return None
    near = day_within(unit, on)
    return Unit.objects.visible_to(viewer, on=near).named_on(near).filter(pk=unit.pk).first()


@dataclass(frozen=True, slots=True)
class Successor:
    """Where people of a unit went the day after they left it."""

    unit: Unit
    name: str
    people: int


def successors_of(unit: Unit, viewer: User) -> list[Successor]:
    """Of a closed unit, the most people first; only units that the viewer sees (2 queries)."""
    if unit.closed_on is None:
        return []
    left = Membership.objects.filter(unit=unit, is_primary=True, ended_on=unit.closed_on)
    first = unit.closed_on + timedelta(days=1)
    came = Membership.objects.filter(
        person__in=left.values("person"), is_primary=True, started_on=first
    )
    counted = came.order_by().values("unit").annotate(people=Count("pk"))
    people = dict(counted.values_list("unit", "people"))
    units = Unit.objects.visible_to(viewer, on=first).named_on(first).filter(pk__in=people)
    found = [Successor(each, each.name or each.code, people[each.pk]) for each in units]  # type: ignore[attr-defined]
    return sorted(found, key=lambda each: (-each.people, each.unit.code))


@dataclass(frozen=True, slots=True)
class Joining:
    """What ends the day before and goes on in another unit."""

    unit: Unit
    name: str
    on: date
    people: int
    units: int


def joining(unit: Unit, viewer: User, *, after: date) -> list[Joining]:
    """Units that will be merged into this one, by day; only those that the viewer sees (5 queries,
    2 where nothing is to come)."""
    people, units = _people_to_come(unit, after), _units_to_come(unit, after)
    days = dict([*people, *units])
    if not days:
        return []
    seen = Unit.objects.visible_to(viewer, on=after).named_on(after).filter(pk__in=days)
    found = [
        Joining(
            each,
            each.name or each.code,  # type: ignore[attr-defined]
            days[each.pk],
            people[each.pk, days[each.pk]],
            units[each.pk, days[each.pk]],
        )
        for each in seen
    ]
    return sorted(found, key=lambda each: (each.on, title_key(each.name)))


Coming = Counter[tuple[int, date]]  # how many, by the unit that ends and the first day elsewhere


def _people_to_come(unit: Unit, after: date) -> Coming:
    came = Membership.objects.filter(unit=unit, is_primary=True, started_on__gt=after)
    left = Membership.objects.filter(
        person__in=came.values("person"), is_primary=True, ended_on=F("unit__closed_on")
    )
    return _coming(
        came.values_list("person", "started_on"),
        left.exclude(unit=unit).values_list("person", "unit", "unit__closed_on"),
    )


def _units_to_come(unit: Unit, after: date) -> Coming:
    came = UnitVersion.objects.filter(parent=unit, started_on__gt=after)
    left = UnitVersion.objects.filter(unit__in=came.values("unit"), ended_on=F("parent__closed_on"))
    return _coming(
        came.values_list("unit", "started_on"),
        left.exclude(parent=unit).values_list("unit", "parent", "parent__closed_on"),
    )


def _coming(
    came: Iterable[tuple[int, date]], left: Iterable[tuple[int, int, date | None]]
) -> Coming:
    """Of those who come on a day whoever was in a unit that ends the day before."""
    first_days = set(came)
    if not first_days:
        return Counter()
    return Counter(
        (source, day_after(last))
        for key, source, last in left
        if last and (key, day_after(last)) in first_days
    )


def sectors_managed(viewer: User) -> set[str]:
    """The sectors of whose units she may decide; the empty one stands for every sector."""
    if viewer.is_unlimited:
        return {""}
    scopes = Scope.objects.granted_to(viewer).managing_people()
    return set(scopes.order_by().values_list("sector", flat=True))


def members_from(unit: Unit, day: date) -> QuerySet[Membership]:
    """Rows in the unit itself that reach the day or begin later."""
    return Membership.objects.filter(unit=unit).exclude(ended_on__lt=day)


def scopes_ending_with(units: Iterable[Unit], *, last_day: date) -> QuerySet[Scope]:
    """Scopes on these units that would outlast them: they open nothing any more."""
    over = Scope.objects.over_on(last_day)
    return (
        Scope.objects.filter(unit__in=list(units))
        .exclude(ended_on__lte=last_day)
        .exclude(pk__in=over.values("pk"))
        .select_related("user__person", "unit")
        .order_by("unit__code", "user__username", "pk")
    )


def requests_waiting_in(units: Iterable[Unit]) -> int:
    """People who ask to be put on the roster of these units and have no answer yet."""
    return RosterRequest.objects.open().filter(unit__in=list(units)).count()


def later_change_on(unit: Unit, day: date) -> date | None:
    """The first day after that on which something of the unit changes, as is known already."""
    later = unit.versions.filter(started_on__gt=day).order_by("started_on")
    return later.values_list("started_on", flat=True).first()


def later_joining_on(units: Iterable[Unit], day: date) -> date | None:
    """The last day after that on which a membership in these units or below them begins."""
    below = UnitClosure.objects.filter(held_on(day), ancestor__in=list(units))
    later = Membership.objects.filter(unit__in=below.values("unit"), started_on__gt=day)
    return later.order_by("-started_on").values_list("started_on", flat=True).first()


def _nodes(versions: QuerySet[UnitVersion]) -> dict[int, UnitNode]:
    rows = versions.values_list(
        "unit", "unit__code", "name", "kind", "sector", "parent", "unit__opened_on",
        "unit__closed_on",
    )  # fmt: skip
    return {row[0]: UnitNode(*row) for row in rows}


def _units_with_people_seen(viewer: User, *, on: date) -> set[int] | None:
    """Units whose people the viewer may see; None: all. Not those of figures only."""
    if viewer.is_unlimited:
        return None
    scopes = Scope.objects.granted_to(viewer).seeing_people()
    return set(Unit.objects.filter(reach(scopes, on=on)).values_list("pk", flat=True))
