"""Questions about runs and records."""

from courses.queries.counting import (
    AudienceSize,
    RunFigures,
    audience_size,
    people_complete,
    people_in_progress,
    run_figures,
)
from courses.queries.explaining import (
    Explanation,
    ModuleState,
    UnmetRule,
    explain,
    explain_runs,
)
from courses.queries.open_runs import OpenRun, due_runs, open_runs, takes_evidence
from courses.queries.requirements import requirements_on

__all__ = [
    "AudienceSize",
    "Explanation",
    "ModuleState",
    "OpenRun",
    "RunFigures",
    "UnmetRule",
    "audience_size",
    "due_runs",
    "explain",
    "explain_runs",
    "open_runs",
    "people_complete",
    "people_in_progress",
    "requirements_on",
    "run_figures",
    "takes_evidence",
]
