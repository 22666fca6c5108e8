"""The people of a run, as a list shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from certificates.models import Certificate, Revocation
from courses.models import CourseRun, Enrolment, Evidence, RunTerms
from people.dates import held_on
from people.models import Person, UnitClosure, UnitVersion
from people.models.person import PersonQuerySet


@dataclass(frozen=True, slots=True)
class ProgressFilter:
    """Empty: all of them. `unit` is a code and means its subtree of today."""

    unit: str = ""
    sex: str = ""
    group: str = ""
    words: str = ""


def run_people(
    terms: RunTerms, *, among: PersonQuerySet, chosen: ProgressFilter, today: date
) -> QuerySet[Person]:
    """Among these whoever the run's audience holds, or held when she began, in name order.

    Annotates `is_due` (the audience holds her still), and `group`, `position` and `unit_kind` of
    her primary membership of today, None without one.
    """
    due = Q(pk__in=terms.audience(on=terms.counted_on(today)).values("pk"))
    begun = Q(pk__in=Enrolment.objects.filter(run=terms.run_id).values("person"))
    people = with_post(among.filter(due | begun), today)
    if chosen.words:
        people = people.found_by(chosen.words)
    if chosen.sex:
        people = people.filter(sex=chosen.sex)
    if chosen.group:
        people = people.filter(post__staff_group=chosen.group)  # type: ignore[misc]
    if chosen.unit:
        below = UnitClosure.objects.filter(held_on(today), ancestor__code=chosen.unit)
        people = people.filter(post__unit__in=below.values("unit"))  # type: ignore[misc]
    return people.annotate(
        is_due=ExpressionWrapper(due, output_field=BooleanField()),
        group=F("post__staff_group"),
        position=F("post__position"),
        unit_kind=Subquery(_versions(today).values("kind")[:1]),
    ).order_by("sort_key", "code")


def with_details(keys: list[int], run: CourseRun, *, today: date) -> Mapping[int, Any]:
    """What a list tells of these people in the run (1 query).

    Annotates `unit_name` and `group` of today, `last_activity_at`, and of the certificate that the
    run earned `certificate_id`, `certificate_number` (empty until it is in the register) and
    `is_revoked`.
    """
    evidence = Evidence.objects.filter(enrolment__run=run, enrolment__person=OuterRef("pk"))
    certificates = Certificate.objects.filter(
        person=OuterRef("pk"), completion__enrolment__run=run, replaced_by__isnull=True
    )
    revocations = Revocation.objects.filter(
        certificate__person=OuterRef("pk"),
        certificate__completion__enrolment__run=run,
        certificate__replaced_by__isnull=True,
        effective_on__lte=today,
    )
    return (
        with_post(Person.objects.filter(pk__in=keys), today)
        .annotate(
            unit_name=Subquery(_versions(today).values("name")[:1]),
            group=F("post__staff_group"),
            last_activity_at=Subquery(evidence.order_by("-received_at").values("received_at")[:1]),
            certificate_id=Subquery(certificates.values("pk")[:1]),
            certificate_number=Subquery(certificates.values("number")[:1]),
            is_revoked=Exists(revocations),
        )
        .in_bulk()
    )


def with_post(people: PersonQuerySet, today: date) -> PersonQuerySet:
    """`post` is the primary membership of the day, of which there is at most one."""
    held = held_on(today, "memberships__") & Q(memberships__is_primary=True)
    return people.alias(post=FilteredRelation("memberships", condition=held))


def _versions(today: date) -> QuerySet[UnitVersion]:
    return UnitVersion.objects.filter(held_on(today), unit=OuterRef("post__unit"))
