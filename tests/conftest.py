"""The cast that most tests share: a small city, a learner, her principal, an outsider."""

from __future__ import annotations

from types import SimpleNamespace

import hypothesis
import pytest
from django.core.cache import cache

from people.models import Person, User
from tests.factories import make_account, make_member, make_roster_list, make_scope, make_unit

# A busy machine is not a failure: what is tested is what comes out.
hypothesis.settings.register_profile("lms", deadline=None)
hypothesis.settings.load_profile("lms")


@pytest.fixture
def nobody_was_counted_before() -> None:
    """What is limited in number counts in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def city(db) -> SimpleNamespace:
    """root › office, district › commune › school, other_school; a facility of the social sector."""
    root = make_unit("TP", kind="city", name="Thành phố")
    office = make_unit("PGD", parent=root, kind="office", name="Phòng GDĐT")
    district = make_unit("HCC", parent=root, kind="district", name="Huyện")
    commune = make_unit("XA1", parent=district, kind="commune", name="Xã Một")
    school = make_unit("TH1", parent=commune, kind="primary", name="Trường Tiểu học Một")
    other_school = make_unit(
        "THCS2", parent=commune, kind="lower_secondary", name="Trường THCS Hai"
    )
    facility = make_unit(
        "BTXH", parent=commune, kind="social_facility", sector="social", name="Mái ấm Ba"
    )
    make_roster_list(root)
    return SimpleNamespace(
        root=root,
        office=office,
        district=district,
        commune=commune,
        school=school,
        other_school=other_school,
        facility=facility,
    )


@pytest.fixture
def learner(city) -> Person:
    """A teacher of the school, with an account (`learner.user`)."""
    person = make_member(
        city.school,
        code="000101",
        family_name="Trần",
        middle_name="Ngọc",
        given_name="Hạnh",
        sex="female",
    )
    make_account(person)
    return person


@pytest.fixture
def principal(city) -> User:
    """Manages the school's people; a manager there herself."""
    person = make_member(
        city.school,
        group="manager",
        position="principal",
        code="000102",
        family_name="Lê",
        middle_name="Văn",
        given_name="Đức",
        sex="male",
    )
    user = make_account(person)
    make_scope(user, city.school)
    return user


@pytest.fixture
def outsider(city) -> User:
    """A principal of the other school: may see nothing of this one."""
    person = make_member(
        city.other_school, group="manager", position="principal", code="000103", sex="female"
    )
    user = make_account(person)
    make_scope(user, city.other_school)
    return user
