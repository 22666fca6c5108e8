"""The dated facts that `courses.rules` decides by, fetched in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, QuerySet

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
        rules=[rule_fact(each) for each in rules_touching(modules)],
        terms=[terms_fact(each) for each in terms],
        requirements=requirement_facts(modules),
    )


def rule_fact(rule: ActivityRule) -> RuleFact:
    return RuleFact(
        activity=rule.activity_id,
        module=rule.module_id,
        effective_at=rule.effective_at,
        is_required=rule.is_required,
        kind=rule.kind,
        pass_mark_tenths=rule.pass_mark_tenths,
        accepts_reported=rule.accepts_reported,
        order=rule.pk,
    )


def terms_fact(terms: RunTerms) -> TermsFact:
    """Their modules are fetched already."""
    return TermsFact(
        effective_at=terms.effective_at,
        modules=frozenset(module.pk for module in terms.modules.all()),
        last_day=terms.last_day,
        order=terms.pk,
    )


def requirement_facts(modules: Collection[int]) -> list[RequirementFact]:
    return [
        RequirementFact(each.module_id, each.started_on, each.clauses, each.pk)
        for each in ModuleRequirement.objects.filter(module__in=modules)
    ]


def people_facts(enrolments: Iterable[Enrolment]) -> PeopleFacts:
    """Evidence by enrolment and memberships by person (2 queries)."""
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
    """Primary memberships by person, cut where the kind of the unit changed (1 query)."""
    rows = (
        Membership.objects.filter(person__in=people, is_primary=True, unit__versions__isnull=False)
        .order_by("person_id", "started_on", "unit__versions__started_on")
        .annotate(
            version_started_on=F("unit__versions__started_on"),
            version_ended_on=F("unit__versions__ended_on"),
            unit_kind=F("unit__versions__kind"),
        )
    )
    facts: dict[int, list[MembershipFact]] = defaultdict(list)
    for row in rows:
        facts[row.person_id].extend(
            _stretch(row, row.version_started_on, row.version_ended_on, row.unit_kind)
        )
    return facts


def facts_of_memberships(rows: Iterable[Membership]) -> list[MembershipFact]:
    """The same of rows that nobody stored, all of one person (1 query)."""
    rows = sorted((row for row in rows if row.is_primary), key=lambda row: row.started_on)
    versions = UnitVersion.objects.filter(unit__in={row.unit_id for row in rows})
    known = list(versions.order_by("started_on"))
    return [
        fact
        for row in rows
        for version in known
        if version.unit_id == row.unit_id
        for fact in _stretch(row, version.started_on, version.ended_on, version.kind)
    ]


def enrolment_facts(enrolment: Enrolment) -> Facts:
    """All that decides one enrolment."""
    people = people_facts([enrolment])
    return run_facts(enrolment.run).of(
        people.evidence.get(enrolment.pk, []), people.memberships.get(enrolment.person_id, [])
    )


def rules_touching(modules: Collection[int]) -> QuerySet[ActivityRule]:
    """Every rule of every activity that ever belonged to the modules, wherever it is now."""
    activities = ActivityRule.objects.filter(module__in=modules).values("activity")
    return ActivityRule.objects.filter(activity__in=activities)


def _stretch(
    row: Membership, started_on: date, ended_on: date | None, unit_kind: str
) -> Iterator[MembershipFact]:
    """What a membership and a version of its unit have in common, if anything."""
    starts = max(row.started_on, started_on)
    ends = _earlier(row.ended_on, ended_on)
    if ends is None or starts <= ends:
        yield MembershipFact(
            started_on=starts,
            ended_on=ends,
            group=row.staff_group,
            position=row.position,
            unit_kind=unit_kind,
        )


def _earlier(first: date | None, second: date | None) -> date | None:
    """The earlier last day; None is open."""
    if first is None or second is None:
        return first or second
    return min(first, second)
