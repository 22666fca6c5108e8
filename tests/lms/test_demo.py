"""The invented district: the same for the same seed, and true to the plan's two thresholds."""

from __future__ import annotations

import io
import json
from datetime import date
from itertools import pairwise
from random import Random

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from activities.quiz.models import Attempt
from activities.quiz.stuck import stuck_learners
from certificates.models import Certificate
from courses.models import CourseRun
from courses.queries import due_runs
from lms.demo.accounts import ACCOUNTS
from lms.demo.geography import REORGANISED_ON, planned_units
from lms.demo.staff import Staff
from lms.demo.verdicts import addresses
from people.models import (
    MembershipStatus,
    Person,
    Position,
    Scope,
    ScopeRole,
    Sex,
    StaffGroup,
    Unit,
    User,
)
from people.trainers import TRAINERS
from tests.factories import make_unit

TODAY = date(2026, 11, 21)


def staff(seed: int) -> list[tuple]:
    return [
        (each.family, each.given, each.birth_date, [(s.unit, s.started_on) for s in each.stays])
        for each in Staff(Random(seed), until=TODAY, people=200).people
    ]


class TestStaff:
    def test_is_the_same_for_the_same_seed(self):
        assert staff(7) == staff(7)
        assert staff(7) != staff(8)

    def test_nobody_is_in_two_places_on_one_day(self):
        for someone in Staff(Random(7), until=TODAY, people=200).people:
            stays = sorted(someone.stays, key=lambda stay: stay.started_on)
            for earlier, later in pairwise(stays):
                assert earlier.ended_on is not None
                assert earlier.ended_on < later.started_on

    def test_there_are_some_hundred_and_twenty_units(self):
        assert 90 <= len(planned_units()) <= 130

    def test_every_group_position_status_and_sex_is_there(self):
        today = [
            (someone, stay)
            for someone in Staff(Random(7), until=TODAY, people=4500).people
            if (stay := someone.stay_on(TODAY))
        ]
        for values, choices in (
            ([stay.group for _, stay in today], StaffGroup),
            ([stay.position for _, stay in today], Position),
            ([stay.status for _, stay in today], MembershipStatus),
            ([someone.sex for someone, _ in today], Sex),
        ):
            assert set(values) == set(choices)
        working = sum(stay.status == "working" for _, stay in today)
        assert 0.95 < working / len(today) < 0.99

    def test_maternity_leave_is_of_women_and_half_a_year_long(self):
        leaves = [
            (someone, stay)
            for someone in Staff(Random(7), until=TODAY, people=900).people
            for stay in someone.stays
            if stay.status == "maternity_leave"
        ]
        assert leaves
        for someone, stay in leaves:
            assert someone.sex == "female"
            assert (stay.started_on - someone.birth_date).days < 41.5 * 365
            assert ((stay.ended_on or TODAY) - stay.started_on).days <= 182

    def test_preschools_have_no_young_pioneers(self):
        for unit in planned_units():
            leads = any(position == "young_pioneers_leader" for _, position, _ in unit.posts)
            assert not (leads and unit.kind == "preschool")


@pytest.fixture(scope="class")
def demo(django_db_setup, django_db_blocker):
    """The demo in small, loaded once for the tests of a class and taken back after them."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        call_command("load_demo", people=260, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        cache.clear()


@pytest.mark.django_db  # sorted before the tests that flush what migrations wrote
@pytest.mark.usefixtures("demo")
class TestTheDistrict:
    def coverage(self, target: str, day: str) -> float:
        out = io.StringIO()
        arguments = ["--target", target, "--as-of", day, "--format", "json"]
        call_command("coverage", *arguments, stdout=out)
        return json.loads(out.getvalue())["total"]["ratio"]

    def person(self, username: str) -> Person:
        return User.objects.get(username=username).person

    def test_reaches_the_thresholds_in_time(self):
        assert 0.80 <= self.coverage("CT-2017", "2017-12-31") < 1
        assert 0.95 <= self.coverage("CT-2020", "2020-12-31") < 1

    def test_was_reorganised(self):
        assert Unit.objects.get(code="783").closed_on < REORGANISED_ON

    def test_is_loaded_once(self):
        before = Person.objects.count()
        call_command("load_demo", people=260, stdout=io.StringIO())
        assert Person.objects.count() == before

    def test_has_learners_at_every_stage_of_the_open_run(self):
        run = CourseRun.objects.get(code__startswith="dot-")
        begun = run.enrolments.filter(evidence__isnull=False).distinct()
        finished = begun.filter(course_completion__isnull=False)
        certified = finished.filter(course_completion__certificates__isnull=False)
        assert 0 < finished.count() < begun.count()
        assert certified.distinct().count() == finished.count()
        tried = Attempt.objects.filter(enrolment__run=run).values_list("number", flat=True)
        assert set(tried) == {1, 2, 3}
        assert stuck_learners(None, at=timezone.now())

    def test_has_learners_who_are_overdue_since_the_summer(self):
        run = CourseRun.objects.get(code__startswith="he-")
        assert run.enrolments.filter(course_completion__isnull=True).exists()
        assert run.enrolments.filter(course_completion__isnull=False).exists()

    def test_has_people_trained_more_than_once(self):
        counts = Certificate.objects.values("person").annotate(count=Count("pk"))
        assert counts.filter(count__gte=2).exists()

    def test_has_a_certificate_in_every_state(self):
        found = addresses(timezone.localdate())
        assert set(found) == {"còn hiệu lực", "hết hiệu lực", "đã thu hồi", "đã cấp lại"}
        states = {state: self.state(Client(), address) for state, address in found.items()}
        assert states == {
            "còn hiệu lực": "valid",
            "hết hiệu lực": "expired",
            "đã thu hồi": "revoked",
            "đã cấp lại": "replaced",
        }

    def state(self, client: Client, address: str) -> str:
        return client.get(address, headers={"accept": "application/json"}).json()["status"]

    def test_its_first_teacher_is_one_module_short(self):
        enrolment = self.person("giaovien").enrolments.get()
        modules = enrolment.module_completions.values_list("module__code", flat=True)
        assert list(modules) == ["KH6"]

    def test_its_second_teacher_has_everything_before_her(self):
        teacher = self.person("giaovien2")
        [due] = due_runs(teacher, at=timezone.now())
        assert due.enrolment is None
        member = teacher.memberships.get(ended_on=None)
        assert (member.staff_group, member.status) == ("teacher", "working")
        assert member.unit.versions.get(ended_on=None).kind == "lower_secondary"

    def test_its_accounts_hold_every_role(self):
        assert set(Scope.objects.values_list("role", flat=True)) == set(ScopeRole)
        reviewer = User.objects.get(username="giangvien.xh")
        names = set(reviewer.groups.values_list("name", flat=True))
        assert names == {TRAINERS, "Người duyệt"}
        unit = reviewer.person.memberships.get(ended_on=None).unit
        assert unit.versions.get(ended_on=None).sector == "social"
        assert {each.username for each in ACCOUNTS} == set(
            User.objects.filter(is_demo=True).values_list("username", flat=True)
        )


@pytest.mark.django_db
class TestLoading:
    def test_is_not_mixed_with_real_units(self):
        make_unit("THAT", kind="city")
        with pytest.raises(CommandError, match="cơ sở dữ liệu trống"):
            call_command("load_demo", people=260, stdout=io.StringIO())
        assert Person.objects.count() == 0

    def test_is_refused_by_a_real_server(self, settings):
        settings.DEMO = False
        with pytest.raises(CommandError):
            call_command("load_demo", stdout=io.StringIO())
