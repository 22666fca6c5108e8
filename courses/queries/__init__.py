"""Questions about runs and records."""

from courses.queries.counting import RunFigures, people_complete, people_in_progress, run_figures
from courses.queries.explaining import Explanation, ModuleState, UnmetRule, explain
from courses.queries.open_runs import OpenRun, due_runs, open_runs, takes_evidence

__all__ = [
    "Explanation",
    "ModuleState",
    "OpenRun",
    "RunFigures",
    "UnmetRule",
    "due_runs",
    "explain",
    "open_runs",
    "people_complete",
    "people_in_progress",
    "run_figures",
    "takes_evidence",
]
