"""Two runs of the demo: last summer's pilot of KH1, and one that is open now, at every stage."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from courses.models import Course, CourseRun, Enrolment, Evidence, Module
from courses.rules import EvidenceKind
from courses.services.decisions import decide_runs
from courses.services.runs import open_run
from lms.demo.attempts import PaperMill
from lms.demo.geography import ROOT
from people.dates import start_of_day
from people.models import Membership, Person, StaffGroup, Unit

SUMMER_SHARE = 0.28  # of the managers and teachers finished the pilot
OPEN_SHARE = 0.16  # of everyone has begun the open run
FINISHED_SHARE = 0.3  # of those who began, finished all
READING = timedelta(minutes=25)  # between one step and the next


@dataclass(frozen=True, slots=True)
class Window:
    opens_on: date
    closes_on: date


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


class Learners:
    """Writes what people did in a run: evidence in order, attempts with their papers."""

    def __init__(self, run: CourseRun, *, random: Random, until: datetime) -> None:
        self.run = run
        self.random = random
        self.until = until
        self.evidence: list[Evidence] = []
        self.mill = PaperMill(random)
        self.enrolments: dict[int, Enrolment] = {}

    def enrol(self, people: Iterable[Person], window: Window) -> None:
        days = max(1, (min(window.closes_on, self.until.date()) - window.opens_on).days)
        rows = [
            Enrolment(person=person, run=self.run, began_at=self._moment(window.opens_on, days))
            for person in people
        ]
        for row in Enrolment.objects.bulk_create(rows, batch_size=1000):
            self.enrolments[row.person_id] = row

    def work(self, person: Person, module: Module, *, share: float) -> None:
        """The first activities of the module, in order; a quiz within the share is passed."""
        enrolment = self.enrolments[person.pk]
        activities = list(module.activities.all())
        instant = enrolment.began_at + timedelta(days=module.position)
        for activity in activities[: round(len(activities) * share)]:
            instant = min(instant + READING, self.until)
            if activity.kind == "quiz":
                self.evidence.append(self.mill.passed(enrolment, activity, at=instant))
            else:
                self.evidence.append(self._read(enrolment, activity.pk, instant))

    def write(self) -> None:
        self.mill.write()
        Evidence.objects.bulk_create(self.evidence, batch_size=2000)
        decide_runs([self.run], at=self.until)

    def _read(self, enrolment: Enrolment, activity: int, instant: datetime) -> Evidence:
        return Evidence(
            enrolment=enrolment,
            activity_id=activity,
            kind=EvidenceKind.VIEWED,
            received_at=instant,
        )

    def _moment(self, opens_on: date, days: int) -> datetime:
        """Some evening of the window, early enough to finish."""
        day = opens_on + timedelta(days=self.random.randrange(days) * 2 // 3)
        hour = time(self.random.choice([11, 12, 19, 20, 20, 21]), self.random.randrange(60))
        instant = start_of_day(day) + timedelta(hours=hour.hour, minutes=hour.minute)
        return min(instant, self.until - timedelta(hours=3))


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
    chosen = random.sample(people, round(len(people) * SUMMER_SHARE))
    learners = Learners(run, random=random, until=min(now, start_of_day(window.closes_on)))
    learners.enrol(chosen, window)
    for person in chosen:
        learners.work(person, kh1, share=1.0)
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
    for person in chosen:
        finishes = random.random() < FINISHED_SHARE
        learners.work(person, kh6, share=1.0 if finishes else random.random())
        if finishes or random.random() < FINISHED_SHARE:
            learners.work(person, kh1, share=1.0 if finishes else random.random())
    learners.work(teacher, kh6, share=1.0)
    learners.work(teacher, kh1, share=0.4)
    learners.write()
    return run


def _members(
    today: date, since: date, *, groups: list[str] | None, without: set[int]
) -> list[Person]:
    """People at work today and already when the run opened, in a fixed order."""
    members = Membership.objects.primary_on(today).filter(started_on__lte=since)
    if groups is not None:
        members = members.filter(staff_group__in=groups)
    people = Person.objects.filter(pk__in=members.values("person")).exclude(pk__in=without)
    return list(people.order_by("pk"))
