"""What a principal asks of her own school: who is left, what is open, who can't sign in yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef

from courses.models import CourseCompletion, CourseRun, Enrolment, RunTerms
from people.dates import local_day
from people.models import Membership, Unit, User
from people.queries.requests import people_without_account
from reports.queries.audience import Question
from reports.queries.people import PeopleFilter, people_behind

MOST_LEFT = 10
MOST_RUNS = 3


@dataclass(frozen=True, slots=True)
class RunProgress:
    """People of one unit in one run; whoever is complete has begun too."""

    run: CourseRun
    terms: RunTerms
    due: int
    begun: int
    complete: int

    @property
    def learning(self) -> int:
        return self.begun - self.complete

    @property
    def waiting(self) -> int:
        return self.due - self.begun


@dataclass(frozen=True, slots=True)
class Workplace:
    """`left`: the first people who are not complete. The rest is of today; `without_account` counts
    those for whom the viewer may print a slip."""

    left: list[Membership]
    runs: list[RunProgress]
    without_account: int


def workplace_of(unit: Unit, question: Question, *, viewer: User, at: datetime) -> Workplace:
    today = local_day(at)
    left = people_behind(question, unit, viewer=viewer, chosen=PeopleFilter(is_done=False))
    return Workplace(
        left=list(left[:MOST_LEFT]),
        runs=runs_at(unit, at=at),
        without_account=people_without_account(unit, viewer, on=today, at=at).count(),
    )


def runs_at(unit: Unit, *, at: datetime) -> list[RunProgress]:
    """Runs open today with somebody of the unit in them, the one that ends first leading."""
    day = local_day(at)
    terms = RunTerms.objects.in_force(at=at).filter(opens_on__lte=day).order_by("closes_on", "pk")
    current = [each for each in terms.select_related("run") if day <= each.last_day]
    found = (_progress(each, unit, on=day) for each in current[:MOST_RUNS])
    return [progress for progress in found if progress.due]


def _progress(terms: RunTerms, unit: Unit, *, on: date) -> RunProgress:
    enrolments = Enrolment.objects.filter(run=terms.run_id, person=OuterRef("pk"))
    completions = CourseCompletion.objects.filter(
        enrolment__run=terms.run_id, enrolment__person=OuterRef("pk")
    )
    here = Membership.objects.primary_on(on).below(unit, on=on).values("person")
    counts = (
        terms.audience(on=on)
        .filter(pk__in=here)
        .order_by()
        .aggregate(
            due=Count("pk"),
            begun=Count("pk", filter=Exists(enrolments)),
            complete=Count("pk", filter=Exists(completions)),
        )
    )
    return RunProgress(terms.run, terms, **counts)
