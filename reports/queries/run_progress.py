"""Where everybody stands in a run, from a fixed number of queries however many people it has.

The facts of the whole list are fetched at once, and each person is decided in memory by the very
rules by which `courses.queries.explain` decides one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from activities.quiz.stuck import stuck_pairs
from courses.facts import run_facts
from courses.models import ActivityCompletion, Enrolment, ModuleCompletion, RunTerms
from courses.rules import (
    MembershipFact,
    RuleKind,
    modules_required_on,
    required_activities,
    rules_at,
)
from people.dates import local_day
from people.models import Person
from reports.progress import ModuleWork, Stage, Work, stage_of

FEW = 1000  # people: up to here their work is looked up by key, beyond that of the whole run


@dataclass(frozen=True, slots=True)
class Learner:
    """A person of the run; `done` of the `required` modules. Keys are the database's.

    `is_due` is False once the audience holds her no longer.
    """

    person: int
    enrolment: int | None
    stage: Stage
    done: int
    required: int
    completed_at: datetime | None
    is_due: bool


def run_progress(terms: RunTerms, people: QuerySet[Person], *, at: datetime) -> list[Learner]:
    """Where each of `run_people` stands at the instant, in the same order (8 queries)."""
    today = local_day(at)
    found = list(people.values_list("pk", "is_due", "group", "position", "unit_kind"))  # type: ignore[misc]
    demands = _Demands(terms, at=at)
    enrolments = Enrolment.objects.filter(run=terms.run_id)
    if len(found) <= FEW:
        enrolments = enrolments.filter(person__in=[row[0] for row in found])
    done = _done_by_person(enrolments, demands)
    is_over = today > terms.last_day
    stuck = set() if is_over else stuck_pairs([terms.run])

    def learner(person: int, is_due: bool, *post: str | None) -> Learner:
        mine = done.get(person)
        modules = demands.of(*post, day=today)
        stage = stage_of(
            Work(
                modules=[mine.work[pk] if mine else NOTHING_DONE for pk in modules],
                has_begun=mine is not None,
                is_taken=today <= (terms.last_day if mine else terms.closes_on),
                is_complete=mine is not None and mine.completed_at is not None,
                is_stuck=mine is not None and _is_stuck(mine, modules, demands, stuck),
            )
        )
        return _learner(person, is_due, mine, modules, stage)

    return [learner(*row) for row in found]


def stage_counts(learners: Iterable[Learner]) -> dict[Stage, int]:
    """How many are at each stage; every stage is there."""
    counts = dict.fromkeys(Stage, 0)
    for learner in learners:
        counts[learner.stage] += 1
    return counts


class _Demands:
    """What the run asks of whom: modules by membership, activities by module (4 queries)."""

    def __init__(self, terms: RunTerms, *, at: datetime) -> None:
        facts = run_facts(terms.run)
        rules = rules_at(facts.rules, at)
        in_force = next(each for each in facts.terms if each.order == terms.pk)
        self.modules = sorted(in_force.modules)
        self.requirements = facts.requirements
        self.quizzes: dict[int, set[int]] = {}
        self.others: dict[int, set[int]] = {}
        for module in self.modules:
            required = required_activities(rules, module)
            self.quizzes[module] = {pk for pk in required if rules[pk].kind == RuleKind.SCORE}
            self.others[module] = required - self.quizzes[module]
        self.of = cache(self._of)

    def _of(
        self, group: str | None, position: str | None, kind: str | None, *, day: date
    ) -> tuple[int, ...]:
        """Modules of the run required of such a membership; none without one."""
        if group is None or position is None or kind is None:
            return ()
        member = MembershipFact(day, None, group, position, kind)
        needed = modules_required_on(self.requirements, member, day)
        return tuple(module for module in self.modules if module in needed)


NOTHING_DONE = ModuleWork(is_complete=False)


@dataclass(frozen=True, slots=True)
class _Done:
    """What somebody enrolled has done; `covered` are the modules of a complete run."""

    enrolment: int
    completed_at: datetime | None
    covered: int
    work: Mapping[int, ModuleWork]


def _learner(
    person: int, is_due: bool, mine: _Done | None, modules: tuple[int, ...], stage: Stage
) -> Learner:
    done = sum(mine.work[pk].is_complete for pk in modules) if mine else 0
    required = len(modules)
    if mine is not None and mine.completed_at is not None:
        done = required = mine.covered  # of what was required then
    return Learner(
        person=person,
        enrolment=mine.enrolment if mine else None,
        stage=stage,
        done=done,
        required=required,
        completed_at=mine.completed_at if mine else None,
        is_due=is_due,
    )


def _is_stuck(
    mine: _Done, modules: Iterable[int], demands: _Demands, stuck: set[tuple[int, int]]
) -> bool:
    """In a quiz that keeps a required module from being complete."""
    return any(
        (mine.enrolment, quiz) in stuck
        for pk in modules
        if not mine.work[pk].is_complete
        for quiz in demands.quizzes[pk]
    )


def _done_by_person(enrolments: QuerySet[Enrolment], demands: _Demands) -> dict[int, _Done]:
    """Of whoever is enrolled (2 queries)."""
    met = _met(enrolments, demands)
    return {
        person: _Done(
            enrolment=enrolment,
            completed_at=completed_at,
            covered=len(covered or ()),
            work=_work(demands, flags, met.get(enrolment, {})),
        )
        for person, enrolment, completed_at, covered, *flags in _with_modules(enrolments, demands)
    }


def _work(demands: _Demands, flags: list[bool], met: Mapping[str, int]) -> dict[int, ModuleWork]:
    return {
        pk: ModuleWork(
            is_complete=is_complete,
            quizzes_left=len(demands.quizzes[pk]) - met.get(f"quizzes_{pk}", 0),
            others_left=len(demands.others[pk]) - met.get(f"others_{pk}", 0),
        )
        for pk, is_complete in zip(demands.modules, flags, strict=True)
    }


def _with_modules(enrolments: QuerySet[Enrolment], demands: _Demands) -> Iterable[tuple[Any, ...]]:
    """Person, enrolment, when and of which modules complete, then a flag for each module."""
    completions = ModuleCompletion.objects.filter(enrolment=OuterRef("pk"))
    flags = {f"has_{pk}": Exists(completions.filter(module=pk)) for pk in demands.modules}
    return enrolments.annotate(**flags).values_list(
        "person", "pk", "course_completion__completed_at", "course_completion__modules", *flags
    )


def _met(enrolments: QuerySet[Enrolment], demands: _Demands) -> dict[int, Mapping[str, Any]]:
    """By unfinished enrolment: how many required activities of each module are met."""
    counts = {}
    for pk in demands.modules:
        counts[f"quizzes_{pk}"] = Count("pk", filter=Q(activity__in=demands.quizzes[pk]))
        counts[f"others_{pk}"] = Count("pk", filter=Q(activity__in=demands.others[pk]))
    unfinished = enrolments.filter(course_completion__isnull=True)
    rows = (
        ActivityCompletion.objects.filter(enrolment__in=unfinished.values("pk"))
        .order_by()
        .values("enrolment")
        .annotate(**counts)
    )
    return {row["enrolment"]: row for row in rows}
