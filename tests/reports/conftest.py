"""The cast of the reports: a course, a target, and one person of each kind who counts or doesn't."""

from __future__ import annotations

import pytest

from courses.models import Course
from people.models import User
from reports.models import Target
from tests.factories import make_account, make_course, make_module, make_scope
from tests.reports.builders import make_target


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
