"""Who is where in a run: the list agrees with what is explained of each person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest

from activities.quiz.models import Attempt
from activities.quiz.stuck import stuck_learners
from courses.models import CourseRun, Enrolment, Evidence
from courses.queries import explain, run_figures
from courses.rules import RuleKind
from courses.services.decisions import decide_runs
from people.dates import local_day
from people.models import Membership, Person
from reports.progress import Stage
from reports.queries.run_people import ProgressFilter, run_people
from reports.queries.run_progress import Learner, run_progress, stage_counts
from reports.queries.run_results import quiz_results
from tests.activities.quiz.builders import make_quiz, make_single
from tests.factories import make_course, make_member, make_module, make_run

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
DURING, GRACE, AFTER = NOW, datetime(2027, 1, 3, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)
ATTEMPT_LIMIT = 2


@pytest.fixture
def ground(city) -> SimpleNamespace:
    """KH1 of teachers and managers, KH6 of everyone; each with two lessons and a quiz."""
    course = make_course()
    kh1 = make_module(
        course, "KH1", lessons=2, pass_mark_tenths=50, clauses=[{"groups": ["teacher", "manager"]}]
    )
    kh6 = make_module(course, "KH6", lessons=2, pass_mark_tenths=80)
    for module in (kh1, kh6):
        make_single(f"{module.code}-C01")
        quiz = module.activities.get(kind="quiz")
        make_quiz(quiz, f"{module.code}-C01", attempt_limit=ATTEMPT_LIMIT)
    run = make_run(course, units=[city.commune], grace_days=7)
    return SimpleNamespace(course=course, kh1=kh1, kh6=kh6, run=run)


def enrol(person: Person, run: CourseRun) -> Enrolment:
    return Enrolment.objects.create(person=person, run=run, began_at=NOW - timedelta(days=20))


def read(enrolment: Enrolment, *activities) -> None:
    for number, activity in enumerate(activities):
        Evidence.objects.create(
            enrolment=enrolment,
            activity=activity,
            kind="viewed",
            received_at=enrolment.began_at + timedelta(minutes=number),
        )


def attempt(enrolment: Enrolment, quiz, *, points: int, number: int = 1) -> None:
    """Submitted, and evidence of its score."""
    at = enrolment.began_at + timedelta(days=number)
    done = Attempt.objects.create(
        enrolment=enrolment,
        activity=quiz,
        quiz_version=quiz.quiz_versions.latest("number"),
        number=number,
        started_at=at,
        submitted_at=at,
        points=points,
        possible=10,
    )
    Evidence.objects.create(
        id=done.id,
        enrolment=enrolment,
        activity=quiz,
        kind="score",
        points=points,
        possible=10,
        received_at=at,
    )


def learners(run: CourseRun, *, at: datetime = NOW, **chosen: str) -> dict[int, Learner]:
    terms = run.terms_at(at)
    people = run_people(
        terms, among=Person.objects.all(), chosen=ProgressFilter(**chosen), today=local_day(at)
    )
    return {each.person: each for each in run_progress(terms, people, at=at)}


def stage_by_explaining(person: Person, run: CourseRun, *, at: datetime) -> Stage:
    """The long way round: one person at a time, from what she herself is told."""
    explained, terms, today = explain(person, run, at=at), run.terms_at(at), local_day(at)
    if explained.completed_at:
        return Stage.COMPLETE
    if not explained.required:
        return Stage.NOTHING_DUE
    if explained.enrolment is None:
        return Stage.NOT_STARTED if today <= terms.closes_on else Stage.OVERDUE
    if today > terms.last_day:
        return Stage.OVERDUE
    unmet = [rule for state in explained.unfinished for rule in state.unmet]
    stuck = {each.activity.pk for each in stuck_learners([person], at=at, run=run)}
    if any(rule.activity.pk in stuck for rule in unmet):
        return Stage.STUCK
    if unmet and all(rule.kind == RuleKind.SCORE for rule in unmet):
        return Stage.AWAITING_QUIZ
    return Stage.IN_PROGRESS


def some_work(ground: SimpleNamespace, person: Person, random: Random) -> None:
    enrolment = enrol(person, ground.run)
    for module in (ground.kh1, ground.kh6):
        *lessons, quiz = module.activities.all()
        read(enrolment, *lessons[: random.choice([0, 1, 2, 2, 2])])
        for number in range(1, random.randrange(ATTEMPT_LIMIT + 1) + 1):
            attempt(enrolment, quiz, points=random.choice([2, 4, 9]), number=number)


class TestAgreement:
    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("at", [DURING, GRACE, AFTER])
    def test_everybody_is_where_her_own_explanation_says(self, city, ground, seed, at):
        random = Random(seed)
        people = [
            make_member(
                random.choice([city.school, city.other_school]),
                group=random.choice(["teacher", "support", "manager"]),
            )
            for _number in range(14)
        ]
        for person in people[:11]:
            some_work(ground, person, random)
        Membership.objects.filter(person=people[0]).update(ended_on=NOW.date() - timedelta(days=3))
        decide_runs([ground.run], at=NOW)
        found = learners(ground.run, at=at)
        assert {person.pk for person in people} == set(found)
        for person in people:
            assert found[person.pk].stage == stage_by_explaining(person, ground.run, at=at)
            explained = explain(person, ground.run, at=at)
            if not explained.completed_at:
                done = sum(state.completed_at is not None for state in explained.required)
                listed = (found[person.pk].done, found[person.pk].required)
                assert listed == (done, len(explained.required))

    def test_such_work_reaches_every_stage_but_the_late_ones(self, city, ground):
        """Otherwise the test above would prove little."""
        seen = set()
        for seed in range(30):
            some_work(ground, make_member(city.school), Random(seed))
        make_member(city.school)
        decide_runs([ground.run], at=NOW)
        seen = {each.stage for each in learners(ground.run).values()}
        assert seen == set(Stage) - {Stage.OVERDUE, Stage.NOTHING_DUE}

    def test_the_counts_of_the_run_page_are_the_same_people(self, city, ground):
        for seed in range(12):
            some_work(ground, make_member(city.school), Random(seed))
        for _number in range(3):
            make_member(city.other_school)
        decide_runs([ground.run], at=NOW)
        terms = ground.run.terms_at(NOW)
        found = learners(ground.run)
        counts = stage_counts(found.values())
        figures = run_figures([terms], people=Person.objects.all(), on=local_day(NOW))[
            ground.run.pk
        ]
        assert figures.total == len(found) == 15
        assert figures.complete == counts[Stage.COMPLETE]
        assert figures.not_started == counts[Stage.NOT_STARTED] == 3


class TestWhoIsListed:
    def test_whoever_left_after_beginning_stays_and_is_marked(self, city, ground):
        person = make_member(city.school)
        enrol(person, ground.run)
        Membership.objects.filter(person=person).update(unit=city.office)
        assert not learners(ground.run)[person.pk].is_due

    def test_whoever_left_without_beginning_is_gone(self, city, ground):
        person = make_member(city.school, ended_on=NOW.date() - timedelta(days=3))
        assert person.pk not in learners(ground.run)

    def test_after_the_window_nobody_hired_since_is_late(self, city, ground):
        make_member(city.school, started_on=AFTER.date() - timedelta(days=10))
        assert learners(ground.run, at=AFTER) == {}

    def test_a_unit_means_its_subtree(self, city, ground):
        here, there = make_member(city.school), make_member(city.other_school)
        assert set(learners(ground.run, unit="TH1")) == {here.pk}
        assert set(learners(ground.run, unit="XA1")) == {here.pk, there.pk}
        assert learners(ground.run, unit="không-có") == {}

    def test_group_and_sex_narrow_together(self, city, ground):
        him = make_member(city.school, group="support", sex="male")
        make_member(city.school, group="support")
        make_member(city.school, sex="male")
        assert set(learners(ground.run, group="support", sex="male")) == {him.pk}

    def test_a_name_is_found_without_marks_in_any_order(self, city, ground):
        person = make_member(
            city.school, family_name="Đặng", middle_name="Thị Ngọc", given_name="Ánh"
        )
        make_member(city.school, family_name="Đỗ", given_name="Bình")
        assert set(learners(ground.run, words="anh ngoc dang")) == {person.pk}

    def test_names_stand_in_vietnamese_order(self, city, ground):
        names = ["Đào", "Ánh", "Dung", "Ân"]
        for name in names:
            make_member(city.school, given_name=name, family_name="Lê", middle_name="")
        found = Person.objects.in_bulk(list(learners(ground.run)))
        ordered = [found[pk].given_name for pk in learners(ground.run)]
        assert ordered == ["Ánh", "Ân", "Dung", "Đào"]


class TestResults:
    def test_counts_attempts_passes_and_the_best_of_each(self, city, ground):
        quiz = ground.kh6.activities.get(kind="quiz")
        better, failing = (enrol(make_member(city.school), ground.run) for _number in range(2))
        attempt(better, quiz, points=4, number=1)
        attempt(better, quiz, points=9, number=2)
        attempt(failing, quiz, points=3, number=1)
        decide_runs([ground.run], at=NOW)
        _kh1, kh6 = quiz_results(ground.run.terms_at(NOW), people=Person.objects.all())
        assert (kh6.attempts, kh6.learners, kh6.passed, kh6.not_passed) == (3, 2, 1, 1)
        assert kh6.mean_tenths == 60
        assert kh6.bands == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1]

    def test_full_marks_belong_to_the_last_band(self, city, ground):
        quiz = ground.kh1.activities.get(kind="quiz")
        attempt(enrol(make_member(city.school), ground.run), quiz, points=10)
        kh1, _kh6 = quiz_results(ground.run.terms_at(NOW), people=Person.objects.all())
        assert kh1.bands[-1] == 1

    def test_leaves_out_people_whom_the_viewer_does_not_see(self, city, ground):
        quiz = ground.kh1.activities.get(kind="quiz")
        person = make_member(city.school)
        attempt(enrol(person, ground.run), quiz, points=10)
        others = Person.objects.exclude(pk=person.pk)
        kh1, _kh6 = quiz_results(ground.run.terms_at(NOW), people=others)
        assert (kh1.learners, kh1.mean_tenths) == (0, None)
