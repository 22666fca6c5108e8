"""Units from a day to a day, and the closure derived from them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from people.models import Membership, Person, Unit, UnitClosure, UnitVersion
from people.services.units import UnitTreeError, rebuild_closure, refuse_while_occupied
from tests.factories import change_unit, close_unit, make_member, make_unit

LAST_OF_JUNE, FIRST_OF_JULY = date(2025, 6, 30), date(2025, 7, 1)


def people_below(unit: Unit, day: date) -> int:
    return Person.objects.working_below(unit, on=day).count()


@pytest.fixture
def reform(city) -> SimpleNamespace:
    """1 July 2025: the district and its communes end, their schools go to one new commune."""
    two = make_unit("XA2", parent=city.district, kind="commune")
    school_two = make_unit("TH2", parent=two)
    for _ in range(3):
        make_member(city.school)
    make_member(school_two)
    make_member(city.facility)
    new = make_unit("XAM", parent=city.root, kind="commune", opened_on=FIRST_OF_JULY)
    for unit in (city.school, city.other_school, city.facility, school_two):
        change_unit(unit, on=FIRST_OF_JULY, parent=new)
    for unit in (city.commune, two, city.district):
        close_unit(unit, last_day=LAST_OF_JUNE)
    return SimpleNamespace(new=new, school_two=school_two, two=two)


class TestReform:
    def test_the_district_keeps_its_past(self, city, reform):
        assert people_below(city.district, LAST_OF_JUNE) == 5
        assert people_below(city.district, FIRST_OF_JULY) == 0

    def test_the_successor_counts_from_its_day(self, city, reform):
        assert people_below(reform.new, LAST_OF_JUNE) == 0
        assert people_below(reform.new, FIRST_OF_JULY) == 5

    def test_sums_before_equal_sums_after(self, city, reform):
        assert people_below(city.root, LAST_OF_JUNE) == people_below(city.root, FIRST_OF_JULY) == 5

    def test_every_unit_is_below_the_root_once_a_day(self, city, reform):
        for day in (LAST_OF_JUNE, FIRST_OF_JULY):
            below = list(Unit.objects.below(city.root, on=day).values_list("code", flat=True))
            assert len(below) == len(set(below))
            assert set(below) == set(Unit.objects.open_on(day).values_list("code", flat=True))

    def test_rebuilding_the_closure_again_changes_nothing(self, city, reform):
        fields = ("ancestor", "unit", "started_on", "ended_on", "distance")
        before = sorted(map(str, UnitClosure.objects.values_list(*fields)))
        rebuild_closure()
        assert sorted(map(str, UnitClosure.objects.values_list(*fields))) == before


class TestChange:
    def test_a_renaming_keeps_the_old_name_for_its_days(self, city):
        change_unit(city.school, on=FIRST_OF_JULY, name="Trường Tiểu học Mới")
        assert city.school.name_on(LAST_OF_JUNE) == "Trường Tiểu học Một"
        assert city.school.name_on(FIRST_OF_JULY) == "Trường Tiểu học Mới"

    def test_a_renaming_splits_no_row_of_the_closure(self, city):
        before = UnitClosure.objects.count()
        change_unit(city.school, on=FIRST_OF_JULY, name="Trường Tiểu học Mới")
        assert rebuild_closure() == before

    def test_on_the_day_a_version_starts_it_is_corrected(self, city):
        change_unit(city.school, on=FIRST_OF_JULY, name="Sai")
        change_unit(city.school, on=FIRST_OF_JULY, name="Đúng")
        assert [v.name for v in city.school.versions.order_by("started_on")] == [
            "Trường Tiểu học Một",
            "Đúng",
        ]

    def test_later_versions_are_left_alone(self, city):
        change_unit(city.school, on=FIRST_OF_JULY, name="Sau")
        change_unit(city.school, on=date(2020, 1, 1), name="Giữa")
        assert city.school.name_on(LAST_OF_JUNE) == "Giữa"
        assert city.school.name_on(FIRST_OF_JULY) == "Sau"

    def test_units_that_contain_each_other_are_refused(self, city):
        with pytest.raises(UnitTreeError):
            change_unit(city.district, on=FIRST_OF_JULY, parent=city.school)


class TestClosing:
    def test_is_refused_while_people_stay(self, city):
        make_member(city.school)
        with pytest.raises(UnitTreeError, match="còn 1 người"):
            refuse_while_occupied(city.school, LAST_OF_JUNE)

    def test_is_refused_while_people_are_to_leave_only_later(self, city):
        make_member(city.school, ended_on=FIRST_OF_JULY)
        with pytest.raises(UnitTreeError):
            refuse_while_occupied(city.school, LAST_OF_JUNE)

    def test_is_allowed_when_the_last_left_that_day(self, city):
        make_member(city.school, ended_on=LAST_OF_JUNE)
        refuse_while_occupied(city.school, LAST_OF_JUNE)

    def test_is_refused_while_units_stand_in_it(self, city):
        with pytest.raises(UnitTreeError, match="trực thuộc"):
            refuse_while_occupied(city.commune, LAST_OF_JUNE)

    def test_leaves_nothing_true_of_the_day_after(self, city):
        close_unit(city.school, last_day=LAST_OF_JUNE)
        assert city.school.version_on(FIRST_OF_JULY) is None

    def test_before_a_planned_change_ends_the_facts_on_that_day(self, city):
        """The version that would have begun later goes, and the one before ends at the close."""
        change_unit(city.school, on=FIRST_OF_JULY, name="Sau")
        close_unit(city.school, last_day=date(2025, 3, 31))
        assert [v.ended_on for v in city.school.versions.all()] == [date(2025, 3, 31)]


@pytest.mark.database
class TestTheDatabaseItself:
    """Written straight to the tables: neither forms nor services stand in between."""

    def refused(self, write) -> bool:
        try:
            with transaction.atomic():
                write()
        except IntegrityError:
            return True
        return False

    def again(self, person: Person, unit: Unit, **fields) -> Membership:
        fields = {"started_on": FIRST_OF_JULY, "staff_group": "teacher", **fields}
        return Membership.objects.create(person=person, unit=unit, **fields)

    def test_nobody_has_two_primary_memberships_on_a_day(self, city):
        person = make_member(city.school)
        assert self.refused(lambda: self.again(person, city.other_school))

    def test_nor_shares_the_last_day_with_the_next_first(self, city):
        person = make_member(city.school, ended_on=FIRST_OF_JULY)
        assert self.refused(lambda: self.again(person, city.other_school))

    def test_the_next_day_is_free(self, city):
        person = make_member(city.school, ended_on=LAST_OF_JUNE)
        assert not self.refused(lambda: self.again(person, city.other_school))

    def test_a_second_place_that_is_not_primary_is_free(self, city):
        person = make_member(city.school)
        assert not self.refused(lambda: self.again(person, city.other_school, is_primary=False))

    def test_a_row_may_not_grow_into_the_next(self, city):
        person = make_member(city.school, ended_on=LAST_OF_JUNE)
        self.again(person, city.other_school)
        first = person.memberships.get(unit=city.school)
        assert self.refused(lambda: Membership.objects.filter(pk=first.pk).update(ended_on=None))

    def test_nor_in_bulk(self, city):
        person = make_member(city.school)
        rows = [Membership(person=person, unit=city.school, started_on=FIRST_OF_JULY)]
        assert self.refused(lambda: Membership.objects.bulk_create(rows))

    def test_a_membership_does_not_end_before_it_begins(self, city):
        person = make_member(city.school, ended_on=date(2020, 1, 1))
        ended = {"ended_on": LAST_OF_JUNE}
        assert self.refused(lambda: self.again(person, city.other_school, **ended))

    def test_a_unit_has_one_version_a_day(self, city):
        def second():
            UnitVersion.objects.create(
                unit=city.school, started_on=FIRST_OF_JULY, name="X", kind="primary",
                sector="education", parent=city.commune,
            )  # fmt: skip

        assert self.refused(second)

    def test_sex_is_known_of_everybody(self, city):
        person = make_member(city.school)
        assert self.refused(lambda: Person.objects.filter(pk=person.pk).update(sex=""))
