"""From evidence to completions: deciding one enrolment, or all those that a change touches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from courses.facts import RunFacts, enrolment_facts, people_facts, run_facts
from courses.models import CourseRun, Enrolment
from courses.rules import Decisions, decide
from courses.services.storing import store
from people.models import Membership, UnitVersion

BATCH = 500  # enrolments decided in one transaction when many are due


def decide_enrolment(enrolment: Enrolment, *, at: datetime) -> Decisions:
    """Decide one enrolment up to the instant and store what is new.

    The caller holds a transaction; the enrolment's row is locked, because two pieces of evidence
    that arrive together must see each other.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    decisions = decide(enrolment_facts(enrolment), until=at)
    store({enrolment: decisions})
    return decisions


def decide_runs(runs: Iterable[CourseRun], *, at: datetime) -> int:
    """Decide every unfinished enrolment of the runs anew; returns how many runs were completed."""
    completed = 0
    for run in runs:
        unfinished = Enrolment.objects.filter(run=run, course_completion__isnull=True)
        completed += _decide_many(run, list(unfinished.order_by("pk")), at=at)
    return completed


def decide_people(people: Iterable[int], *, at: datetime) -> int:
    """Decide the unfinished runs of these people anew, after their memberships changed."""
    unfinished = Enrolment.objects.filter(
        person__in=list(people), course_completion__isnull=True
    ).select_related("run")
    by_run: dict[CourseRun, list[Enrolment]] = {}
    for enrolment in unfinished.order_by("run_id", "pk"):
        by_run.setdefault(enrolment.run, []).append(enrolment)
    return sum(_decide_many(run, enrolments, at=at) for run, enrolments in by_run.items())


def decide_changes_of(day: date, *, at: datetime) -> int:
    """Decide the unfinished runs of whoever changes group, unit or kind of unit on that day.

    A change entered beforehand takes effect without any request.
    """
    people = Membership.objects.filter(started_on=day).values_list("person", flat=True)
    kinds = UnitVersion.objects.filter(started_on=day).values("unit")
    moved = Membership.objects.primary_on(day).filter(unit__in=kinds)
    return decide_people({*people, *moved.values_list("person", flat=True)}, at=at)


def _decide_many(run: CourseRun, enrolments: list[Enrolment], *, at: datetime) -> int:
    completed = 0
    facts = run_facts(run)
    for start in range(0, len(enrolments), BATCH):
        with transaction.atomic():
            completed += _decide_batch(facts, enrolments[start : start + BATCH], at=at)
    return completed


def _decide_batch(facts: RunFacts, enrolments: list[Enrolment], *, at: datetime) -> int:
    keys = [each.pk for each in enrolments]
    locked = list(
        Enrolment.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .select_related("person", "run__course")
        .order_by("pk")
    )
    people = people_facts(locked)
    decided = {
        enrolment: decide(
            facts.of(
                people.evidence.get(enrolment.pk, []),
                people.memberships.get(enrolment.person_id, []),
            ),
            until=at,
        )
        for enrolment in locked
    }
    store(decided)
    return sum(decisions.course is not None for decisions in decided.values())
