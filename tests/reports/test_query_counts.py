"""The manager's pages ask a fixed number of queries, however many people, units and runs."""

from __future__ import annotations

import pytest
from django.utils import timezone

from courses.models import Enrolment
from people.models import ScopeRole
from tests.factories import make_member, make_run, make_scope, make_unit
from tests.reports.addresses import (
    MAX_QUERIES,
    QUERIES,
    people_address,
    person_address,
    unit_address,
)

TODAY = ""


@pytest.fixture
def manager(principal, city):
    """Manages people at every level: what she sees costs most."""
    make_scope(principal, city.root, ScopeRole.UNIT_MANAGER)
    return principal


@pytest.fixture
def run(city, course):
    return make_run(course, units=[city.root])


@pytest.fixture
def more(city, course):
    """Twice as much of everything."""

    def _more(person):
        for number in range(3):
            run = make_run(course, f"them-{number}", units=[city.root])
            Enrolment.objects.create(person=person, run=run, began_at=timezone.now())
            make_member(make_unit(f"T{number}", parent=city.commune))
            make_member(city.school)

    return _more


@pytest.mark.usefixtures("staff", "run")
class TestUnitPages:
    @pytest.mark.parametrize("code", ["TP", "XA1", "TH1"])
    def test_take_the_same_few_queries(
        self, client, manager, learner, more, code, django_assert_num_queries
    ):
        client.force_login(manager)
        assert QUERIES[code] <= MAX_QUERIES
        with django_assert_num_queries(QUERIES[code]):
            client.get(unit_address(code, TODAY))
        more(learner)
        with django_assert_num_queries(QUERIES[code]):
            client.get(unit_address(code, TODAY))

    def test_compare_two_days_at_no_cost(self, client, manager, django_assert_num_queries):
        client.force_login(manager)
        with django_assert_num_queries(QUERIES["TH1"]):
            client.get(unit_address("TH1", "with=2026-06-01"))

    def test_of_a_past_day_ask_whether_the_unit_has_changed_since(
        self, client, manager, django_assert_max_num_queries
    ):
        client.force_login(manager)
        for code in ("TP", "XA1", "TH1"):
            with django_assert_max_num_queries(MAX_QUERIES):
                client.get(unit_address(code, "as_of=2026-06-01"))


@pytest.mark.usefixtures("staff", "run")
class TestListsAndRecords:
    def test_the_index_of_several_units(
        self, client, city, principal, learner, more, django_assert_num_queries
    ):
        make_scope(principal, city.facility)
        client.force_login(principal)
        with django_assert_num_queries(QUERIES["index"]):
            client.get("/manage/")
        make_scope(principal, city.other_school)
        more(learner)
        with django_assert_num_queries(QUERIES["index"]):
            client.get("/manage/")

    def test_the_people_behind_a_figure(
        self, client, manager, learner, more, django_assert_num_queries
    ):
        client.force_login(manager)
        with django_assert_num_queries(QUERIES["people"]):
            client.get(people_address("TP", TODAY))
        more(learner)
        with django_assert_num_queries(QUERIES["people"]):
            client.get(people_address("TP", TODAY))

    def test_a_person(self, client, manager, learner, run, django_assert_num_queries):
        Enrolment.objects.create(person=learner, run=run, began_at=timezone.now())
        client.force_login(manager)
        with django_assert_num_queries(QUERIES["person"]):
            client.get(person_address(learner.pk, TODAY))
