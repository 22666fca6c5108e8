"""Two runs of the demo: last summer's pilot of KH1, and one that is open now, at every stage."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from random import Random

from courses.models import Course, CourseRun, Module
from courses.services.runs import open_run
from lms.demo.geography import ROOT
from lms.demo.learners import Learners, Window
from people.dates import start_of_day
from people.models import Membership, Person, StaffGroup, Unit

SUMMER_SHARE = 0.28  # of the managers and teachers finished the pilot
SUMMER_UNFINISHED_SHARE = 0.05  # began it and are overdue now
OPEN_SHARE = 0.16  # of everyone has begun the open run
# Where those who began the open run stand today; the rest is somewhere in its lessons.
FINISHED, ONE_MODULE, LESSONS_READ, FAILED_ONCE, FAILED_TWICE, STUCK = range(6)
STAGES = {
    FINISHED: 0.3,
    ONE_MODULE: 0.14,
    LESSONS_READ: 0.07,
    FAILED_ONCE: 0.04,
    FAILED_TWICE: 0.03,
    STUCK: 0.02,
}
FAILURES = {FAILED_ONCE: 1, FAILED_TWICE: 2, STUCK: 3}  # of the three attempts


def summer_window(today: date) -> Window:
    """June to August of this year, of last year while those are not over."""
    year = today.year if today > date(today.year, 8, 31) else today.year - 1
    return Window(date(year, 6, 1), date(year, 8, 31))


def open_window(today: date) -> Window:
    """From the first of last month to the end of next month."""
    opens_on = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    following = today.replace(day=1) + timedelta(days=32)
    last = monthrange(following.year, following.month)[1]
    return Window(opens_on, following.replace(day=last))


def write_summer_run(
    course: Course, today: date, now: datetime, *, random: Random, without: set[int]
) -> CourseRun:
    """The pilot: "practising child rights", KH1 alone, for managers and teachers."""
    window = summer_window(today)
    kh1 = course.modules.get(code="KH1")
    run = open_run(
        course,
        code=f"he-{window.opens_on.year}",
        title=f"Bồi dưỡng hè {window.opens_on.year}: thực hành quyền trẻ em",
        opens_on=window.opens_on,
        closes_on=window.closes_on,
        units=[Unit.objects.get(code=ROOT)],
        modules=[kh1],
        staff_groups=[StaffGroup.MANAGER, StaffGroup.TEACHER],
        at=start_of_day(window.opens_on - timedelta(days=14)),
    )
    people = _members(today, window.opens_on, groups=["manager", "teacher"], without=without)
    shares = (SUMMER_SHARE, SUMMER_UNFINISHED_SHARE)
    finished, unfinished = (round(len(people) * share) for share in shares)
    chosen = random.sample(people, finished + unfinished)
    learners = Learners(run, random=random, until=min(now, start_of_day(window.closes_on)))
    learners.enrol(chosen, window)
    for person in chosen[:finished]:
        learners.work(person, kh1, share=1.0)
    for place, person in enumerate(chosen[finished:]):
        if place % 4 == 0:
            learners.fail_quiz(person, kh1, times=1 + place // 4 % 3)
        else:
            learners.work(person, kh1, share=random.uniform(0.2, 0.8))
    learners.write()
    return run


def write_open_run(
    course: Course,
    today: date,
    now: datetime,
    *,
    random: Random,
    teacher: Person,
    without: set[int],
) -> CourseRun:
    """Open now, two modules; the demo's teacher has finished KH6 and begun KH1."""
    window = open_window(today)
    kh1, kh6 = (course.modules.get(code=code) for code in ("KH1", "KH6"))
    run = open_run(
        course,
        code=f"dot-{window.opens_on:%Y-%m}",
        title=f"Bồi dưỡng từ tháng {window.opens_on:%m/%Y}: quyền trẻ em, xử lý xâm hại",
        opens_on=window.opens_on,
        closes_on=window.closes_on,
        units=[Unit.objects.get(code=ROOT)],
        modules=[kh1, kh6],
        grace_days=7,
        at=start_of_day(window.opens_on - timedelta(days=14)),
    )
    people = _members(today, window.opens_on, groups=None, without=without | {teacher.pk})
    chosen = random.sample(people, round(len(people) * OPEN_SHARE))
    learners = Learners(run, random=random, until=now)
    learners.enrol([*chosen, teacher], window)
    for place, person in enumerate(chosen):
        _advance(learners, person, kh1, kh6, stage=_stage(place / len(chosen)), random=random)
    learners.work(teacher, kh6, share=1.0)
    learners.work(teacher, kh1, share=0.4)
    learners.write()
    return run


def _stage(place: float) -> int | None:
    """Of somebody at that place, from 0 to 1, among those who began; None is still reading."""
    for stage, share in STAGES.items():
        if place < share:
            return stage
        place -= share
    return None


def _advance(
    learners: Learners,
    person: Person,
    kh1: Module,
    kh6: Module,
    *,
    stage: int | None,
    random: Random,
) -> None:
    if stage in FAILURES:
        learners.fail_quiz(person, kh6, times=FAILURES[stage])
    elif stage == LESSONS_READ:
        learners.read_all(person, kh6)
    elif stage in (FINISHED, ONE_MODULE):
        learners.work(person, kh6, share=1.0)
        learners.work(person, kh1, share=1.0 if stage == FINISHED else random.uniform(0, 0.8))
    else:
        learners.work(person, kh6, share=random.uniform(0.1, 0.8))


def _members(
    today: date, since: date, *, groups: list[str] | None, without: set[int]
) -> list[Person]:
    """People at work today and already when the run opened, in a fixed order."""
    members = Membership.objects.primary_on(today).filter(started_on__lte=since)
    if groups is not None:
        members = members.filter(staff_group__in=groups)
    people = Person.objects.filter(pk__in=members.values("person")).exclude(pk__in=without)
    return list(people.order_by("pk"))
