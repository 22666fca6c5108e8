"""The figures of a report: one structure that is frozen when it is sent and shown everywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation

from people.models import MembershipStatus, Sector, Sex, StaffGroup, Unit, UnitKind
from people.names import title_key
from reports.coverage import NOBODY, Coverage, CoverageTable, total
from reports.models import OutsideRow, Report, Target
from reports.queries.audience import Question, members, qualifying
from reports.queries.coverage import NO_ROSTER, count, coverage_by, inside
from reports.queries.filing import Chain, chain_for

FORMAT = 1
SEXES = ("everyone", "male", "female")

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is to be frozen: the content and the hashes of what lies beneath its figures."""

    content: Content
    roster_hash: str
    certificates_hash: str

    @property
    def content_hash(self) -> str:
        return content_hash(self.content)


def content_hash(content: Content) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def figures_of(unit: Unit, *, target: Target, as_of: date) -> Figures:
    """The same rows as `coverage_by` gives, with names of that day, in Vietnamese."""
    chain = chain_for(unit, on=as_of)
    area, sector = chain.area(unit.pk)
    with translation.override(settings.LANGUAGE_CODE):
        content = {
            "format": FORMAT,
            "unit": _named(chain, unit),
            "area": {**_named(chain, area), "sector": sector},
            "as_of": as_of.isoformat(),
            "target": _definition(target),
            **_counted(chain, area, sector, target, as_of),
        }
    question = Question(target, as_of, sector=sector)
    return Figures(content, *_hashes(question, area))


def report_figures(report: Report) -> Figures:
    """Of a draft: the figures as they are now, with what the unit adds of others."""
    figures = figures_of(report.unit, target=report.target, as_of=report.as_of)
    if report.pk is None:
        return figures
    figures.content["outside"] = [_outside(row) for row in report.outside_rows.all()]
    sources = report.sources.select_related("source__unit", "source__snapshot")
    figures.content["sources"] = [
        {
            "unit": each.source.unit.code,
            "name": each.source.snapshot.content["unit"]["name"],
            "version": each.source.version,
            "hash": each.source.snapshot.content_hash,
        }
        for each in sources.order_by("source__unit__code")
    ]
    return figures


def content_of(report: Report) -> Content:
    """What documents are made of: frozen once the report was sent."""
    content: Content = (
        report_figures(report).content if report.is_draft else report.snapshot.content
    )
    return content


def _counted(chain: Chain, area: Unit, sector: str, target: Target, as_of: date) -> dict[str, Any]:
    ask = {"as_of": as_of, "sector": sector}
    table = coverage_by(target, unit=area, by=("group", "kind", "unit", "sex"), **ask)  # type: ignore[arg-type]
    groups = {group.value: str(group.label) for group in StaffGroup}
    kinds = {kind.value: str(kind.label) for kind in UnitKind}
    units = _unit_labels(chain, table)
    tables = [_table(table, "group", groups)]
    if len(units) > 1:
        tables += [_table(table, "kind", kinds), _table(table, "unit", units)]
        tables += _deeper(chain, table, target, ask)
    others, strict = table.rows[:0], NOBODY
    if table.note != NO_ROSTER:
        others = tuple(_count(target, area, ask, by=("group", "sex"), audience="others"))
        strict = total(row.coverage for row in _count(target, area, ask, by=(), is_strict=True))
    beside = CoverageTable(target.code, as_of, area.code, ("group", "sex"), others)
    return {
        "note": table.note,
        "total": _cells(_by_sex(table)),
        "strict": [strict.required, strict.complete],
        "tables": tables,
        "others": _table(beside, "group", groups),
        "outside": [],
        "sources": [],
    }


def _count(target: Target, area: Unit, ask: Any, *, by: Sequence[str], **more: Any) -> Any:
    return count(Question(target, ask["as_of"], sector=ask["sector"], **more), unit=area, by=by)


def _deeper(
    chain: Chain, table: CoverageTable, target: Target, ask: dict[str, Any]
) -> list[dict[str, Any]]:
    """One table a unit below that has units of its own and somebody in them."""
    keys = {version.unit.code: key for key, version in chain.versions.items()}
    with_units = {version.parent_id for version in chain.versions.values()}
    wholes = table.along("unit")
    codes = [str(code) for (code,), cell in wholes.items() if code and cell.required]
    found = []
    for code in sorted(codes, key=lambda each: (title_key(chain.name(keys[each])), each)):
        if code == table.unit or keys[code] not in with_units:
            continue
        below = coverage_by(target, unit=chain.unit(keys[code]), by=("unit", "sex"), **ask)
        labels = _unit_labels(chain, below)
        found.append({**_table(below, "unit", labels), "of": code, "name": chain.name(keys[code])})
    return found


def _unit_labels(chain: Chain, table: CoverageTable) -> dict[str, str]:
    """By code, in the order of the Vietnamese alphabet; people directly in the unit come first."""
    names = {version.unit.code: version.name for version in chain.versions.values()}
    codes = [str(code) for (code,) in table.along("unit") if code]
    codes.sort(key=lambda code: (code != table.unit, title_key(names.get(code) or code), code))
    return {code: names.get(code, code) for code in codes}


def _table(table: CoverageTable, axis: str, labels: dict[str, str]) -> dict[str, Any]:
    whole = table.along(axis)
    codes = [code for code in labels if (code,) in whole]
    return {
        "axis": axis,
        "rows": [
            {"code": code, "label": labels[code], **_cells(_by_sex(table, axis, code))}
            for code in codes
        ],
        "total": _cells(_by_sex(table)),
    }


def _by_sex(table: CoverageTable, axis: str = "", code: str = "") -> list[Coverage]:
    """Everyone, men, women."""
    cells = table.along(axis, "sex") if axis else table.along("sex")
    sexes = [cells.get((code, sex) if axis else (sex,), NOBODY) for sex in Sex.values]
    return [total(sexes), *sexes]


def _cells(cells: Iterable[Coverage]) -> dict[str, list[int]]:
    return {name: [cell.required, cell.complete] for name, cell in zip(SEXES, cells, strict=True)}


def _outside(row: OutsideRow) -> dict[str, Any]:
    male = Coverage(row.required_male, row.complete_male)
    female = Coverage(row.required_female, row.complete_female)
    return {"name": row.name, "evidence": row.evidence, **_cells([male + female, male, female])}


def _named(chain: Chain, unit: Unit) -> dict[str, str]:
    version = chain.versions[unit.pk]
    return {"code": unit.code, "name": version.name, "kind": version.kind}


def _definition(target: Target) -> dict[str, Any]:
    """In codes for machines and in words for the report's last page."""
    words = {
        "staff_groups": StaffGroup,
        "sectors": Sector,
        "unit_kinds": UnitKind,
        "excluded_unit_kinds": UnitKind,
        "excluded_statuses": MembershipStatus,
    }
    lists = {name: sorted(getattr(target, name)) for name in words}
    return {
        "code": target.code,
        "title": target.title,
        "percent": target.percent,
        "due_on": target.due_on.isoformat(),
        "started_on": target.started_on.isoformat(),
        "ended_on": target.ended_on.isoformat() if target.ended_on else None,
        "courses": [
            {"code": course.code, "title": course.title}
            for course in target.courses.order_by("code")
        ],
        **lists,
        "words": {
            name: [str(words[name](code).label) for code in codes] for name, codes in lists.items()
        },
    }


def _hashes(question: Question, area: Unit) -> tuple[str, str]:
    """Of who was counted as what, and of the certificates that count for them."""
    people = inside(members(question), area)
    fields = ("person__code", "person__sex", "staff_group", "status", "unit__code")
    certificates = qualifying(question).filter(person__in=people.values("person"))
    return (
        _digest(people.values_list(*fields)),
        _digest(certificates.values_list("person__code", "pk", "completed_on", "valid_until")),
    )


def _digest(rows: Iterable[tuple[Any, ...]]) -> str:
    lines = sorted("\t".join(map(str, row)) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
