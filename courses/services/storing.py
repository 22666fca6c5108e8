"""Storing what was decided.

A stored completion is never taken back. It moves to an earlier instant when evidence with an
earlier `received_at` turns up, so that the order in which rows were written makes no difference.
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


def store(decided: Decided) -> None:
    """Write what is not yet there, move what turns out to be earlier; tell of completed courses.

    The caller holds a transaction and the locks of the enrolments. The number of queries does not
    depend on how many they are, but for those that move.
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
    _store_each(ActivityCompletion, "activity_id", activities)
    _store_each(ModuleCompletion, "module_id", modules)
    _store_courses(
        {
            enrolment: (decisions.course, decisions.course_modules)
            for enrolment, decisions in decided.items()
            if decisions.course is not None
        }
    )


def _store_each(model: type[models.Model], key: str, decided: Instants) -> None:
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
        if instant < stored.get((enrolment, target), instant):
            rows.filter(enrolment=enrolment, **{key: target}).update(completed_at=instant)


def _store_courses(decided: Mapping[Enrolment, tuple[datetime, Collection[int]]]) -> None:
    if not decided:
        return
    stored = {
        each.enrolment_id: each for each in CourseCompletion.objects.filter(enrolment__in=decided)
    }
    codes = dict(Module.objects.values_list("pk", "code"))
    completions = CourseCompletion.objects.bulk_create(
        CourseCompletion(
            enrolment=enrolment,
            completed_at=instant,
            modules=sorted(codes[module] for module in modules),
        )
        for enrolment, (instant, modules) in decided.items()
        if enrolment.pk not in stored
    )
    for completion in completions:
        course_completed.send(sender=CourseCompletion, completion=completion)
    for enrolment, (instant, _modules) in decided.items():
        known = stored.get(enrolment.pk)
        if known and instant < known.completed_at:
            CourseCompletion.objects.filter(pk=known.pk).update(completed_at=instant)
