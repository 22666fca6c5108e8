"""The cast of the reports: a course, a target, and viewers with every kind of scope."""

from __future__ import annotations

import pytest

from courses.models import Course
from people.models import User
from reports.models import Target
from tests.factories import make_account, make_course, make_member, make_module, make_scope
from tests.reports.builders import certify, make_target


@pytest.fixture
def course(db) -> Course:
    course = make_course()
    make_module(course, "KH6")
    make_module(course, "KH2", clauses=[{"groups": ["teacher"]}])
    return course


@pytest.fixture
def target(course) -> Target:
    return make_target(course)


@pytest.fixture
def city_manager(city) -> User:
    """Sees everybody below the root."""
    user = make_account(username="thanhpho")
    make_scope(user, city.root, "monitor")
    return user


@pytest.fixture
def figures_only(city) -> User:
    user = make_account(username="solieu")
    make_scope(user, city.root, "aggregate_viewer")
    return user


@pytest.fixture
def social_manager(city) -> User:
    user = make_account(username="xahoi")
    make_scope(user, city.root, "sector_manager", sector="social")
    return user


@pytest.fixture
def staff(city, course, target):
    """Ten in each of two schools, six of them certified; two carers of the social sector."""
    for school in (city.school, city.other_school):
        for number in range(10):
            person = make_member(school, sex="male" if number % 2 else "female")
            if number < 6:
                certify(person, course, modules=course.modules.all())
    for _ in range(2):
        make_member(city.facility, group="carer", sex="female")


@pytest.fixture
def see(client):
    """Open an address as somebody; gives the page's text."""

    def _see(user, address, status=200):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == status, (address, response.status_code)
        return response.content.decode()

    return _see
