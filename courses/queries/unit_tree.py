"""Units to choose from, as the tree stands on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from people.dates import held_on
from people.models import Unit, UnitVersion
from people.names import title_key


@dataclass(slots=True)
class UnitNode:
    """A unit with those of the offered ones that stand below it; `count` is how many, deep down."""

    key: int
    code: str
    name: str
    children: list[UnitNode] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(1 + child.count for child in self.children)


def unit_tree(units: Iterable[Unit], *, on: date) -> list[UnitNode]:
    """The top ones of the units, each with its own below it, by name (1 query).

    `units` are `named_on` the day. A unit whose parent isn't among them stands at the top.
    """
    nodes = {
        unit.pk: UnitNode(unit.pk, unit.code, unit.name or unit.code)  # type: ignore[attr-defined]
        for unit in units
    }
    versions = UnitVersion.objects.filter(held_on(on), unit__in=list(nodes))
    parents = dict(versions.values_list("unit", "parent"))
    top: list[UnitNode] = []
    for node in sorted(nodes.values(), key=lambda each: title_key(each.name)):
        parent = parents.get(node.key)
        siblings = nodes[parent].children if parent in nodes else top
        siblings.append(node)
    return top
