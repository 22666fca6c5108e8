"""Work that can wait for the worker. A task is idempotent: it may run twice."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from courses.models import CourseRun
from courses.services.decisions import decide_runs


@task()
def decide_runs_task(run_pks: list[int]) -> None:
    """Decide every enrolment of these runs anew, after rules changed."""
    decide_runs(CourseRun.objects.filter(pk__in=run_pks), at=timezone.now())
