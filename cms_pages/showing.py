"""What pages show from the catalogue and the records, in a fixed number of queries.

Nothing here writes, and nothing that depends on a person is cached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from wagtail.models import Page

from courses.models import Activity, ActivityCompletion, ActivityKind, Course
from courses.queries import (
    Explanation,
    ModuleState,
    OpenRun,
    explain_runs,
    open_runs,
    requirements_on,
)
from courses.wording import required_in_words
from people.models import Person


@dataclass(frozen=True, slots=True)
class Step:
    """An activity of a module and where its page is."""

    activity: Activity
    url: str

    @property
    def is_quiz(self) -> bool:
        return self.activity.kind == ActivityKind.QUIZ


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reader has done of a module. Without a person nothing is known and nothing kept.

    `completions` are those of the open run, or of every earlier run when none is open.
    """

    person: Person | None = None
    runs: Sequence[OpenRun] = ()
    completions: Mapping[int, datetime] = field(default_factory=dict)
    total: int = 0

    @property
    def done(self) -> int:
        return len(self.completions)

    def done_at(self, step: Step) -> datetime | None:
        return self.completions.get(step.activity.pk)


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """The reader's state in the open run of a course that ends first, if there is one."""

    explanation: Explanation | None = None

    def of(self, module_key: UUID) -> ModuleState | None:
        states = self.explanation.modules if self.explanation else []
        return next((state for state in states if state.module.key == module_key), None)


def reader_of(request: HttpRequest) -> Person | None:
    """The signed-in person; nobody in a preview, which shows no one's records."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "is_preview", False):
        return None
    return user.person


def page_path(page: Page) -> str:
    """The page's path on its site, without looking for the site anew; "" when it has none yet."""
    parts = page.get_url_parts()
    return parts[2] or "" if parts else ""


def steps_of(module_page: Page) -> list[Step]:
    """Published activities of the module in order, with module and course (1 query).

    Those without a live page in the module page's own language are found by their key.
    """
    below = Page.objects.filter(
        translation_key=OuterRef("page_key"), live=True, path__startswith=module_page.path
    )
    activities = (
        Activity.objects.filter(
            module__key=module_page.translation_key, is_published=True, block_key=""
        )
        .select_related("module__course")
        .annotate(slug=Subquery(below.values("slug")[:1]))
        .order_by("position", "pk")
    )
    base = page_path(module_page)
    return [
        Step(each, f"{base}{each.slug}/" if each.slug else each.get_absolute_url())
        for each in activities
    ]


def standing_of(person: Person | None, steps: Sequence[Step], *, at: datetime) -> Standing:
    """The person's standing in the steps, all of one module (4 queries; none without a person)."""
    if person is None or not steps:
        return Standing(total=len(steps))
    runs = open_runs(person, at=at, module=steps[0].activity.module)
    done: dict[int, datetime] = {}
    if not runs or runs[0].enrolment is not None:
        completions = ActivityCompletion.objects.filter(
            enrolment__person=person, activity__in=[step.activity.pk for step in steps]
        )
        if runs:
            completions = completions.filter(enrolment=runs[0].enrolment)
        # The first of several runs is read last, and stays.
        done = dict(
            completions.order_by("-completed_at").values_list("activity_id", "completed_at")
        )
    return Standing(person=person, runs=runs, completions=done, total=len(steps))


def course_progress(person: Person | None, course_key: UUID, *, at: datetime) -> CourseProgress:
    course = Course.objects.filter(key=course_key).first() if person else None
    if person is None or course is None:
        return CourseProgress()
    runs = open_runs(person, at=at, course=course)
    return CourseProgress(*explain_runs(person, runs[:1], at=at))


def required_of(module_key: UUID, *, on: date) -> str:
    """Of whom the module is required that day, as a sentence (1 query)."""
    return required_in_words(requirements_on(on, [module_key]).get(module_key, []))
