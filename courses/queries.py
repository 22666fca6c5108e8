"""Questions about runs and records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from courses.facts import enrolment_facts, membership_facts, run_facts
from courses.models import (
    Activity,
    ActivityCompletion,
    Course,
    CourseRun,
    Enrolment,
    Evidence,
    Module,
    ModuleCompletion,
    RunTerms,
)
from courses.rules import RuleFact, modules_needed, required_activities, rules_at
from people.dates import local_day
from people.models import Person


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run and the terms in force now."""

    run: CourseRun
    terms: RunTerms
    enrolment: Enrolment | None


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


def open_runs(
    person: Person,
    *,
    at: datetime,
    course: Course | None = None,
    module: Module | None = None,
) -> list[OpenRun]:
    """Runs that take the person's evidence at the instant, the one that ends first leading.

    A run is open to her from its first day to its last while its audience holds her; whoever began
    inside the window may go on through the grace period, even if she has left the audience since.
    """
    day = local_day(at)
    runs = CourseRun.objects.with_terms(at=at).select_related("course")
    if course is not None:
        runs = runs.filter(course=course)
    by_terms = {run.terms_id: run for run in runs}  # type: ignore[attr-defined]
    candidates = RunTerms.objects.filter(pk__in=by_terms, opens_on__lte=day)
    if module is not None:
        candidates = candidates.filter(modules=module)
    candidates = candidates.order_by("closes_on", "pk")
    enrolments = {
        each.run_id: each
        for each in Enrolment.objects.filter(person=person, run__in=by_terms.values())
    }
    return [
        OpenRun(by_terms[terms.pk], terms, enrolments.get(terms.run_id))
        for terms in candidates
        if _is_open(terms, person, enrolments.get(terms.run_id), at=at)
    ]


def takes_evidence(enrolment: Enrolment, *, at: datetime) -> bool:
    """Whether work in this enrolment is still received: until the last day of grace."""
    terms = enrolment.run.terms_at(at)
    return terms is not None and terms.opens_on <= local_day(at) <= terms.last_day


def due_runs(person: Person, *, at: datetime) -> list[OpenRun]:
    """Runs that the person has to do with: open ones, then those she was ever enrolled in."""
    current = open_runs(person, at=at)
    known = {each.run.pk for each in current}
    past = (
        Enrolment.objects.filter(person=person)
        .exclude(run__in=known)
        .select_related("run__course")
        .order_by("-began_at")
    )
    earlier = [(each, each.run.terms_at(at)) for each in past]
    return current + [OpenRun(each.run, terms, each) for each, terms in earlier if terms]


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


def _is_open(terms: RunTerms, person: Person, enrolment: Enrolment | None, *, at: datetime) -> bool:
    day = local_day(at)
    if enrolment is not None:
        return day <= terms.last_day
    return day <= terms.closes_on and terms.audience(on=day).filter(pk=person.pk).exists()


def people_in_progress(modules: Iterable[Module]) -> int:
    """People with an unfinished run that names one of the modules, and the module unfinished."""
    return (
        Enrolment.objects.filter(course_completion__isnull=True, run__terms__modules__in=modules)
        .exclude(Q(module_completions__module__in=modules))
        .values("person")
        .distinct()
        .count()
    )


def people_complete(modules: Iterable[Module]) -> int:
    """People whose completion of one of the modules stays whatever changes."""
    return (
        ModuleCompletion.objects.filter(module__in=modules)
        .values("enrolment__person")
        .distinct()
        .count()
    )


@dataclass(frozen=True, slots=True)
class RunFigures:
    """People of a run on a day: due, begun, complete."""

    due: int
    begun: int
    complete: int


def run_figures(run: CourseRun, terms: RunTerms, *, on: date) -> RunFigures:
    """Three counts; whoever began counts as begun even if she has left the audience since."""
    enrolments = Enrolment.objects.filter(run=run)
    return RunFigures(
        due=terms.audience(on=on).count(),
        begun=enrolments.count(),
        complete=enrolments.filter(course_completion__isnull=False).count(),
    )
