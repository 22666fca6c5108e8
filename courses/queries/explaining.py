"""Why a run is, or is not, complete for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects

from courses.facts import membership_facts, requirement_facts, rule_fact, rules_touching, terms_fact
from courses.models import (
    Activity,
    ActivityCompletion,
    CourseRun,
    Enrolment,
    Evidence,
    Module,
    ModuleCompletion,
    RunTerms,
)
from courses.queries.open_runs import OpenRun
from courses.rules import Facts, modules_needed, required_activities, rules_at
from people.models import Person


@dataclass(frozen=True, slots=True)
class UnmetRule:
    """Something that is still to be done, and the last that was seen of it."""

    activity: Activity
    kind: str
    pass_mark_tenths: int | None
    last_evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A module of the run for one person. `done` never exceeds `total`."""

    module: Module
    is_required: bool
    completed_at: datetime | None
    done: int
    total: int
    unmet: list[UnmetRule]

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down; 100 exactly when the module is complete."""
        if self.completed_at is not None:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a run is, or is not, complete for a person."""

    run: CourseRun
    terms: RunTerms | None
    enrolment: Enrolment | None
    completed_at: datetime | None
    has_membership: bool
    modules: list[ModuleState]

    @property
    def required(self) -> list[ModuleState]:
        return [state for state in self.modules if state.is_required]

    @property
    def unfinished(self) -> list[ModuleState]:
        """Required modules still to be done; none once the run is complete."""
        if self.completed_at is not None:
            return []
        return [state for state in self.required if state.completed_at is None]

    @property
    def percent(self) -> int:
        """Whole per cent of the required activities, 100 exactly when the run is complete."""
        if self.completed_at is not None:
            return 100
        total = sum(state.total for state in self.required)
        done = sum(state.total if state.completed_at else state.done for state in self.required)
        return min(99, done * 100 // total) if total else 0


def explain(person: Person, run: CourseRun, *, at: datetime) -> Explanation:
    """Module by module: is it required of her, is it complete, and what is still unmet."""
    enrolments = Enrolment.objects.filter(person=person, run=run)
    enrolment = enrolments.select_related("course_completion").first()
    (explanation,) = _explain(person, [_Asked(run, run.terms_at(at), enrolment)], at=at)
    return explanation


def explain_runs(person: Person, runs: Iterable[OpenRun], *, at: datetime) -> list[Explanation]:
    """Of each run what `explain` says of it; 7 queries however many they are."""
    return _explain(person, [_Asked(each.run, each.terms, each.enrolment) for each in runs], at=at)


class _Asked(NamedTuple):
    """A run, its terms in force, and the enrolment with its completion, if any."""

    run: CourseRun
    terms: RunTerms | None
    enrolment: Enrolment | None

    @property
    def modules(self) -> list[Module]:
        """In order; fetched by `_Shared`."""
        return list(self.terms.modules.all()) if self.terms else []


def _explain(person: Person, asked: list[_Asked], *, at: datetime) -> list[Explanation]:
    if not asked:
        return []
    shared = _Shared(person, asked, at=at)
    stored = _stored([each.enrolment.pk for each in asked if each.enrolment])
    return [
        _explanation(each, shared, stored[each.enrolment.pk if each.enrolment else None])
        for each in asked
    ]


def _explanation(asked: _Asked, shared: _Shared, stored: _Stored) -> Explanation:
    completion = getattr(asked.enrolment, "course_completion", None)
    needed = shared.needed(asked)
    return Explanation(
        run=asked.run,
        terms=asked.terms,
        enrolment=asked.enrolment,
        completed_at=completion.completed_at if completion else None,
        has_membership=bool(shared.memberships),
        modules=[
            _module_state(module, module.pk in needed, shared, stored) for module in asked.modules
        ],
    )


class _Shared:
    """What several runs of one person have in common (4 queries)."""

    def __init__(self, person: Person, asked: Iterable[_Asked], *, at: datetime) -> None:
        in_order = Prefetch("modules", Module.objects.order_by("position", "code"))
        prefetch_related_objects([each.terms for each in asked if each.terms], in_order)
        modules = {module.pk for each in asked for module in each.modules}
        rules = rules_touching(modules).select_related("activity")
        self.at = at
        self.activities = {rule.activity_id: rule.activity for rule in rules}
        self.rules = rules_at(map(rule_fact, rules), at)
        self.requirements = requirement_facts(modules)
        self.memberships = membership_facts([person.pk]).get(person.pk, [])

    def needed(self, asked: _Asked) -> frozenset[int]:
        """Keys of the run's modules that are required of her."""
        facts = Facts(
            evidence=[],
            rules=[],
            terms=[terms_fact(asked.terms)] if asked.terms else [],
            memberships=self.memberships,
            requirements=self.requirements,
        )
        return modules_needed(facts, self.at)


@dataclass(slots=True)
class _Stored:
    """What is recorded of one enrolment: completions, and of each activity the last evidence."""

    activities: set[int] = field(default_factory=set)
    modules: dict[int, datetime] = field(default_factory=dict)
    evidence: dict[int, Evidence] = field(default_factory=dict)


def _stored(enrolments: Collection[int]) -> dict[int | None, _Stored]:
    """By enrolment (3 queries, none without one); nothing is recorded of any other key."""
    found: dict[int | None, _Stored] = defaultdict(_Stored)
    for done in ActivityCompletion.objects.filter(enrolment__in=enrolments):
        found[done.enrolment_id].activities.add(done.activity_id)
    for complete in ModuleCompletion.objects.filter(enrolment__in=enrolments):
        found[complete.enrolment_id].modules[complete.module_id] = complete.completed_at
    rows = Evidence.objects.filter(enrolment__in=enrolments)
    for row in rows.order_by("received_at", "id"):
        found[row.enrolment_id].evidence[row.activity_id] = row
    return found


def _module_state(
    module: Module, is_required: bool, shared: _Shared, stored: _Stored
) -> ModuleState:
    required = required_activities(shared.rules, module.pk)
    completed_at = stored.modules.get(module.pk)
    missing = sorted(
        required - stored.activities,
        key=lambda pk: (shared.activities[pk].position, pk),
    )
    return ModuleState(
        module=module,
        is_required=is_required,
        completed_at=completed_at,
        done=len(required & stored.activities),
        total=len(required),
        unmet=[]
        if completed_at
        else [
            UnmetRule(
                activity=shared.activities[pk],
                kind=shared.rules[pk].kind,
                pass_mark_tenths=shared.rules[pk].pass_mark_tenths,
                last_evidence=stored.evidence.get(pk),
            )
            for pk in missing
        ],
    )
