"""The people behind a figure, and one person's record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from courses.models import Enrolment, Module, ModuleCompletion
from courses.queries import Explanation, due_runs, explain_runs
from people.dates import local_day, start_of_day
from people.models import Membership, Person, Unit
from people.queries.own_record import memberships_of
from reports.queries.audience import Question, has_module, is_complete, members, qualifying
from reports.queries.coverage import inside

if TYPE_CHECKING:
    from people.models import User


SHARED = "shared"  # in an address: units that are of neither sector
OF_BOTH = {SHARED: ""}


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Empty or None: all of them. `sector` and `kind` are the unit's on the day; `module`: has it,
    `without`: lacks it."""

    group: str = ""
    sex: str = ""
    kind: str = ""
    sector: str = ""
    is_done: bool | None = None
    module: Module | None = None
    without: Module | None = None
    words: str = ""

    @property
    def lookups(self) -> dict[str, str]:
        """What is asked of the membership itself."""
        asked = {
            "staff_group": self.group,
            "person__sex": self.sex,
            "unit_kind": self.kind,
            "unit_sector": self.sector,
        }
        return {path: OF_BOTH.get(value, value) for path, value in asked.items() if value}


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
    rows = rows.filter(**chosen.lookups)
    if chosen.module:
        rows = rows.filter(has_module(question, chosen.module.pk, is_few=True))
    if chosen.without:
        rows = rows.exclude(has_module(question, chosen.without.pk, is_few=True))
    rows = _with_result(rows, question)
    if chosen.is_done is not None:
        rows = rows.filter(is_complete=chosen.is_done)  # type: ignore[misc]
    return _with_progress(rows, question).order_by("person__sort_key", "person__code")


def standing_of(person: Person, question: Question) -> Membership | None:
    """The person's row of `people_behind`; None while the target doesn't count her."""
    hers = members(question).filter(person=person, place__distance=0)  # type: ignore[misc]
    return _with_progress(_with_result(hers, question), question).first()


def is_complete_for(person: Person, question: Question) -> bool | None:
    """None while the target doesn't count her (1 query)."""
    hers = members(question).filter(person=person, place__distance=0)  # type: ignore[misc]
    row = _with_result(hers, question).first()
    return row.is_complete if row else None  # type: ignore[attr-defined]


def _with_result(rows: QuerySet[Membership], question: Question) -> QuerySet[Membership]:
    condition = is_complete(question, is_few=True)
    return rows.annotate(is_complete=ExpressionWrapper(condition, BooleanField()))


def _with_progress(rows: QuerySet[Membership], question: Question) -> QuerySet[Membership]:
    courses = question.target.counted_courses.values("pk")
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
    career: Career
    runs: list[Explanation]
    certificates: list[Certificate]

    @property
    def origins(self) -> dict[Origin, int]:
        """Where recorded certificates come from, numbered."""
        recorded = (Origin.of(each) for each in self.certificates if each.is_recorded)
        return {origin: number for number, origin in enumerate(dict.fromkeys(recorded), start=1)}

    @property
    def noted_certificates(self) -> list[tuple[Certificate, int | None]]:
        """Each with the number of its origin."""
        origins = self.origins
        return [(each, origins.get(Origin.of(each))) for each in self.certificates]


@dataclass(frozen=True, slots=True)
class Career:
    """Where she counts on a day, else where she counted last; and the first that comes after."""

    here: Membership | None
    last: Membership | None
    following: Membership | None

    @classmethod
    def on(cls, day: date, memberships: Iterable[Membership]) -> Career:
        rows = sorted((r for r in memberships if r.is_primary), key=lambda row: row.started_on)
        begun = [row for row in rows if row.started_on <= day]
        last = begun[-1] if begun else None
        is_over = last is None or (last.ended_on is not None and last.ended_on < day)
        return cls(
            here=None if is_over else last,
            last=last if is_over else None,
            following=next((row for row in rows if row.started_on > day), None),
        )

    @property
    def leads_elsewhere(self) -> bool:
        """Whether what follows is another unit's."""
        return bool(self.here and self.following and self.here.unit_id != self.following.unit_id)


@dataclass(frozen=True, slots=True)
class Origin:
    """Of a certificate that somebody else issued."""

    issuer: str
    vouched_by: User | None
    has_file: bool

    @classmethod
    def of(cls, certificate: Certificate) -> Origin:
        return cls(certificate.issuer, certificate.vouched_by, bool(certificate.evidence_file))


def record_of(person: Person, *, at: datetime) -> Record:
    memberships = list(memberships_of(person))
    return Record(
        memberships=memberships,
        career=Career.on(local_day(at), memberships),
        runs=explain_runs(person, due_runs(person, at=at), at=at),
        certificates=list(
            _with_revocation(person.certificates.select_related("course", "vouched_by__person"))
        ),
    )


def _with_revocation(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Annotates `revoked_on`, None while the certificate stands."""
    revocation = Revocation.objects.filter(certificate=OuterRef("pk"))
    return rows.annotate(revoked_on=Subquery(revocation.values("effective_on")[:1]))
