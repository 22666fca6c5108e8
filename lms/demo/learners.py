"""What people did in a run of the demo: lessons read, quizzes passed and failed, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from courses.models import Activity, CourseRun, Enrolment, Evidence, Module
from courses.rules import EvidenceKind
from courses.services.decisions import decide_runs
from lms.demo.attempts import PaperMill
from people.dates import start_of_day
from people.models import Person

READING = timedelta(minutes=25)  # between one step and the next


@dataclass(frozen=True, slots=True)
class Window:
    opens_on: date
    closes_on: date


class Learners:
    """Writes what people did in a run: evidence in order, attempts with their papers."""

    def __init__(self, run: CourseRun, *, random: Random, until: datetime) -> None:
        self.run = run
        self.random = random
        self.until = until
        self.evidence: list[Evidence] = []
        self.mill = PaperMill(random)
        self.enrolments: dict[int, Enrolment] = {}
        self._by_module: dict[int, list[Activity]] = {}

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
        activities = self._activities(module)
        self._go_through(person, module, activities[: round(len(activities) * share)])

    def read_all(self, person: Person, module: Module) -> datetime:
        """Every lesson and no quiz; returns when the last one was read."""
        lessons = [each for each in self._activities(module) if each.kind == "lesson"]
        return self._go_through(person, module, lessons)

    def fail_quiz(self, person: Person, module: Module, *, times: int) -> None:
        """Every lesson, and then the quiz in vain."""
        instant = self.read_all(person, module)
        quiz = next(each for each in self._activities(module) if each.kind == "quiz")
        for number in range(1, times + 1):
            instant = min(instant + READING, self.until)
            enrolment = self.enrolments[person.pk]
            self.evidence.append(self.mill.failed(enrolment, quiz, number=number, at=instant))

    def write(self) -> None:
        self.mill.write()
        Evidence.objects.bulk_create(self.evidence, batch_size=2000)
        decide_runs([self.run], at=self.until)

    def _go_through(
        self, person: Person, module: Module, activities: Iterable[Activity]
    ) -> datetime:
        enrolment = self.enrolments[person.pk]
        instant = enrolment.began_at + timedelta(days=module.position)
        for activity in activities:
            instant = min(instant + READING, self.until)
            if activity.kind == "quiz":
                self.evidence.append(self.mill.passed(enrolment, activity, at=instant))
            else:
                self.evidence.append(self._read(enrolment, activity.pk, instant))
        return instant

    def _activities(self, module: Module) -> list[Activity]:
        if module.pk not in self._by_module:
            self._by_module[module.pk] = list(module.activities.all())
        return self._by_module[module.pk]

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
