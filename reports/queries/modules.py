"""Completion by module: of the target's people, how many have each of its modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from courses.models import Module
from people.models import Sex, Unit
from reports.coverage import NOBODY, Coverage
from reports.queries.audience import Question, has_module, members, required_of
from reports.queries.coverage import FEW, inside

Counts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """`everyone`, `male`, `female`: of all whom the target counts. `required`: of those of whom the
    module is required on the day."""

    module: Module
    everyone: Coverage
    male: Coverage
    female: Coverage
    required: Coverage

    @property
    def cells(self) -> tuple[tuple[str, Coverage], ...]:
        return (
            ("", self.everyone),
            (Sex.MALE.value, self.male),
            (Sex.FEMALE.value, self.female),
        )


def modules_of(question: Question) -> list[Module]:
    """Of the target's courses, in their order (1 query)."""
    courses = question.target.counted_courses.values("pk")
    return list(Module.objects.filter(course__in=courses))


def module_lines(question: Question, unit: Unit, *, people: int) -> list[ModuleLine]:
    """One grouped query for all modules, besides those that ask which there are.

    `people`: roughly how many it is about; it only chooses the plan.
    """
    modules = modules_of(question)
    counts: Counts = {"people": Count("pk")}
    required = required_of(question)
    for module in modules:
        has = has_module(question, module.pk, is_few=people < FEW)
        counts |= _counts(module.pk, has, required.get(module.pk))
    rows = inside(members(question), unit).values("person__sex").annotate(**counts)
    by_sex: dict[str, Counts] = {row["person__sex"]: dict(row) for row in rows}
    return [_line(module, by_sex) for module in modules]


def _counts(module: int, has: Q, required: Q | None) -> Counts:
    counts: Counts = {f"has_{module}": Count("pk", filter=has)}
    if required is not None:
        counts[f"must_{module}"] = Count("pk", filter=required)
        counts[f"met_{module}"] = Count("pk", filter=required & has)
    return counts


def _line(module: Module, by_sex: dict[str, Counts]) -> ModuleLine:
    parts = {sex: Coverage(row["people"], row[f"has_{module.pk}"]) for sex, row in by_sex.items()}
    male, female = (parts.get(sex, NOBODY) for sex in Sex.values)
    required = [
        Coverage(row.get(f"must_{module.pk}", 0), row.get(f"met_{module.pk}", 0))
        for row in by_sex.values()
    ]
    return ModuleLine(module, male + female, male, female, sum(required, NOBODY))
