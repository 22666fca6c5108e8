"""When is an activity, a module, a course complete? Pure functions of dated facts.

A completion is dated at the first instant at which its conditions held, under the rules, terms and
memberships of that instant, and stays: later facts change nothing about it. Instants are aware
datetimes, days are local to Asia/Ho_Chi_Minh, keys are the database's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class RuleKind(StrEnum):
    VIEWED = "viewed"
    SCORE = "score"
    ATTENDED = "attended"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"


class EvidenceKind(StrEnum):
    VIEWED = "viewed"
    SCORE = "score"
    ATTENDED = "attended"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    id: UUID
    activity: int
    kind: str
    received_at: datetime
    points: int | None = None
    possible: int | None = None
    is_reported: bool = False


@dataclass(frozen=True, slots=True)
class RuleFact:
    """From `effective_at` on. `order` settles two rules of one instant: the higher one holds."""

    activity: int
    module: int
    effective_at: datetime
    is_required: bool
    kind: str
    pass_mark_tenths: int | None = None
    accepts_reported: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class TermsFact:
    """From `effective_at` on the run consists of these modules, and ends with `last_day`."""

    effective_at: datetime
    modules: frozenset[int]
    last_day: date | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """A stretch of days with one group, position and kind of unit (primary memberships only)."""

    started_on: date
    ended_on: date | None
    group: str
    position: str
    unit_kind: str


@dataclass(frozen=True, slots=True)
class RequirementFact:
    module: int
    started_on: date
    clauses: Sequence[Mapping[str, Collection[str]]]
    order: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides one person's work in one run."""

    evidence: Sequence[EvidenceFact] = ()
    rules: Sequence[RuleFact] = ()
    terms: Sequence[TermsFact] = ()
    memberships: Sequence[MembershipFact] = ()
    requirements: Sequence[RequirementFact] = ()


@dataclass(slots=True)
class Decisions:
    """When each was completed first; what is missing is not complete."""

    activities: dict[int, datetime] = field(default_factory=dict)
    modules: dict[int, datetime] = field(default_factory=dict)
    course: datetime | None = None
    course_modules: frozenset[int] = frozenset()


def decide(facts: Facts, *, until: datetime) -> Decisions:
    """Walk through the instants at which something changed, up to and including `until`.

    Nothing is completed after the run's last day: a lesson withdrawn years later certifies nobody.
    """
    until = min(until, _end_of_run(facts.terms, until))
    decisions = Decisions()
    rules: dict[int, RuleFact] = {}
    changes_of_rules = {each.effective_at for each in facts.rules}
    for instant in _instants(facts, until):
        if instant in changes_of_rules:
            rules = rules_at(facts.rules, instant)
        _complete_activities(decisions, facts.evidence, rules, instant)
        _complete_modules(decisions, rules, instant)
        _complete_course(decisions, facts, instant)
    return decisions


def satisfies(evidence: EvidenceFact, rule: RuleFact) -> bool:
    """Whether this evidence alone meets the rule. Scores are compared as whole numbers."""
    if evidence.kind != rule.kind or (evidence.is_reported and not rule.accepts_reported):
        return False
    if rule.kind == RuleKind.SCORE:
        return is_passed(evidence.points, evidence.possible, rule.pass_mark_tenths)
    return True


def is_passed(points: int | None, possible: int | None, pass_mark_tenths: int | None) -> bool:
    """points ÷ possible × 10 ≥ the mark, exactly; the mark is in tenths (50 is 5,0)."""
    if points is None or not possible or pass_mark_tenths is None:
        return False
    return points * 100 >= pass_mark_tenths * possible


def ten_point_tenths(points: int, possible: int) -> int:
    """The score on the ten-point scale in tenths, rounded down: 2 of 3 points are 66 (6,6)."""
    return points * 100 // possible


def rules_at(rules: Iterable[RuleFact], instant: datetime) -> dict[int, RuleFact]:
    """The rule in force for each activity."""
    current: dict[int, RuleFact] = {}
    for rule in sorted(rules, key=lambda rule: (rule.effective_at, rule.order)):
        if rule.effective_at <= instant:
            current[rule.activity] = rule
    return current


def required_activities(rules: Mapping[int, RuleFact], module: int) -> set[int]:
    """Activities that the module requires under the given rules in force."""
    return {rule.activity for rule in rules.values() if rule.module == module and rule.is_required}


def membership_on(memberships: Iterable[MembershipFact], day: date) -> MembershipFact | None:
    for membership in memberships:
        if membership.started_on <= day and (
            membership.ended_on is None or day <= membership.ended_on
        ):
            return membership
    return None


def is_required_of(
    membership: MembershipFact, clauses: Sequence[Mapping[str, Collection[str]]]
) -> bool:
    """Any clause holds; a clause holds when each key it gives contains the person's value."""
    values = {
        "groups": membership.group,
        "positions": membership.position,
        "kinds": membership.unit_kind,
    }
    return any(all(values[key] in allowed for key, allowed in clause.items()) for clause in clauses)


def modules_required_on(
    requirements: Iterable[RequirementFact], membership: MembershipFact, day: date
) -> frozenset[int]:
    """Modules required of that membership on that day."""
    current: dict[int, RequirementFact] = {}
    for requirement in sorted(requirements, key=lambda each: (each.started_on, each.order)):
        if requirement.started_on <= day:
            current[requirement.module] = requirement
    return frozenset(
        module
        for module, requirement in current.items()
        if is_required_of(membership, requirement.clauses)
    )


def modules_needed(facts: Facts, instant: datetime) -> frozenset[int]:
    """Modules of the run required of the person at that instant; empty without a membership."""
    terms = terms_at(facts.terms, instant)
    day = instant.astimezone(ZONE).date()
    membership = membership_on(facts.memberships, day)
    if terms is None or membership is None:
        return frozenset()
    return terms.modules & modules_required_on(facts.requirements, membership, day)


def terms_at(terms: Iterable[TermsFact], instant: datetime) -> TermsFact | None:
    """The terms in force; None before the first."""
    begun = [each for each in terms if each.effective_at <= instant]
    return max(begun, key=lambda each: (each.effective_at, each.order), default=None)


def _end_of_run(terms: Iterable[TermsFact], until: datetime) -> datetime:
    """The last instant of the run's last day, by the terms in force at `until`."""
    current = terms_at(terms, until)
    if current is None or current.last_day is None:
        return until
    return datetime.combine(current.last_day, time.max, ZONE)


def _instants(facts: Facts, until: datetime) -> list[datetime]:
    instants = {each.received_at for each in facts.evidence}
    instants |= {each.effective_at for each in facts.rules}
    instants |= {each.effective_at for each in facts.terms}
    days = {each.started_on for each in facts.memberships}
    days |= {each.started_on for each in facts.requirements}
    instants |= {datetime.combine(day, time.min, ZONE) for day in days}
    return sorted(instant for instant in instants if instant <= until)


def _complete_activities(
    decisions: Decisions,
    evidence: Iterable[EvidenceFact],
    rules: Mapping[int, RuleFact],
    instant: datetime,
) -> None:
    for each in evidence:
        if each.received_at > instant or each.activity in decisions.activities:
            continue
        rule = rules.get(each.activity)
        if rule is not None and satisfies(each, rule):
            decisions.activities[each.activity] = instant


def _complete_modules(
    decisions: Decisions, rules: Mapping[int, RuleFact], instant: datetime
) -> None:
    """A module without any required activity is not complete: there was nothing to do."""
    for module in {rule.module for rule in rules.values()} - decisions.modules.keys():
        required = required_activities(rules, module)
        if required and required <= decisions.activities.keys():
            decisions.modules[module] = instant


def _complete_course(decisions: Decisions, facts: Facts, instant: datetime) -> None:
    if decisions.course is not None:
        return
    needed = modules_needed(facts, instant)
    if needed and needed <= decisions.modules.keys():
        decisions.course = instant
        decisions.course_modules = needed
