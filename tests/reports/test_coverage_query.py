"""Who counts, who is complete: one behaviour each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from people.models import Membership, RosterList, Unit
from people.services.units import rebuild_closure
from reports.coverage import NOBODY, Coverage
from reports.queries import NO_ROSTER, UNIT_NOT_OPEN, RootUnitError, coverage_by
from reports.services.targets import ensure_targets
from tests.factories import change_unit, make_member, make_roster_list, make_unit
from tests.reports.builders import TODAY, certify, make_target, revoke

YESTERDAY = TODAY - timedelta(days=1)


def figure(target, **question):
    return coverage_by(target, **{"as_of": TODAY, **question}).total


class TestWhoIsRequired:
    def test_counts_staff_who_never_logged_in(self, city, target):
        make_member(city.school)
        assert figure(target) == Coverage(1, 0)

    def test_is_none_when_nobody_is_required(self, city, target):
        assert figure(target).ratio is None

    def test_only_managers_and_teachers_are_the_headline(self, city, target):
        for group in ["manager", "teacher", "support", "carer"]:
            make_member(city.school, group=group)
        assert figure(target).required == 2
        assert figure(target, audience="others").required == 2

    def test_upper_secondary_schools_are_left_out(self, city, target):
        make_member(make_unit("THPT", parent=city.commune, kind="upper_secondary"))
        assert figure(target) == NOBODY

    def test_the_other_sector_is_left_out(self, city, target):
        make_member(city.facility)
        assert figure(target) == NOBODY

    def test_kind_and_sector_are_those_of_the_day(self, city, target):
        make_member(city.facility)
        change_unit(city.facility, on=TODAY, sector="education")
        assert figure(target, as_of=YESTERDAY) == NOBODY
        assert figure(target).required == 1

    def test_statuses_count_unless_the_target_names_them(self, city, course, target):
        make_member(city.school, status="maternity_leave")
        without = make_target(course, "KHAC", excluded_statuses=["maternity_leave"])
        assert figure(target).required == 1
        assert figure(without).required == 0

    def test_a_second_post_is_not_a_second_person(self, city, target):
        person = make_member(city.school)
        Membership.objects.create(
            person=person,
            unit=city.other_school,
            staff_group="teacher",
            started_on=date(2020, 1, 1),
            is_primary=False,
        )
        assert figure(target).required == 1
        assert figure(target, unit=city.other_school).required == 0

    def test_the_last_day_counts_and_the_next_does_not(self, city, target):
        make_member(city.school, ended_on=YESTERDAY)
        assert figure(target, as_of=YESTERDAY).required == 1
        assert figure(target).required == 0


class TestWhoIsComplete:
    def test_a_certificate_of_the_day_counts(self, city, course, target):
        certify(make_member(city.school), course, on=TODAY)
        assert figure(target) == Coverage(1, 1)
        assert figure(target, as_of=YESTERDAY) == Coverage(1, 0)

    def test_two_certificates_are_one_person(self, city, course, target):
        person = make_member(city.school)
        certify(person, course)
        certify(person, course, on=date(2026, 7, 1))
        assert figure(target) == Coverage(1, 1)

    def test_ignores_certificates_that_lapsed_yesterday(self, city, course, target):
        certify(make_member(city.school), course, valid_until=YESTERDAY)
        assert figure(target, as_of=YESTERDAY) == Coverage(1, 1)
        assert figure(target) == Coverage(1, 0)

    def test_a_revoked_certificate_stops_on_the_effective_day(self, city, course, target):
        revoke(certify(make_member(city.school), course), on=TODAY)
        assert figure(target, as_of=YESTERDAY) == Coverage(1, 1)
        assert figure(target) == Coverage(1, 0)

    def test_ignores_training_before_the_target_starts(self, city, course, target):
        certify(make_member(city.school), course, on=date(2025, 12, 31))
        certify(make_member(city.school), course, on=date(2026, 1, 1))
        assert figure(target) == Coverage(2, 1)

    def test_ignores_training_after_the_target_ends(self, city, course):
        ended = make_target(course, "XONG", ended_on=date(2026, 6, 30))
        certify(make_member(city.school), course, on=date(2026, 6, 30))
        certify(make_member(city.school), course, on=date(2026, 7, 1))
        assert figure(ended) == Coverage(2, 1)

    def test_strict_asks_for_every_module_required_of_her(self, city, course, target):
        certify(make_member(city.school), course, modules=course.modules.filter(code="KH6"))
        assert figure(target) == Coverage(1, 1)
        assert figure(target, is_strict=True) == Coverage(1, 0)

    def test_strict_adds_up_the_modules_of_several_certificates(self, city, course, target):
        person = make_member(city.school)
        for module in course.modules.all():
            certify(person, course, modules=[module])
        assert figure(target, is_strict=True) == Coverage(1, 1)

    def test_strict_asks_a_manager_only_for_hers(self, city, course, target):
        manager = make_member(city.school, group="manager")
        certify(manager, course, modules=course.modules.filter(code="KH6"))
        assert figure(target, is_strict=True) == Coverage(1, 1)


class TestWhere:
    def test_before_the_first_list_there_is_no_roster(self, city, target):
        make_member(city.school)
        RosterList.objects.update(as_of=TODAY)
        before = coverage_by(target, as_of=YESTERDAY, by=["sex"])
        assert (before.note, before.rows, before.total) == (NO_ROSTER, (), NOBODY)
        assert figure(target).required == 1

    def test_a_unit_has_figures_from_its_own_first_list_on(self, city, target):
        """Its neighbour's is older, and so is that of the office above both."""
        for unit, day in ((city.school, TODAY), (city.other_school, YESTERDAY)):
            make_roster_list(unit, day)
            make_member(unit)
        notes = {
            unit.code: coverage_by(target, as_of=YESTERDAY, unit=unit).note
            for unit in (city.school, city.other_school, city.commune, city.root)
        }
        assert notes == {"TH1": NO_ROSTER, "THCS2": "", "XA1": "", "TP": ""}
        assert coverage_by(target, as_of=TODAY, unit=city.school).note == ""

    def test_a_unit_of_which_no_list_was_ever_brought_has_them_from_the_first_of_all(
        self, city, target
    ):
        """Its people came from units that have one, or one by one."""
        make_member(city.school)
        assert coverage_by(target, as_of=TODAY, unit=city.school).note == ""
        RosterList.objects.update(as_of=TODAY)
        assert coverage_by(target, as_of=YESTERDAY, unit=city.school).note == NO_ROSTER

    def test_children_carry_their_subtree_and_the_unit_its_own_people(self, city, target):
        make_member(city.school)
        make_member(city.other_school)
        make_member(city.root)
        table = coverage_by(target, as_of=TODAY, by=["unit"])
        assert {row.keys: row.coverage.required for row in table.rows} == {
            ("HCC",): 2,
            ("PGD",): 0,
            ("TP",): 1,
        }

    def test_a_child_with_nobody_is_listed_with_every_other_key_that_occurs(self, city, target):
        make_member(city.school, sex="male")
        make_member(city.school, sex="female")
        table = coverage_by(target, as_of=TODAY, by=["unit", "sex"])
        empty = [row for row in table.rows if row.keys[0] == "PGD"]
        assert [row.keys[1] for row in empty] == ["male", "female"]
        assert all(row.coverage.ratio is None for row in empty)

    def test_a_reform_leaves_the_past_where_it_was(self, city, target):
        make_member(city.school)
        change_unit(city.school, on=date(2025, 7, 1), parent=city.root)
        before = coverage_by(target, as_of=date(2025, 6, 30), by=["unit"])
        after = coverage_by(target, as_of=date(2025, 7, 1), by=["unit"])
        assert before.along("unit")[("HCC",)].required == 1
        assert after.along("unit")[("HCC",)].required == 0
        assert after.along("unit")[("TH1",)].required == 1

    def test_a_unit_says_when_it_was_not_open(self, city, target):
        Unit.objects.filter(pk=city.school.pk).update(closed_on=YESTERDAY)
        city.school.versions.update(ended_on=YESTERDAY)
        rebuild_closure()
        assert coverage_by(target, as_of=TODAY, unit=city.school).note == UNIT_NOT_OPEN

    def test_two_roots_on_a_day_are_refused_until_one_is_named(self, city, target):
        make_unit("TP2", kind="city")
        with pytest.raises(RootUnitError):
            coverage_by(target, as_of=TODAY)
        assert coverage_by(target, as_of=TODAY, unit=city.root).unit == "TP"

    @pytest.mark.parametrize("children", [1, 12])
    def test_asks_the_same_number_of_queries_however_many_children(
        self, city, target, children, django_assert_max_num_queries
    ):
        for number in range(children):
            make_member(make_unit(f"M{number}", parent=city.root))
        with django_assert_max_num_queries(5):
            coverage_by(target, as_of=TODAY, by=["unit", "sex"])


class TestTargetsOfThePlan:
    def test_loading_twice_makes_four(self, course):
        ensure_targets(course)
        targets = {target.code: target for target in ensure_targets(course)}
        assert {code: target.percent for code, target in targets.items()} == {
            "CT-2017": 80,
            "CT-2020": 95,
            "CT-2027": 80,
            "CT-2030": 95,
        }
        assert targets["CT-2017"].started_on == date(2016, 1, 1)
        assert targets["CT-2030"].due_on == date(2030, 12, 31)
        assert list(targets["CT-2020"].courses.all()) == [course]

    def test_what_an_administrator_changed_stays(self, course):
        ensure_targets(course)[0].__class__.objects.filter(code="CT-2027").update(percent=85)
        assert [t.percent for t in ensure_targets(course) if t.code == "CT-2027"] == [85]
