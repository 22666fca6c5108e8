"""Which runs are a person's to work in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Q

from courses.models import Course, CourseRun, Enrolment, Module, RunTerms
from people.dates import local_day
from people.models import Person


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run and the terms in force now."""

    run: CourseRun
    terms: RunTerms
    enrolment: Enrolment | None


def open_runs(
    person: Person,
    *,
    at: datetime,
    course: Course | None = None,
    module: Module | None = None,
) -> list[OpenRun]:
    """Runs that take the person's evidence at the instant; the one that it goes to leads.

    A run is open to her from its first day to its last while its audience holds her; whoever began
    inside the window may go on through the grace period, even if she has left the audience since.
    Unfinished runs come before finished ones, those that hold her before those that held her, those
    still in their window before those in grace, and then the one that ends first.
    """
    terms = RunTerms.objects.in_force(at=at).filter(opens_on__lte=local_day(at))
    if course is not None:
        terms = terms.filter(run__course=course)
    if module is not None:
        terms = terms.filter(modules=module)
    candidates = _current(terms.select_related("run__course"), local_day(at))
    enrolments = Enrolment.objects.filter(
        person=person, run__in=[each.run_id for each in candidates]
    ).select_related("course_completion")
    found = _with_enrolment(candidates, {each.run_id: each for each in enrolments})
    return _ranked(found, person, local_day(at))


def _current(terms: Iterable[RunTerms], day: date) -> list[RunTerms]:
    return [each for each in terms if each.opens_on <= day <= each.last_day]


def _with_enrolment(
    terms: Iterable[RunTerms], enrolments: Mapping[int, Enrolment]
) -> list[OpenRun]:
    return [OpenRun(each.run, each, enrolments.get(each.run_id)) for each in terms]


def _ranked(found: list[OpenRun], person: Person, day: date) -> list[OpenRun]:
    """Those open to the person, in the order of `open_runs`."""
    if len(found) == 1 and found[0].enrolment is not None:
        return found  # nothing to choose between
    ranked = [(_rank(each, person, day), each) for each in found]
    return [each for rank, each in sorted(ranked, key=itemgetter(0)) if not rank.is_shut]


class _Rank(NamedTuple):
    """Sorts runs as `open_runs` says; a shut one is not the person's at all."""

    is_shut: bool
    is_finished: bool
    has_left: bool
    is_in_grace: bool
    closes_on: date
    key: int


def _rank(each: OpenRun, person: Person, day: date) -> _Rank:
    is_in_grace = day > each.terms.closes_on
    holds = each.terms.audience(on=day).filter(pk=person.pk).exists()
    enrolment = each.enrolment
    return _Rank(
        is_shut=enrolment is None and (is_in_grace or not holds),
        is_finished=enrolment is not None and hasattr(enrolment, "course_completion"),
        has_left=not holds,
        is_in_grace=is_in_grace,
        closes_on=each.terms.closes_on,
        key=each.terms.pk,
    )


def takes_evidence(enrolment: Enrolment, *, at: datetime) -> bool:
    """Whether work in this enrolment is still received: until the last day of grace."""
    terms = enrolment.run.terms_at(at)
    return terms is not None and terms.opens_on <= local_day(at) <= terms.last_day


def due_runs(person: Person, *, at: datetime) -> list[OpenRun]:
    """Runs that the person has to do with: open ones, then those she was ever enrolled in."""
    day = local_day(at)
    hers = Enrolment.objects.filter(person=person).select_related("course_completion")
    enrolments = {each.run_id: each for each in hers.order_by("-began_at")}
    asked = Q(opens_on__lte=day) | Q(run__in=list(enrolments))
    terms = list(RunTerms.objects.in_force(at=at).filter(asked).select_related("run__course"))
    current = _ranked(_with_enrolment(_current(terms, day), enrolments), person, day)
    known = {each.run.pk for each in current}
    named = {each.run_id: each for each in terms}
    past = [named[run] for run in enrolments if run in named and run not in known]
    return current + _with_enrolment(past, enrolments)
