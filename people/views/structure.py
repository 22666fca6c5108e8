"""Units to look at: the tree of a day, the list, one unit's page, the list as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from people.audit import AuditAction, record
from people.forms.units import StructureForm
from people.models import Attribute, Level, Unit, UnitKind, UnitVersion, User
from people.queries.units import (
    UnitNode,
    day_within,
    depth_shown,
    find_unit,
    found_units,
    joining,
    nodes_on,
    successors_of,
    tree_of,
)
from people.sheets.sending import sheet_response
from people.sheets.writing import Value
from people.views.access import people_seen_required, viewer_of

UNITS_A_PAGE = 50
# As `import_units` reads them back, whatever language the viewer reads; what it doesn't know of
# these it passes over.
HEADINGS = [
    "Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Mã đơn vị cấp trên", "Ngành", "Ngày thành lập",
    "Ngày cuối cùng", "Tên đơn vị cấp trên", "Số người",
]  # fmt: skip
SHEET = "Đơn vị"


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit on the page; `shown` are those below it that are on the page too."""

    node: UnitNode
    shown: list[Branch]
    is_open: bool

    @property
    def hidden(self) -> int:
        """How many hang from it and open on a page of their own."""
        return 0 if self.shown else len(self.node.children)


@people_seen_required
@require_safe
def structure(request: HttpRequest) -> HttpResponse:
    """The tree of a day; once anything is looked for, a list."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = StructureForm(request.GET)
    form.is_valid()
    day = form.cleaned_data.get("day") or today
    context = {
        "form": form,
        "day": day,
        "today": today,
        "may_change": may_restructure(viewer, on=today),
        "query": _kept(request, form),
    }
    if form.wanted.is_everything:
        context |= _tree(viewer, day, under=request.GET.get("under", ""))
    else:
        found = found_units(viewer, form.wanted, on=day)
        context["page"] = Paginator(found, UNITS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/structure/list.html", context)


@people_seen_required
@require_safe
def export(request: HttpRequest, *, kind: str) -> HttpResponseBase:
    """What the list shows, in columns that `import_units` reads back; who took it is logged."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = StructureForm(request.GET)
    if not form.is_valid():
        raise Http404
    day = form.cleaned_data["day"] or today
    nodes = found_units(viewer, form.wanted, on=day)
    name = f"don-vi-{day:%Y%m%d}.{kind}"
    with translation.override(settings.LANGUAGE_CODE):
        response = sheet_response(HEADINGS, _rows(nodes), name=name, title=SHEET)
    detail = {"list": "units", "as_of": day.isoformat(), "entries": len(nodes), "kind": kind}
    record(AuditAction.EXPORT, actor=viewer, detail=detail)
    return response


@people_seen_required
@require_safe
def unit_page(request: HttpRequest, code: str) -> HttpResponse:
    """What was and is true of the unit, what it holds on a day, and what may be done to it."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = StructureForm(request.GET)
    form.is_valid()
    unit = find_unit(code, viewer, on=form.cleaned_data.get("day") or today)
    if unit is None:
        raise Http404
    day = day_within(unit, form.cleaned_data.get("day") or today)
    nodes = nodes_on(viewer, day)
    tree_of(nodes.values())
    node = nodes.get(unit.pk)
    if node is None:  # of that day of its life nothing is known
        raise Http404
    children = _branches(node.children, depth=1)
    context = {
        "unit": unit,
        "node": node,
        "day": day,
        "today": today,
        "form": form,
        "crumbs": _above(node, nodes),
        "children": children,
        "versions": _versions(unit, nodes),
        "successors": successors_of(unit, viewer),
        "joining": joining(unit, viewer, after=today),
        "may_change": _may_change(viewer, unit, today=today),
        "attributes": _attributes(unit, day),
    }
    return render(request, "people/structure/unit.html", context)


def may_restructure(viewer: User, *, on: date) -> bool:
    """Whether any unit is hers to change."""
    return viewer.is_superuser or Unit.objects.restructurable_by(viewer, on=on).exists()


def _may_change(viewer: User, unit: Unit, *, today: date) -> bool:
    near = day_within(unit, today)
    return Unit.objects.restructurable_by(viewer, on=near).filter(pk=unit.pk).exists()


def _tree(viewer: User, day: date, *, under: str) -> dict[str, Any]:
    nodes = nodes_on(viewer, day)
    top = tree_of(nodes.values())
    total = len(nodes)
    crumbs: list[UnitNode] = []
    if under:
        chosen = next((node for node in nodes.values() if node.code == under), None)
        if chosen is None:
            raise Http404
        top, crumbs = [chosen], _above(chosen, nodes)
    # A branch that was opened shows what it holds, however much that is.
    depth = max(depth_shown(top), 2 if under else 1)
    return {
        "branches": _branches(top, depth=depth),
        "total": total,
        "people": _sum(node.people_below for node in top),
        "crumbs": crumbs,
        "under": under,
    }


def _branches(nodes: list[UnitNode], *, depth: int, is_open: bool = True) -> list[Branch]:
    """The first level is unfolded, and further ones while they are alone."""
    if depth == 0:
        return []
    return [
        Branch(
            node,
            _branches(node.children, depth=depth - 1, is_open=is_open and len(nodes) == 1),
            is_open and len(nodes) == 1,
        )
        for node in nodes
    ]


def _above(node: UnitNode, nodes: dict[int, UnitNode]) -> list[UnitNode]:
    """What the viewer sees of what stands over it, the highest first."""
    found: list[UnitNode] = []
    above = nodes.get(node.parent) if node.parent else None
    while above is not None:
        found.insert(0, above)
        above = nodes.get(above.parent) if above.parent else None
    return found


def _versions(unit: Unit, nodes: dict[int, UnitNode]) -> list[UnitVersion]:
    """The latest first, each with the name that its parent bore as it began."""
    versions = list(unit.versions.select_related("parent").order_by("-started_on"))
    parents = {each.parent_id for each in versions if each.parent_id}
    named = list(UnitVersion.objects.filter(unit__in=parents).order_by("started_on"))
    for version in versions:
        known = [each for each in named if each.unit_id == version.parent_id]
        held = [each for each in known if each.started_on <= version.started_on]
        found = (held or known)[-1:]
        version.parent_name = found[0].name if found else ""  # type: ignore[attr-defined]
    return versions


def _attributes(unit: Unit, day: date) -> list[str]:
    version = unit.version_on(day)
    if version is None:
        return []
    labels = [str(each.label) for each in Level if each in version.levels]
    return labels + [str(each.label) for each in Attribute if version.attributes.get(each)]


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [each for each in numbers if each is not None]
    return sum(known) if known else None


def _kept(request: HttpRequest, form: StructureForm) -> str:
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return urlencode(kept)


def _rows(nodes: list[UnitNode]) -> Iterator[list[Value]]:
    keys = {node.parent for node in nodes if node.parent is not None}
    codes = dict(Unit.objects.filter(pk__in=keys).values_list("pk", "code"))
    names = {node.pk: node.name for node in nodes}
    for node in nodes:
        parent = node.parent or 0
        yield [
            node.code,
            node.name,
            str(UnitKind(node.kind).label),
            codes.get(parent, ""),
            node.sector_label,
            node.opened_on,
            node.closed_on,
            names.get(parent, ""),
            node.people,
        ]
