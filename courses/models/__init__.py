"""What must be learnt (catalogue, runs) and who did (records)."""

from courses.models.catalogue import (
    Activity,
    ActivityKind,
    ActivityRule,
    Course,
    Module,
    ModuleRequirement,
)
from courses.models.records import (
    ActivityCompletion,
    CourseCompletion,
    Enrolment,
    Evidence,
    ModuleCompletion,
)
from courses.models.runs import CourseRun, RunAddition, RunTerms

__all__ = [
    "Activity",
    "ActivityCompletion",
    "ActivityKind",
    "ActivityRule",
    "Course",
    "CourseCompletion",
    "CourseRun",
    "Enrolment",
    "Evidence",
    "Module",
    "ModuleCompletion",
    "ModuleRequirement",
    "RunAddition",
    "RunTerms",
]
