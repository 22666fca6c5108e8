"""Every point of the curve is the headline of its day."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from people.models import RosterList, Unit
from reports.coverage import Coverage
from reports.models import Target
from reports.periods import Period
from reports.queries import coverage_by
from reports.queries.audience import Question
from reports.queries.curve import CurveQuestion, coverage_on, unit_curve
from reports.services.targets import ensure_targets
from tests.factories import make_member, make_roster_list
from tests.reports.builders import TODAY, certify
from tests.reports.district import LAST_DAY_BEFORE, REFORM, build_district
from tests.reports.test_recount import build_targets

ALWAYS = [date(2015, 6, 1), date(2016, 3, 1), LAST_DAY_BEFORE, REFORM, TODAY]


@pytest.fixture
def district(db):
    build_district()
    build_targets()


@pytest.mark.database
@pytest.mark.usefixtures("district")
class TestCurveOfRandomFacts:
    @pytest.mark.parametrize("seed", range(8))
    def test_every_point_equals_the_figure_of_its_day(self, seed):
        """With both plans of the query, on both sides of the reform, in units that it changed."""
        chance = random.Random(f"curve {seed}")
        days = {date(2016, 1, 1) + timedelta(days=chance.randrange(3900)) for _ in range(10)}
        days.update(ALWAYS)
        target = chance.choice(list(Target.objects.order_by("code")))
        unit = Unit.objects.get(code=chance.choice(["TP", "H", "X1", "P0", "T05", "T03", "BT"]))
        found = coverage_on(
            days, question=Question(target, TODAY), unit=unit, people=[10, 10_000][seed % 2]
        )
        figures = {day: coverage_by(target, as_of=day, unit=unit).total for day in days}
        assert found == {day: figure for day, figure in figures.items() if figure.required}

    def test_the_questions_asked_have_people_in_them(self):
        target = Target.objects.get(code="MOI-NGUOI")
        found = coverage_on(
            ALWAYS, question=Question(target, TODAY), unit=Unit.objects.get(code="TP"), people=10
        )
        assert all(figure.required > figure.complete > 0 for figure in list(found.values())[-3:])

    def test_a_district_that_has_ended_ends_its_curve(self):
        target, district = Target.objects.get(code="MOI-NGUOI"), Unit.objects.get(code="H")
        found = coverage_on(
            [LAST_DAY_BEFORE, REFORM], question=Question(target, TODAY), unit=district, people=10
        )
        assert list(found) == [LAST_DAY_BEFORE]


class TestCurve:
    def ask(self, target, unit, first, last, *marked, smallest=0):
        question = CurveQuestion(target, Period(first, last), marked)
        return unit_curve(question, unit, today=TODAY, people=10, smallest=smallest)

    def test_without_a_roster_it_is_not_drawn(self, city, target, learner):
        assert self.ask(target, city.root, date(2026, 1, 1), TODAY).is_drawable
        RosterList.objects.update(as_of=date(2027, 1, 1))
        assert not self.ask(target, city.root, date(2026, 1, 1), TODAY).is_drawable

    def test_begins_with_the_units_own_first_list(self, city, target, learner):
        make_roster_list(city.school, date(2026, 7, 1))
        curve = self.ask(target, city.school, date(2026, 1, 1), TODAY)
        known = [point.day for point in curve.points if point.coverage]
        assert min(known) >= date(2026, 7, 1)
        assert self.ask(target, city.root, date(2026, 1, 1), TODAY).points[0].coverage

    def test_marks_the_days_named_and_no_others(self, city, target, learner):
        day = date(2026, 5, 17)
        curve = self.ask(target, city.root, date(2026, 1, 1), date(2027, 12, 31), day)
        assert [point.day for point in curve.points if point.is_marked] == [day]
        assert curve.points[-1].day == TODAY

    def test_leaves_out_days_named_that_are_to_come(self, city, target, learner):
        to_come = TODAY + timedelta(days=30)
        curve = self.ask(target, city.root, date(2026, 1, 1), date(2027, 12, 31), to_come)
        assert max(point.day for point in curve.points) == TODAY

    def test_leaves_out_what_would_tell_of_few_people(self, city, course, target):
        for _ in range(6):
            certify(make_member(city.school), course, on=date(2026, 6, 15))
        for _ in range(6):
            make_member(city.school)
        make_member(city.school, started_on=date(2026, 8, 1))
        curve = self.ask(target, city.school, date(2026, 1, 1), TODAY, smallest=5)
        assert curve.on(date(2026, 1, 31)) is None  # none of 12 complete: "all are missing"
        assert curve.on(TODAY) == Coverage(13, 6)

    @pytest.mark.parametrize("months", [2, 20])
    def test_takes_one_query_however_long(self, city, target, months, django_assert_num_queries):
        last = date(2024, 1, 1) + timedelta(days=30 * months)
        with django_assert_num_queries(1):
            self.ask(target, city.root, date(2024, 1, 1), last)


class TestTargetsThatMeasureAlike:
    def test_are_those_that_differ_in_threshold_and_due_day_only(self, course):
        first, second, third, _fourth = ensure_targets(course)
        assert first.measures_like(second)
        assert not first.measures_like(third)

    def test_are_not_those_with_other_courses(self, course):
        first, second, *_others = ensure_targets(course)
        second.courses.clear()
        assert not first.measures_like(second)
