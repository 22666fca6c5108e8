"""Replaying all evidence, to see that what is stored is what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from courses.facts import run_facts
from courses.models import (
    ActivityCompletion,
    CourseCompletion,
    CourseRun,
    Enrolment,
    ModuleCompletion,
)
from courses.rules import Decisions
from courses.services.decisions import batches, decide_all, fetched, locked
from courses.services.storing import store


@dataclass(slots=True)
class Rebuild:
    """What a replay found; each line names what it is about.

    `drift`: evidence says complete, and no row is stored; mended unless only checking. `standing`:
    stored decisions that today's corrected facts would not repeat, or would date otherwise. They
    stand, since a decision once made is a record.
    """

    enrolments: int = 0
    drift: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)


def rebuild_completions(*, at: datetime, is_check: bool = False) -> Rebuild:
    """Decide every enrolment anew up to the instant; store what is missing unless checking."""
    report = Rebuild()
    for run in CourseRun.objects.order_by("pk"):
        facts = run_facts(run)
        for keys in batches(run):
            with transaction.atomic():
                rows = list(fetched(keys)) if is_check else locked(keys)
                decided = decide_all(facts, rows, at=at)
                _compare(run, decided, report)
                if not is_check:
                    store(decided)
                report.enrolments += len(rows)
    return report


Instants = dict[tuple[str, int], datetime]  # by what was completed


def _compare(run: CourseRun, decided: Mapping[Enrolment, Decisions], report: Rebuild) -> None:
    stored = _stored(list(decided))
    for enrolment, decisions in decided.items():
        wanted = _wanted(run, decisions)
        found = stored[enrolment.pk]
        for what in sorted(wanted.keys() | found.keys()):
            if wanted.get(what) == found.get(what):
                continue
            line = f"{run.code} {enrolment.person.code} {what[0]} {what[1]}"
            line += f": stored {found.get(what)}, evidence says {wanted.get(what)}"
            (report.standing if what in found else report.drift).append(line)


def _wanted(run: CourseRun, decisions: Decisions) -> Instants:
    wanted: Instants = {("activity", key): at for key, at in decisions.activities.items()}
    wanted |= {("module", key): at for key, at in decisions.modules.items()}
    if decisions.course is not None:
        wanted["course", run.course_id] = decisions.course
    return wanted


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
