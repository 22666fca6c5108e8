"""What a principal asks of her own school: who is left, what is open, who can't sign in yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courses.models import CourseRun, RunTerms
from courses.queries import RunFigures, run_figures
from people.dates import local_day
from people.models import Membership, Person, Unit, User
from people.queries.requests import people_without_account
from reports.queries.audience import Question
from reports.queries.people import PeopleFilter, people_behind

MOST_LEFT = 10
MOST_RUNS = 3


@dataclass(frozen=True, slots=True)
class RunProgress:
    """People of one unit in one run."""

    run: CourseRun
    terms: RunTerms
    figures: RunFigures


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
    """Runs that take work today with somebody of the unit in them: the first to end leads."""
    day = local_day(at)
    terms = RunTerms.objects.in_force(at=at).filter(opens_on__lte=day).order_by("closes_on", "pk")
    current = [each for each in terms.select_related("run") if day <= each.last_day]
    figures = run_figures(current, people=Person.objects.working_below(unit, on=day), on=day)
    found = [RunProgress(each.run, each, figures[each.run_id]) for each in current]
    return [progress for progress in found if progress.figures.total][:MOST_RUNS]
