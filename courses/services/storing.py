"""Storing what was decided.

A stored completion is never taken back. It moves only when evidence turns up that was received
before it, so that the order in which rows were written makes no difference; a corrected membership
or a backdated requirement moves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import models

from courses.models import (
    ActivityCompletion,
    CourseCompletion,
    Enrolment,
    Module,
    ModuleCompletion,
)
from courses.rules import Decisions
from courses.signals import course_completed

Decided = Mapping[Enrolment, Decisions]
Instants = dict[tuple[int, int], datetime]  # by enrolment and what was completed


def store(decided: Decided, *, evidence_at: datetime | None = None) -> None:
    """Write what is not yet there; tell of completed courses.

    With `evidence_at`, when new evidence was received: move what that makes earlier. The caller
    holds a transaction and the locks of the enrolments. The number of queries does not depend on
    how many they are, but for those that move.
    """
    activities = {
        (enrolment.pk, activity): instant
        for enrolment, decisions in decided.items()
        for activity, instant in decisions.activities.items()
    }
    modules = {
        (enrolment.pk, module): instant
        for enrolment, decisions in decided.items()
        for module, instant in decisions.modules.items()
    }
    _store_each(ActivityCompletion, "activity_id", activities, evidence_at)
    _store_each(ModuleCompletion, "module_id", modules, evidence_at)
    _store_courses(
        {
            enrolment: (decisions.course, decisions.course_modules)
            for enrolment, decisions in decided.items()
            if decisions.course is not None
        },
        evidence_at,
    )


def _store_each(
    model: type[models.Model], key: str, decided: Instants, evidence_at: datetime | None
) -> None:
    if not decided:
        return
    rows = model._default_manager.filter(enrolment__in={enrolment for enrolment, _ in decided})
    stored = {
        (enrolment, target): instant
        for enrolment, target, instant in rows.values_list("enrolment_id", key, "completed_at")
    }
    model._default_manager.bulk_create(
        model(enrolment_id=enrolment, completed_at=instant, **{key: target})
        for (enrolment, target), instant in decided.items()
        if (enrolment, target) not in stored
    )
    for (enrolment, target), instant in decided.items():
        if _moves(stored.get((enrolment, target)), instant, evidence_at):
            rows.filter(enrolment=enrolment, **{key: target}).update(completed_at=instant)


def _store_courses(
    decided: Mapping[Enrolment, tuple[datetime, Collection[int]]], evidence_at: datetime | None
) -> None:
    if not decided:
        return
    stored = {
        each.enrolment_id: each for each in CourseCompletion.objects.filter(enrolment__in=decided)
    }
    codes = dict(Module.objects.values_list("pk", "code"))
    new = []
    for enrolment, (instant, modules) in decided.items():
        known = stored.get(enrolment.pk)
        covered = sorted(codes[module] for module in modules)
        if known is None:
            new.append(CourseCompletion(enrolment=enrolment, completed_at=instant, modules=covered))
        elif _moves(known.completed_at, instant, evidence_at):
            CourseCompletion.objects.filter(pk=known.pk).update(
                completed_at=instant, modules=covered
            )
    for completion in CourseCompletion.objects.bulk_create(new):
        course_completed.send(sender=CourseCompletion, completion=completion)


def _moves(stored: datetime | None, decided: datetime, evidence_at: datetime | None) -> bool:
    """Whether new evidence, received in between, makes a stored completion earlier."""
    if stored is None or evidence_at is None:
        return False
    return evidence_at <= decided < stored
