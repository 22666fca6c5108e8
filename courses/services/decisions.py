"""From evidence to completions: deciding one enrolment, or all those that a change may touch.

Finished enrolments are decided again too: a completed course stays as it is, but a module that is
complete since a rule changed is stored whoever has finished by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from courses.facts import RunFacts, people_facts, run_facts
from courses.models import CourseRun, Enrolment, Evidence, RunTerms
from courses.rules import Decisions, decide
from courses.services.storing import store
from people.dates import local_day

BATCH = 500  # enrolments decided in one transaction


def decide_after(evidence: Evidence) -> Decisions:
    """Decide the enrolment of new evidence, up to the instant it was received.

    The caller holds a transaction and the lock of the enrolment: two pieces of evidence that arrive
    together must see each other.
    """
    enrolment = evidence.enrolment
    decided = decide_all(run_facts(enrolment.run), [enrolment], at=evidence.received_at)
    store(decided, evidence_at=evidence.received_at)
    return decided[enrolment]


def decide_runs(runs: Iterable[CourseRun], *, at: datetime) -> None:
    """Decide every enrolment of the runs anew, a batch in a transaction."""
    for run in runs:
        facts = run_facts(run)
        for keys in batches(run):
            with transaction.atomic():
                store(decide_all(facts, locked(keys), at=at))


def decide_people(people: Iterable[int], *, at: datetime) -> None:
    """Decide the runs of these people anew, after their memberships changed."""
    by_run: dict[int, list[int]] = {}
    enrolments = Enrolment.objects.unmerged().filter(person__in=list(people))
    enrolments = enrolments.order_by("run_id", "pk")
    for run_key, enrolment_key in enrolments.values_list("run_id", "pk"):
        by_run.setdefault(run_key, []).append(enrolment_key)
    for run in CourseRun.objects.filter(pk__in=by_run).order_by("pk"):
        facts = run_facts(run)
        with transaction.atomic():
            store(decide_all(facts, locked(by_run[run.pk]), at=at))


def decide_open_runs(*, at: datetime) -> None:
    """Decide all runs that are not over, or ended yesterday.

    So that what begins to hold without any request (a change of group or a requirement entered
    beforehand) is stored on its day, and what a killed process left undone soon after.
    """
    yesterday = local_day(at) - timedelta(days=1)
    terms = RunTerms.objects.in_force(at=at).select_related("run")
    decide_runs([each.run for each in terms if each.last_day >= yesterday], at=at)


def decide_all(
    facts: RunFacts, enrolments: list[Enrolment], *, at: datetime
) -> dict[Enrolment, Decisions]:
    """What follows for enrolments of one run (3 queries, however many they are)."""
    people = people_facts(enrolments)
    return {
        enrolment: decide(
            facts.of(
                people.evidence.get(enrolment.pk, []),
                people.memberships.get(enrolment.person_id, []),
            ),
            until=at,
        )
        for enrolment in enrolments
    }


def batches(run: CourseRun) -> Iterator[list[int]]:
    """Keys of the run's enrolments, `BATCH` at a time; without what merges left behind."""
    enrolments = Enrolment.objects.unmerged().filter(run=run)
    keys = list(enrolments.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def locked(keys: list[int]) -> list[Enrolment]:
    """The enrolments, locked until the transaction ends, in an order that can't deadlock."""
    return list(fetched(keys).select_for_update(of=("self",)))


def fetched(keys: list[int]) -> QuerySet[Enrolment]:
    """The enrolments with what a certificate copies."""
    rows = Enrolment.objects.filter(pk__in=keys).select_related("person", "run__course")
    return rows.order_by("pk")
