"""Why a run is, or is not, complete for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courses.facts import enrolment_facts, membership_facts, run_facts
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
from courses.rules import RuleFact, modules_needed, required_activities, rules_at
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
    enrolment = Enrolment.objects.filter(person=person, run=run).first()
    if enrolment is not None:
        enrolment.run = run
        facts = enrolment_facts(enrolment)
    else:
        facts = run_facts(run).of([], membership_facts([person.pk]).get(person.pk, []))
    terms = run.terms_at(at)
    needed = modules_needed(facts, at)
    rules = rules_at(facts.rules, at)
    stored = _Stored(enrolment)
    modules = list(terms.modules.order_by("position", "code")) if terms else []
    activities = {
        each.pk: each for each in Activity.objects.filter(rules__module__in=modules).distinct()
    }
    return Explanation(
        run=run,
        terms=terms,
        enrolment=enrolment,
        completed_at=stored.course,
        has_membership=bool(facts.memberships),
        modules=[
            _module_state(module, module.pk in needed, rules, stored, activities)
            for module in modules
        ],
    )


class _Stored:
    """Completions and the last evidence of one enrolment (3 queries, none without one)."""

    def __init__(self, enrolment: Enrolment | None) -> None:
        self.activities: set[int] = set()
        self.modules: dict[int, datetime] = {}
        self.evidence: dict[int, Evidence] = {}
        self.course: datetime | None = None
        if enrolment is None:
            return
        self.activities = set(
            ActivityCompletion.objects.filter(enrolment=enrolment).values_list(
                "activity_id", flat=True
            )
        )
        self.modules = dict(
            ModuleCompletion.objects.filter(enrolment=enrolment).values_list(
                "module_id", "completed_at"
            )
        )
        for row in Evidence.objects.filter(enrolment=enrolment).order_by("received_at", "id"):
            self.evidence[row.activity_id] = row
        completion = getattr(enrolment, "course_completion", None)
        self.course = completion.completed_at if completion else None


def _module_state(
    module: Module,
    is_required: bool,
    rules: dict[int, RuleFact],
    stored: _Stored,
    activities: dict[int, Activity],
) -> ModuleState:
    required = required_activities(rules, module.pk)
    completed_at = stored.modules.get(module.pk)
    missing = sorted(
        required - stored.activities,
        key=lambda pk: (activities[pk].position, pk),
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
                activity=activities[pk],
                kind=rules[pk].kind,
                pass_mark_tenths=rules[pk].pass_mark_tenths,
                last_evidence=stored.evidence.get(pk),
            )
            for pk in missing
        ],
    )
