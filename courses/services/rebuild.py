"""Replaying all evidence, to see that what is stored is what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from courses.facts import people_facts, run_facts
from courses.models import (
    ActivityCompletion,
    CourseCompletion,
    CourseRun,
    Enrolment,
    ModuleCompletion,
)
from courses.rules import Decisions, decide
from courses.services.storing import store

BATCH = 500  # enrolments held in memory at a time


@dataclass(slots=True)
class Rebuild:
    """What a replay found. Each line names what it is about.

    `drift`: evidence says complete, the stored rows don't, or say it later; mended unless only
    checking. `standing`: stored decisions that today's corrected facts would not repeat, or would
    date later; they stand, since a decision once made is a record.
    """

    enrolments: int = 0
    drift: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)


def rebuild_completions(*, at: datetime, is_check: bool = False) -> Rebuild:
    """Decide every enrolment anew up to the instant; store what is missing unless checking."""
    report = Rebuild()
    for run in CourseRun.objects.order_by("pk"):
        facts = run_facts(run)
        for batch in _batches(run):
            with transaction.atomic():
                people = people_facts(batch)
                stored = _stored(batch)
                for enrolment in batch:
                    decisions = decide(
                        facts.of(
                            people.evidence.get(enrolment.pk, []),
                            people.memberships.get(enrolment.person_id, []),
                        ),
                        until=at,
                    )
                    drifted = _compare(enrolment, decisions, stored[enrolment.pk], report)
                    if drifted and not is_check:
                        store({enrolment: decisions})
                    report.enrolments += 1
    return report


Instants = dict[tuple[str, int], datetime]


def _batches(run: CourseRun) -> Iterator[list[Enrolment]]:
    last = 0
    while True:
        batch = list(
            Enrolment.objects.filter(run=run, pk__gt=last)
            .select_related("person")
            .order_by("pk")[:BATCH]
        )
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def _stored(batch: list[Enrolment]) -> Mapping[int, Instants]:
    stored: dict[int, Instants] = {enrolment.pk: {} for enrolment in batch}
    sources = [
        ("activity", ActivityCompletion.objects, "activity_id"),
        ("module", ModuleCompletion.objects, "module_id"),
        ("course", CourseCompletion.objects, "enrolment__run__course_id"),
    ]
    for name, manager, key in sources:
        rows = manager.filter(enrolment__in=list(stored))
        for enrolment, target, instant in rows.values_list("enrolment_id", key, "completed_at"):
            stored[enrolment][name, target] = instant
    return stored


def _compare(enrolment: Enrolment, decisions: Decisions, stored: Instants, report: Rebuild) -> bool:
    decided: Instants = {("activity", key): at for key, at in decisions.activities.items()}
    decided |= {("module", key): at for key, at in decisions.modules.items()}
    if decisions.course is not None:
        decided["course", enrolment.run.course_id] = decisions.course
    drifted = False
    for what in sorted(decided.keys() | stored.keys()):
        is_at, was_at = decided.get(what), stored.get(what)
        if is_at == was_at:
            continue
        line = f"{enrolment.run.code} {enrolment.person.code} {what[0]} {what[1]}"
        if is_at is not None and (was_at is None or is_at < was_at):
            report.drift.append(f"{line}: stored {was_at}, evidence says {is_at}")
            drifted = True
        else:
            report.standing.append(f"{line}: stored {was_at}, evidence says {is_at}")
    return drifted
