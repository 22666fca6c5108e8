"""Who counts for a target on a day, and who of them is complete: the one definition of both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Literal

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from certificates.models import Certificate
from courses.models import Module, ModuleCompletion, ModuleRequirement
from people.dates import day_after, held_on, start_of_day
from people.models import Membership, MembershipStatus, Sector, StaffGroup, UnitKind
from reports.models import Target

Audience = Literal["target", "others"]

# Where the keys of a clause look. `courses.rules.is_required_of` says the same in Python.
CLAUSE_PATHS = {"groups": "staff_group", "positions": "position", "kinds": "unit_kind"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom on which day. Empty `sector`: every sector the target names."""

    target: Target
    as_of: date
    audience: Audience = "target"
    sector: str = ""
    is_strict: bool = False


def members(question: Question) -> QuerySet[Membership]:
    """Primary memberships of the day that are in the audience, anywhere.

    Of each person at most one (the database holds that), so rows are people. Annotates `unit_kind`
    and `unit_sector` of that day; `place` is the relation to the unit's ancestors of that day:
    filter it down to one, or rows multiply.
    """
    day = question.as_of
    rows = (
        Membership.objects.primary_on(day)
        .alias(
            version=FilteredRelation("unit__versions", condition=held_on(day, "unit__versions__")),
            place=FilteredRelation(
                "unit__closure_above", condition=held_on(day, "unit__closure_above__")
            ),
        )
        # Aliases, because negating a lookup through a relation would become another subquery.
        .alias(unit_kind=F("version__kind"), unit_sector=F("version__sector"))
        .filter(unit_kind__isnull=False)
        .order_by()
    )
    for path, allowed, choices in _limits(question):
        if set(allowed) != set(choices):
            rows = rows.filter(**{f"{path}__in": allowed})
    return rows


def is_complete(question: Question, *, is_few: bool) -> Q:
    """Condition on `members`: holds a certificate that counts (strict: of every required module).

    `is_few` changes the plan, never the answer: few people are looked up one by one, of many the
    set of holders is built once, so that a school's page doesn't pay for the whole city's.
    """
    certificates = qualifying(question)
    held_by = _each_holds if is_few else _is_in
    condition = held_by(certificates)
    if not question.is_strict:
        return condition
    for module, clauses in _clauses_on(question).items():
        if not clauses:
            continue
        covered = held_by(certificates.filter(covers__module=module))
        condition &= covered if {} in clauses else covered | ~_any_clause(clauses)
    return condition


def has_module(question: Question, module: int, *, is_few: bool) -> Q:
    """Condition on `members`: completed the module by the day within what the target counts, or
    holds a certificate that counts and covers it."""
    target = question.target
    last_day = min(question.as_of, target.ended_on) if target.ended_on else question.as_of
    completed = ModuleCompletion.objects.filter(
        module=module,
        completed_at__gte=start_of_day(target.started_on),
        completed_at__lt=start_of_day(day_after(last_day)),
    ).order_by()
    covered = qualifying(question).filter(covers__module=module)
    if is_few:
        hers = completed.filter(enrolment__person=OuterRef("person"))
        return Q(Exists(hers)) | _each_holds(covered)
    return Q(person__in=completed.values("enrolment__person")) | _is_in(covered)


def required_of(question: Question) -> dict[int, Q | None]:
    """By module of the target's courses, the condition on `members` of whom it is required that
    day; None of nobody (1 query)."""
    return {
        module: _any_clause(clauses) if clauses else None
        for module, clauses in _clauses_on(question).items()
    }


def qualifying(question: Question) -> QuerySet[Certificate]:
    """Certificates of the target's courses, dated in its period and valid on the day."""
    target = question.target
    last_day = min(question.as_of, target.ended_on) if target.ended_on else question.as_of
    return (
        Certificate.objects.valid_on(question.as_of)
        .filter(
            course__in=target.counted_courses.values("pk"),
            completed_on__gte=target.started_on,
            completed_on__lte=last_day,
        )
        .order_by()
    )


def _each_holds(certificates: QuerySet[Certificate]) -> Q:
    return Q(Exists(certificates.filter(person=OuterRef("person"))))


def _is_in(certificates: QuerySet[Certificate]) -> Q:
    return Q(person__in=certificates.values("person"))


def _limits(question: Question) -> Iterable[tuple[str, list[str], list[str]]]:
    """(path, allowed values, all values). Listing what is allowed spares every exclusion."""
    target = question.target
    groups = _chosen(StaffGroup.values, target.staff_groups)
    if question.audience == "others":
        groups = [each for each in StaffGroup.values if each not in groups]
    sectors = _chosen(Sector.values, target.sectors)
    if question.sector:
        sectors = [each for each in sectors if each == question.sector]
    kinds = _chosen(UnitKind.values, target.unit_kinds, target.excluded_unit_kinds)
    statuses = _chosen(MembershipStatus.values, [], target.excluded_statuses)
    yield "staff_group", groups, StaffGroup.values
    yield "unit_sector", sectors, Sector.values
    yield "unit_kind", kinds, UnitKind.values
    yield "status", statuses, MembershipStatus.values


def _chosen(
    choices: Iterable[str], included: Collection[str], excluded: Collection[str] = ()
) -> list[str]:
    return [each for each in choices if (not included or each in included) and each not in excluded]


def _clauses_on(question: Question) -> dict[int, list[Mapping[str, list[str]]]]:
    """By module of the target's courses, the clauses in force on the day (1 query)."""
    modules = Module.objects.filter(course__in=question.target.counted_courses.values("pk"))
    requirements = ModuleRequirement.objects.filter(
        module__in=modules.values("pk"), started_on__lte=question.as_of
    ).order_by("started_on", "pk")
    return {each.module_id: each.clauses for each in requirements}


def _any_clause(clauses: Iterable[Mapping[str, list[str]]]) -> Q:
    return reduce(or_, (_clause(each) for each in clauses))


def _clause(clause: Mapping[str, list[str]]) -> Q:
    """The empty one is of everybody, and has to be said to a database."""
    return (
        Q(pk__isnull=False)
        if not clause
        else Q(**{f"{CLAUSE_PATHS[key]}__in": allowed for key, allowed in clause.items()})
    )
