"""Who may see and manage whom; every role has its outsider."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from people.models import Membership, Person, Scope, Unit, User
from tests.factories import change_unit, make_account, make_member, make_scope

TODAY = timezone.localdate()
ROLES = ["unit_manager", "sector_manager", "monitor", "aggregate_viewer"]


def seen(viewer: User, on: date | None = None) -> set[str]:
    people = Person.objects.visible_to(viewer, on=on or timezone.localdate())
    return set(people.values_list("code", flat=True))


def managed(viewer: User, on: date | None = None) -> set[str]:
    people = Person.objects.managed_by(viewer, on=on or timezone.localdate())
    return set(people.values_list("code", flat=True))


class TestAdministrator:
    """Needs no scope, whichever way it is asked; a closed account manages nobody."""

    def managed(self, viewer: User) -> tuple[bool, bool, bool]:
        return (
            Person.objects.managed_by(viewer, on=TODAY).exists(),
            Unit.objects.managed_by(viewer, on=TODAY).exists(),
            Membership.objects.managed_by(viewer, on=TODAY).exists(),
        )

    def test_manages_everybody(self, cast):
        assert self.managed(make_account(is_superuser=True)) == (True, True, True)

    def test_manages_nobody_once_closed(self, cast):
        closed = make_account(is_superuser=True, is_active=False)
        assert self.managed(closed) == (False, False, False)


@pytest.fixture
def cast(city):
    """One person in each place, by the name of the place."""
    return {
        make_member(getattr(city, place), code=place).code
        for place in ("office", "commune", "school", "other_school", "facility")
    }


class TestUnitManager:
    def test_sees_and_manages_her_unit_and_nobody_beside_it(self, city, cast):
        viewer = make_account()
        make_scope(viewer, city.school)
        assert seen(viewer) == managed(viewer) == {"school"}

    def test_reaches_everything_below(self, city, cast):
        viewer = make_account()
        make_scope(viewer, city.commune)
        assert seen(viewer) == {"commune", "school", "other_school", "facility"}

    def test_outsider_sees_only_herself_of_them_all(self, learner, principal, outsider):
        assert seen(outsider) == {outsider.person.code}
        assert managed(outsider) == {outsider.person.code}

    def test_loses_sight_of_a_school_the_day_it_moves_away(self, city, cast):
        viewer = make_account()
        make_scope(viewer, city.commune)
        change_unit(city.school, on=TODAY, parent=city.root)
        assert "school" not in seen(viewer)
        assert "school" in seen(viewer, on=TODAY - timedelta(days=1))

    def test_loses_sight_of_somebody_who_left(self, city, cast):
        viewer = make_account()
        make_scope(viewer, city.school)
        Membership.objects.update(ended_on=TODAY - timedelta(days=1))
        assert seen(viewer) == set()


class TestSectorManager:
    def test_sees_and_manages_people_of_one_sector_only(self, city, cast):
        viewer = make_account()
        make_scope(viewer, city.root, "sector_manager", sector="social")
        assert seen(viewer) == managed(viewer) == {"facility"}

    def test_outsider_of_the_other_sector_sees_the_rest(self, city, cast):
        viewer = make_account()
        make_scope(viewer, city.root, "sector_manager", sector="education")
        assert seen(viewer) == cast - {"facility"}


class TestMonitor:
    def test_sees_and_manages_nobody(self, city, cast):
        viewer = make_account()
        make_scope(viewer, city.commune, "monitor")
        assert seen(viewer) == cast - {"office"}
        assert managed(viewer) == set()


class TestAggregateViewer:
    def test_sees_units_but_no_person(self, city, cast):
        viewer = make_account()
        make_scope(viewer, city.commune, "aggregate_viewer")
        assert seen(viewer) == managed(viewer) == set()
        units = Unit.objects.visible_to(viewer, on=TODAY)
        assert set(units) == {city.commune, city.school, city.other_school, city.facility}


class TestEveryone:
    def test_sees_herself_and_manages_nobody(self, learner, principal):
        assert seen(learner.user) == {learner.code}
        assert managed(learner.user) == set()

    def test_without_scope_sees_no_unit(self, learner):
        assert not Unit.objects.visible_to(learner.user, on=TODAY).exists()

    def test_administrator_sees_all_while_active(self, cast):
        viewer = make_account(is_superuser=True)
        assert seen(viewer) == managed(viewer) == cast
        viewer.is_active = False
        assert seen(viewer) == managed(viewer) == set()
        assert not Unit.objects.visible_to(viewer, on=TODAY).exists()


@pytest.mark.parametrize("role", ROLES)
class TestRevocation:
    @pytest.fixture
    def viewer(self, city, cast, role) -> User:
        viewer = make_account()
        make_scope(viewer, city.root, role, sector="education" if "sector" in role else "")
        return viewer

    def sights(self, viewer: User) -> list[bool]:
        viewer = User.objects.get(pk=viewer.pk)  # as the next request loads it
        units = Unit.objects.visible_to(viewer, on=TODAY)
        return [bool(seen(viewer)), bool(managed(viewer)), units.exists()]

    def test_works_on_the_next_request(self, viewer, role):
        assert self.sights(viewer)[2]
        Scope.objects.update(ended_on=TODAY - timedelta(days=1))
        assert self.sights(viewer) == [False, False, False]

    def test_a_closed_account_sees_nothing(self, viewer, role):
        User.objects.filter(pk=viewer.pk).update(is_active=False)
        assert self.sights(viewer) == [False, False, False]

    def test_a_scope_of_tomorrow_opens_nothing_today(self, viewer, role):
        Scope.objects.update(started_on=TODAY + timedelta(days=1))
        assert self.sights(viewer) == [False, False, False]

    def test_a_revoked_scope_does_not_open_the_past(self, viewer, role):
        Scope.objects.update(ended_on=TODAY - timedelta(days=1))
        assert seen(viewer, on=TODAY - timedelta(days=30)) == set()

    def test_a_scope_can_be_withdrawn_on_its_first_day(self, viewer, role):
        Scope.objects.update(started_on=TODAY, ended_on=TODAY - timedelta(days=1))
        assert self.sights(viewer) == [False, False, False]
