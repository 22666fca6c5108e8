"""The dated facts that `courses.rules` decides by, fetched in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from courses.models import ActivityRule, CourseRun, Enrolment, Evidence, ModuleRequirement, RunTerms
from courses.rules import (
    EvidenceFact,
    Facts,
    MembershipFact,
    RequirementFact,
    RuleFact,
    TermsFact,
)
from people.models import Membership, UnitVersion


@dataclass(slots=True)
class RunFacts:
    """What is the same for everyone in a run; fetched once when many people are decided."""

    rules: Sequence[RuleFact]
    terms: Sequence[TermsFact]
    requirements: Sequence[RequirementFact]

    def of(self, evidence: Sequence[EvidenceFact], members: Sequence[MembershipFact]) -> Facts:
        return Facts(
            evidence=evidence,
            rules=self.rules,
            terms=self.terms,
            memberships=members,
            requirements=self.requirements,
        )


@dataclass(slots=True)
class PeopleFacts:
    """What differs from one enrolment to the next."""

    evidence: Mapping[int, list[EvidenceFact]] = field(default_factory=dict)
    memberships: Mapping[int, list[MembershipFact]] = field(default_factory=dict)


def run_facts(run: CourseRun) -> RunFacts:
    """Rules, terms and requirements of every module that the run ever named (3 queries)."""
    terms = list(RunTerms.objects.filter(run=run).prefetch_related("modules"))
    modules = {module.pk for each in terms for module in each.modules.all()}
    return RunFacts(
        rules=[
            RuleFact(
                activity=rule.activity_id,
                module=rule.module_id,
                effective_at=rule.effective_at,
                is_required=rule.is_required,
                kind=rule.kind,
                pass_mark_tenths=rule.pass_mark_tenths,
                accepts_reported=rule.accepts_reported,
                order=rule.pk,
            )
            for rule in _rules_touching(modules)
        ],
        terms=[
            TermsFact(
                effective_at=each.effective_at,
                modules=frozenset(module.pk for module in each.modules.all()),
                last_day=each.last_day,
                order=each.pk,
            )
            for each in terms
        ],
        requirements=[
            RequirementFact(each.module_id, each.started_on, each.clauses, each.pk)
            for each in ModuleRequirement.objects.filter(module__in=modules)
        ],
    )


def people_facts(enrolments: Iterable[Enrolment]) -> PeopleFacts:
    """Evidence by enrolment and memberships by person (3 queries)."""
    enrolments = list(enrolments)
    evidence: dict[int, list[EvidenceFact]] = defaultdict(list)
    for row in Evidence.objects.filter(enrolment__in=[each.pk for each in enrolments]):
        evidence[row.enrolment_id].append(
            EvidenceFact(
                id=row.id,
                activity=row.activity_id,
                kind=row.kind,
                received_at=row.received_at,
                points=row.points,
                possible=row.possible,
                is_reported=row.is_reported,
            )
        )
    return PeopleFacts(evidence, membership_facts([each.person_id for each in enrolments]))


def membership_facts(people: Sequence[int]) -> dict[int, list[MembershipFact]]:
    """Primary memberships by person, cut where the kind of the unit changed (2 queries)."""
    members = list(Membership.objects.filter(person__in=people, is_primary=True))
    versions: dict[int, list[UnitVersion]] = defaultdict(list)
    for version in UnitVersion.objects.filter(unit__in={each.unit_id for each in members}):
        versions[version.unit_id].append(version)
    facts: dict[int, list[MembershipFact]] = defaultdict(list)
    for member in members:
        facts[member.person_id].extend(_stretches(member, versions[member.unit_id]))
    return facts


def enrolment_facts(enrolment: Enrolment) -> Facts:
    """All that decides one enrolment."""
    people = people_facts([enrolment])
    return run_facts(enrolment.run).of(
        people.evidence.get(enrolment.pk, []), people.memberships.get(enrolment.person_id, [])
    )


def _rules_touching(modules: set[int]) -> Iterable[ActivityRule]:
    """Every rule of every activity that ever belonged to the modules, wherever it is now."""
    activities = ActivityRule.objects.filter(module__in=modules).values("activity")
    return ActivityRule.objects.filter(activity__in=activities)


def _stretches(member: Membership, versions: Iterable[UnitVersion]) -> Iterator[MembershipFact]:
    for version in versions:
        starts = max(member.started_on, version.started_on)
        ends = _earlier(member.ended_on, version.ended_on)
        if ends is None or starts <= ends:
            yield MembershipFact(
                started_on=starts,
                ended_on=ends,
                group=member.staff_group,
                position=member.position,
                unit_kind=version.kind,
            )


def _earlier(first: date | None, second: date | None) -> date | None:
    """The earlier last day; None is open."""
    if first is None or second is None:
        return first or second
    return min(first, second)
