"""From evidence to completions, in the transaction that brought the evidence.

A stored completion is never taken back. It moves to an earlier instant when evidence with an
earlier `received_at` turns up, so that the order in which rows were written makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import models, transaction

from courses.facts import RunFacts, enrolment_facts, people_facts, run_facts
from courses.models import (
    ActivityCompletion,
    CourseCompletion,
    CourseRun,
    Enrolment,
    Module,
    ModuleCompletion,
)
from courses.rules import Decisions, decide
from courses.signals import course_completed
from people.models import Membership, UnitVersion

BATCH = 500  # enrolments decided in one transaction when many are due


def decide_enrolment(enrolment: Enrolment, *, at: datetime) -> Decisions:
    """Decide one enrolment up to the instant and store what is new.

    The caller holds a transaction; the enrolment's row is locked, because two pieces of evidence
    that arrive together must see each other.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    decisions = decide(enrolment_facts(enrolment), until=at)
    store(enrolment, decisions)
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


def store(enrolment: Enrolment, decisions: Decisions) -> None:
    """Write the completions that are not yet there, move those that turn out to be earlier."""
    _store_each(ActivityCompletion, "activity_id", enrolment, decisions.activities)
    _store_each(ModuleCompletion, "module_id", enrolment, decisions.modules)
    if decisions.course is None:
        return
    codes = Module.objects.filter(pk__in=decisions.course_modules).values_list("code", flat=True)
    completion, is_new = CourseCompletion.objects.get_or_create(
        enrolment=enrolment,
        defaults={"completed_at": decisions.course, "modules": sorted(codes)},
    )
    if is_new:
        course_completed.send(sender=CourseCompletion, completion=completion)
    elif decisions.course < completion.completed_at:
        CourseCompletion.objects.filter(pk=completion.pk).update(completed_at=decisions.course)


def _store_each(
    model: type[models.Model],
    key: str,
    enrolment: Enrolment,
    decided: Mapping[int, datetime],
) -> None:
    rows = model._default_manager.filter(enrolment=enrolment)
    stored = dict(rows.values_list(key, "completed_at"))
    model._default_manager.bulk_create(
        [
            model(enrolment=enrolment, completed_at=instant, **{key: target})
            for target, instant in decided.items()
            if target not in stored
        ]
    )
    for target, instant in decided.items():
        if target in stored and instant < stored[target]:
            rows.filter(**{key: target}).update(completed_at=instant)


def _decide_many(run: CourseRun, enrolments: list[Enrolment], *, at: datetime) -> int:
    completed = 0
    facts = run_facts(run)
    for start in range(0, len(enrolments), BATCH):
        with transaction.atomic():
            completed += _decide_batch(facts, enrolments[start : start + BATCH], at=at)
    return completed


def _decide_batch(facts: RunFacts, enrolments: list[Enrolment], *, at: datetime) -> int:
    keys = [each.pk for each in enrolments]
    locked = list(Enrolment.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    people = people_facts(locked)
    completed = 0
    for enrolment in locked:
        decisions = decide(
            facts.of(
                people.evidence.get(enrolment.pk, []),
                people.memberships.get(enrolment.person_id, []),
            ),
            until=at,
        )
        store(enrolment, decisions)
        completed += decisions.course is not None
    return completed


def decide_changes_of(day: date, *, at: datetime) -> int:
    """Decide the unfinished runs of whoever changes group, unit or kind of unit on that day.

    A change entered beforehand takes effect without any request.
    """
    people = Membership.objects.filter(started_on=day).values_list("person", flat=True)
    kinds = UnitVersion.objects.filter(started_on=day).values("unit")
    moved = Membership.objects.primary_on(day).filter(unit__in=kinds)
    return decide_people({*people, *moved.values_list("person", flat=True)}, at=at)
