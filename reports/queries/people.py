"""The people behind a figure, and one person's record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from certificates.models import Certificate, Revocation
from courses.models import Enrolment, ModuleCompletion
from courses.queries import Explanation, due_runs, explain_runs
from people.dates import start_of_day
from people.models import Membership, Person, Unit
from people.queries.own_record import memberships_of
from reports.queries.audience import Question, is_complete, members, qualifying
from reports.queries.coverage import inside

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Empty or None: all of them."""

    group: str = ""
    sex: str = ""
    is_done: bool | None = None
    words: str = ""


def people_behind(
    question: Question, unit: Unit, *, viewer: User, chosen: PeopleFilter
) -> QuerySet[Membership]:
    """Memberships counted in the unit's figure whose people the viewer may see, in name order.

    Annotated with `is_complete`, `certified_on` (the latest certificate that counts),
    `certified_once` (the latest one, whether or not it counts), `has_begun`, `modules_done` and
    `unit_name`.
    """
    visible = Person.objects.visible_to(viewer, on=question.as_of).found_by(chosen.words)
    rows = inside(members(question), unit).filter(person__in=visible.values("pk"))
    if chosen.group:
        rows = rows.filter(staff_group=chosen.group)
    if chosen.sex:
        rows = rows.filter(person__sex=chosen.sex)
    rows = _with_result(rows, question)
    if chosen.is_done is not None:
        rows = rows.filter(is_complete=chosen.is_done)  # type: ignore[misc]
    return _with_progress(rows, question).order_by("person__sort_key", "person__code")


def standing_of(person: Person, question: Question) -> Membership | None:
    """The person's row of `people_behind`; None while the target doesn't count her."""
    hers = members(question).filter(person=person, place__distance=0)  # type: ignore[misc]
    return _with_progress(_with_result(hers, question), question).first()


def _with_result(rows: QuerySet[Membership], question: Question) -> QuerySet[Membership]:
    condition = is_complete(question, is_few=True)
    return rows.annotate(is_complete=ExpressionWrapper(condition, BooleanField()))


def _with_progress(rows: QuerySet[Membership], question: Question) -> QuerySet[Membership]:
    courses = question.target.courses.values("pk")
    until = start_of_day(question.as_of + timedelta(days=1))
    ever = Certificate.objects.filter(course__in=courses, completed_on__lte=question.as_of)
    begun = Enrolment.objects.filter(
        person=OuterRef("person"), run__course__in=courses, began_at__lt=until
    )
    modules = ModuleCompletion.objects.filter(
        enrolment__person=OuterRef("person"), module__course__in=courses, completed_at__lt=until
    )
    done = (
        modules.order_by()
        .values("enrolment__person")
        .annotate(number=Count("module", distinct=True))
    )
    return rows.annotate(
        certified_on=_latest(qualifying(question)),
        certified_once=_latest(ever),
        has_begun=Exists(begun),
        modules_done=Coalesce(Subquery(done.values("number")), 0),
        unit_name=F("version__name"),
    ).select_related("person", "unit")


def _latest(certificates: QuerySet[Certificate]) -> Subquery:
    hers = certificates.order_by().filter(person=OuterRef("person"))
    return Subquery(hers.values("person").annotate(last=Max("completed_on")).values("last"))


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one person's training; `runs` say what is still missing."""

    memberships: list[Membership]
    runs: list[Explanation]
    certificates: list[Certificate]


def record_of(person: Person, *, at: datetime) -> Record:
    return Record(
        memberships=list(memberships_of(person)),
        runs=explain_runs(person, due_runs(person, at=at), at=at),
        certificates=list(
            _with_revocation(person.certificates.select_related("course", "vouched_by__person"))
        ),
    )


def _with_revocation(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Annotates `revoked_on`, None while the certificate stands."""
    revocation = Revocation.objects.filter(certificate=OuterRef("pk"))
    return rows.annotate(revoked_on=Subquery(revocation.values("effective_on")[:1]))
