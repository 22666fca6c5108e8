"""How a run goes among the people a token is about, in counts alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courses.models import RunTerms
from people.dates import held_on, local_day
from people.models import UnitClosure
from reports.coverage import Coverage, is_small
from reports.models import SharingToken
from reports.progress import Stage
from reports.queries.figures import smallest_cell
from reports.queries.run_people import ProgressFilter, run_people
from reports.queries.run_progress import run_progress, stage_counts
from reports.queries.sharing import people_of_token


@dataclass(frozen=True, slots=True)
class RunShare:
    """None: withheld."""

    terms: RunTerms
    coverage: Coverage | None
    stages: dict[Stage, int] | None


def terms_for_token(token: SharingToken, code: str, *, at: datetime) -> RunTerms | None:
    """Of a run whose audience lies in, above or below the token's unit."""
    held = UnitClosure.objects.filter(held_on(local_day(at)))
    below = held.filter(ancestor=token.unit_id).values("unit")
    around = held.filter(unit__in=below).values("ancestor")
    terms = RunTerms.objects.in_force(at=at).filter(run__code=code, units__in=around)
    return terms.select_related("run").distinct().first()


def run_share(token: SharingToken, terms: RunTerms, *, at: datetime) -> RunShare:
    today = local_day(at)
    people = run_people(
        terms, among=people_of_token(token, on=today), chosen=ProgressFilter(), today=today
    )
    stages = stage_counts(run_progress(terms, people, at=at))
    total = sum(stages.values())
    coverage = Coverage(total, stages[Stage.COMPLETE])
    if token.sees_small_cells:
        return RunShare(terms, coverage, stages)
    smallest = smallest_cell()
    if is_small(coverage, smallest=smallest):
        return RunShare(terms, None, None)
    # All or none: beside the total, one that is left out could be reckoned from the others.
    is_telling = any(0 < count < smallest for count in stages.values())
    return RunShare(terms, coverage, None if is_telling else stages)
