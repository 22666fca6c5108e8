"""Units merged, split, moved, renamed and closed: nobody is lost, and the day before stays."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from people.models import (
    AuditEntry,
    Membership,
    Person,
    RosterList,
    Scope,
    ScopeChange,
    Unit,
    UnitClosure,
    UnitVersion,
)
from people.services.reorganising import (
    ChangedMeanwhileError,
    NewUnit,
    close_unit,
    correct_version,
    merge_units,
    move_unit,
    open_unit,
    rename_unit,
    revise_unit,
    split_unit,
)
from people.services.units import UnitTreeError, rebuild_closure
from people.signals import memberships_changed
from tests.blocking import LONGEST, ROW_LOCKS, blocked
from tests.factories import (
    LONG_AGO,
    make_account,
    make_member,
    make_roster_list,
    make_scope,
    make_unit,
)
from tests.people.requesting import make_listing

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TODAY = date(2026, 11, 22)
BEFORE, DAY = date(2026, 12, 31), date(2027, 1, 1)


def people_below(unit: Unit, day: date) -> int:
    return Person.objects.working_below(unit, on=day).count()


def unit_of(person: Person, day: date) -> str:
    return Membership.objects.primary_on(day).get(person=person).unit.code


@pytest.fixture
def order() -> dict[str, Any]:
    return {
        "on": DAY,
        "deciding_document": "QĐ 12/QĐ-UBND",
        "by": make_account(username="quantri", is_superuser=True),
        "at": NOW,
    }


@pytest.fixture
def told() -> list[set[int]]:
    """Whose memberships are said to have changed, each time it is said."""
    heard: list[set[int]] = []

    def listen(sender: Any, person_ids: set[int], **kwargs: Any) -> None:
        heard.append(set(person_ids))

    memberships_changed.connect(listen)
    yield heard
    memberships_changed.disconnect(listen)


def new_school(city: SimpleNamespace, code: str = "MOI") -> NewUnit:
    return NewUnit(
        code=code, name="Trường Mới", kind="multi_level", parent=city.commune, sector="education"
    )


class TestMerging:
    def test_people_of_the_day_go_on_in_the_other_unit(self, city, order):
        person = make_member(
            city.school, group="manager", position="principal", status="maternity_leave"
        )
        merge_units([city.school], city.other_school, **order)
        before, after = person.memberships.order_by("started_on")
        assert (before.unit, before.ended_on) == (city.school, BEFORE)
        assert (after.unit, after.started_on, after.ended_on) == (city.other_school, DAY, None)
        assert (after.staff_group, after.position, after.status, after.is_primary) == (
            "manager",
            "principal",
            "maternity_leave",
            True,
        )

    def test_a_membership_that_begins_that_day_is_moved_in_place(self, city, order):
        person = make_member(city.school, started_on=DAY)
        merge_units([city.school], city.other_school, **order)
        only = person.memberships.get()
        assert (only.unit, only.started_on) == (city.other_school, DAY)

    def test_one_that_begins_later_too(self, city, order):
        person = make_member(city.school, started_on=DAY + timedelta(days=30))
        merge_units([city.school], city.other_school, **order)
        assert person.memberships.get().unit == city.other_school

    def test_one_that_ended_before_stays(self, city, order):
        person = make_member(city.school, ended_on=BEFORE)
        merge_units([city.school], city.other_school, **order)
        assert person.memberships.get().unit == city.school

    def test_where_lists_were_brought_the_new_unit_is_as_well_known_from_that_day(
        self, city, order
    ):
        make_roster_list(city.school)
        merge_units([city.school, city.facility], new_school(city), **order)
        [noted] = RosterList.objects.filter(unit__code="MOI")
        assert (noted.as_of, noted.is_partial) == (DAY, True)

    def test_where_none_was_nothing_is_noted(self, city, order):
        merge_units([city.facility], new_school(city), **order)
        assert not RosterList.objects.filter(unit__code="MOI").exists()

    def test_a_unit_with_a_list_of_its_own_keeps_it(self, city, order):
        make_roster_list(city.school)
        make_roster_list(city.other_school)
        merge_units([city.school], city.other_school, **order)
        assert RosterList.objects.filter(unit=city.other_school).count() == 1

    def test_the_source_closes_the_day_before_and_names_the_document(self, city, order):
        merge_units([city.school], city.other_school, **order)
        city.school.refresh_from_db()
        assert (city.school.closed_on, city.school.closing_document) == (BEFORE, "QĐ 12/QĐ-UBND")
        assert city.school.version_on(DAY) is None

    def test_the_target_notes_the_document_from_the_day_on(self, city, order):
        merge_units([city.school], city.other_school, **order)
        assert city.other_school.version_on(BEFORE).deciding_document == ""
        assert city.other_school.version_on(DAY).deciding_document == "QĐ 12/QĐ-UBND"
        assert city.other_school.version_on(DAY).name == "Trường THCS Hai"

    def test_two_documents_of_one_day_are_both_kept(self, city, order):
        merge_units([city.school], city.other_school, **order)
        merge_units([city.facility], city.other_school, **{**order, "deciding_document": "QĐ 13"})
        assert city.other_school.version_on(DAY).deciding_document == "QĐ 12/QĐ-UBND; QĐ 13"

    def test_units_that_hung_from_the_source_hang_from_the_target(self, city, order):
        make_member(city.school)
        other = make_unit("XA2", parent=city.district, kind="commune")
        merge_units([city.commune], other, **order)
        assert people_below(city.commune, BEFORE) == people_below(other, DAY) == 1
        assert city.school.version_on(BEFORE).parent == city.commune
        assert city.school.version_on(DAY).parent == other

    def test_a_later_version_of_such_a_unit_follows(self, city, order):
        later = DAY + timedelta(days=60)
        rename_unit(city.school, name="Tên mới", **{**order, "on": later})
        other = make_unit("XA2", parent=city.district, kind="commune")
        merge_units([city.commune], other, **order)
        assert city.school.version_on(later).parent == other
        assert city.school.version_on(later).name == "Tên mới"
        assert city.school.version_on(DAY).name == "Trường Tiểu học Một"

    def test_several_units_become_a_new_one(self, city, order):
        people = [make_member(city.school), make_member(city.other_school)]
        effects = merge_units([city.school, city.other_school], new_school(city), **order)
        assert {unit_of(each, DAY) for each in people} == {"MOI"}
        assert {unit_of(each, BEFORE) for each in people} == {"TH1", "THCS2"}
        assert (effects.before, effects.after) == (2, 2)
        assert Unit.objects.get(code="MOI").opened_on == DAY

    def test_a_second_post_in_the_other_unit_is_one_with_the_first(self, city, order):
        person = make_member(city.school)
        Membership.objects.create(
            person=person,
            unit=city.other_school,
            staff_group="teacher",
            started_on=LONG_AGO,
            is_primary=False,
        )
        merge_units([city.school], city.other_school, **order)
        assert person.memberships.on(DAY).count() == 1
        assert person.memberships.on(DAY).get().is_primary

    def test_scopes_on_the_source_end_with_it(self, city, order, principal, outsider):
        merge_units([city.school], city.other_school, **order)
        assert Scope.objects.get(user=principal).ended_on == BEFORE
        assert ScopeChange.objects.get().reason == "QĐ 12/QĐ-UBND"
        assert Scope.objects.get(user=outsider).ended_on is None

    def test_nobody_gets_a_scope_by_it(self, city, order, principal):
        merge_units([city.school], new_school(city), **order)
        assert not Scope.objects.filter(unit__code="MOI").exists()

    def test_is_told_and_logged_once(self, city, order, told):
        person = make_member(city.school)
        merge_units([city.school], city.other_school, **order)
        assert told == [{person.pk}]
        entry = AuditEntry.objects.get(action="unit.merged")
        assert entry.subject_label == "TH1"
        assert entry.detail == {
            "from": "2027-01-01",
            "document": "QĐ 12/QĐ-UBND",
            "unit": "THCS2",
            "people": 1,
        }


class TestTrying:
    def test_keeps_nothing_and_tells_nobody(self, city, order, told, principal):
        before = contents()
        effects = merge_units([city.school], new_school(city), **order, is_dry_run=True)
        assert contents() == before
        assert told == []
        assert not AuditEntry.objects.exists()
        assert effects.people == {principal.person_id}

    def test_says_whose_scopes_end_and_who_still_waits(self, city, order, principal):
        make_listing(city.school)
        effects = merge_units([city.school], city.other_school, **order, is_dry_run=True)
        assert [each.user for each in effects.scopes] == [principal]
        assert effects.waiting == 1

    def test_foresees_what_then_happens(self, city, order, principal):
        tried = merge_units([city.school], city.other_school, **order, is_dry_run=True)
        done = merge_units([city.school], city.other_school, **order)
        assert tried.fingerprint == done.fingerprint

    def test_is_another_once_somebody_joined(self, city, order, principal):
        tried = merge_units([city.school], city.other_school, **order, is_dry_run=True)
        make_member(city.school)
        again = merge_units([city.school], city.other_school, **order, is_dry_run=True)
        assert tried.fingerprint != again.fingerprint


class TestSplitting:
    def test_the_chosen_go_and_the_others_stay(self, city, order):
        goes, stays = make_member(city.school), make_member(city.school)
        effects = split_unit(city.school, new_school(city), people=[goes.pk], **order)
        assert (unit_of(goes, BEFORE), unit_of(goes, DAY)) == ("TH1", "MOI")
        assert unit_of(stays, DAY) == "TH1"
        assert (effects.before, effects.after) == (2, 2)

    def test_with_a_place_for_the_rest_the_source_closes(self, city, order):
        goes, stays = make_member(city.school), make_member(city.school)
        split_unit(city.school, new_school(city), people=[goes.pk], rest=city.other_school, **order)
        assert (unit_of(goes, DAY), unit_of(stays, DAY)) == ("MOI", "THCS2")
        assert city.school.version_on(DAY) is None

    def test_nobody_chosen_is_refused(self, city, order):
        with pytest.raises(UnitTreeError, match="Chưa có ai"):
            split_unit(city.school, new_school(city), people=[], **order)
        assert not Unit.objects.filter(code="MOI").exists()

    def test_people_of_another_unit_are_not_touched(self, city, order):
        foreign, own = make_member(city.other_school), make_member(city.school)
        split_unit(city.school, new_school(city), people=[foreign.pk, own.pk], **order)
        assert unit_of(foreign, DAY) == "THCS2"


class TestMoving:
    def test_everything_below_moves_and_the_day_before_stays(self, city, order, told):
        person = make_member(city.school)
        effects = move_unit(city.commune, parent=city.root, **order)
        assert people_below(city.district, BEFORE) == 1
        assert people_below(city.district, DAY) == 0
        assert people_below(city.root, BEFORE) == people_below(city.root, DAY) == 1
        assert told == [{person.pk}]
        assert {(each.code, each.before, each.after) for each in effects.places} == {
            ("HCC", 1, 0),
            ("TP", 1, 1),
        }

    def test_tells_a_sector_manager_nothing_of_the_other_sector(self, city, order):
        make_member(city.school)
        make_member(city.facility)
        teaching = make_account()
        make_scope(teaching, city.root, "sector_manager", sector="education")
        other = make_unit("XA2", parent=city.district, kind="commune")
        effects = move_unit(city.school, parent=other, **{**order, "by": teaching})
        assert {(each.code, each.before, each.after) for each in effects.places} == {
            ("XA1", 1, 0),
            ("XA2", 0, 1),
        }

    def test_a_renaming_tells_nobody(self, city, order, told):
        make_member(city.school)
        rename_unit(city.school, name="Tên mới", **order)
        assert told == []
        assert city.school.name_on(DAY) == "Tên mới"
        assert city.school.name_on(BEFORE) == "Trường Tiểu học Một"

    def test_levels_and_attributes_hold_from_the_day_on(self, city, order):
        facts = {"levels": ["primary"], "attributes": {"model_school": True}}
        revise_unit(city.school, facts, **order)
        assert city.school.version_on(BEFORE).levels == []
        assert city.school.version_on(DAY).attributes == {"model_school": True}


class TestCorrecting:
    def test_holds_for_all_the_days_it_was_said_of(self, city, order):
        version = city.school.versions.get()
        correct_version(version, {"name": "Đúng"}, by=order["by"], at=NOW, reason="gõ nhầm")
        assert city.school.name_on(LONG_AGO) == "Đúng"
        assert city.school.versions.count() == 1
        assert AuditEntry.objects.get().detail["reason"] == "gõ nhầm"

    def test_of_the_parent_moves_the_past_too(self, city, order):
        make_member(city.school)
        version = city.school.versions.get()
        facts = {"parent_id": city.root.pk}
        correct_version(version, facts, by=order["by"], at=NOW, reason="ghi nhầm")
        assert people_below(city.district, LONG_AGO) == 0


class TestWhatIsRefused:
    def refused(self, words: str, act, *args: Any, **kwargs: Any) -> None:
        before = contents()
        with pytest.raises(UnitTreeError, match=words):
            act(*args, **kwargs)
        assert contents() == before

    def test_a_circle(self, city, order):
        self.refused("trực thuộc HCC", move_unit, city.district, parent=city.school, **order)

    def test_a_unit_in_itself(self, city, order):
        self.refused("trực thuộc", move_unit, city.school, parent=city.school, **order)

    def test_a_second_root(self, city, order):
        self.refused("Chỉ một đơn vị gốc", revise_unit, city.school, {"parent_id": None}, **order)

    def test_moving_merging_or_closing_the_root(self, city, order):
        self.refused("gốc", move_unit, city.root, parent=city.school, **order)
        self.refused("gốc", merge_units, [city.root], city.school, **order)
        closing = {name: value for name, value in order.items() if name != "on"}
        self.refused("gốc", close_unit, city.root, last_day=BEFORE, **closing)

    @pytest.mark.parametrize("day", [date(2014, 12, 31), LONG_AGO])
    def test_a_day_on_which_the_source_was_not_there_yet(self, city, order, day):
        words = {**order, "on": day}
        self.refused("thành lập", merge_units, [city.school], city.other_school, **words)

    def test_a_day_before_the_unit_opened(self, city, order):
        self.refused(
            "chưa thành lập",
            rename_unit,
            city.school,
            name="X",
            **{**order, "on": date(2014, 1, 1)},
        )

    def test_a_day_before_a_change_that_is_known(self, city, order):
        rename_unit(city.school, name="Sau", **{**order, "on": DAY + timedelta(days=1)})
        self.refused("đã có thay đổi", rename_unit, city.school, name="Giữa", **order)
        self.refused("đã có thay đổi", merge_units, [city.school], city.other_school, **order)
        self.refused("đã có thay đổi", merge_units, [city.other_school], city.school, **order)

    def test_a_target_below_the_source(self, city, order):
        self.refused("không thể chứa", merge_units, [city.commune], city.school, **order)

    def test_a_target_that_is_the_source(self, city, order):
        self.refused("Chưa có đơn vị", merge_units, [city.school], city.school, **order)

    def test_a_target_that_is_closed_or_will_be(self, city, order):
        closing = {name: value for name, value in order.items() if name != "on"}
        close_unit(city.other_school, last_day=DAY + timedelta(days=90), **closing)
        self.refused("chỉ hoạt động đến", merge_units, [city.school], city.other_school, **order)

    def test_a_parent_that_closes_sooner(self, city, order):
        empty = make_unit("XA9", parent=city.district, kind="commune")
        closing = {name: value for name, value in order.items() if name != "on"}
        close_unit(empty, last_day=DAY + timedelta(days=90), **closing)
        self.refused("chỉ hoạt động đến", move_unit, city.school, parent=empty, **order)

    def test_closing_what_holds_people_or_units(self, city, order):
        make_member(city.school)
        closing = {name: value for name, value in order.items() if name != "on"}
        self.refused("còn 1 người", close_unit, city.school, last_day=BEFORE, **closing)
        self.refused("trực thuộc", close_unit, city.commune, last_day=BEFORE, **closing)

    def test_closing_twice(self, city, order):
        merge_units([city.school], city.other_school, **order)
        words = {**order, "on": DAY + timedelta(days=30)}
        self.refused(
            "đã ngừng", merge_units, [Unit.objects.get(code="TH1")], city.facility, **words
        )

    def test_a_code_that_is_taken(self, city, order):
        self.refused("đã có đơn vị khác", open_unit, new_school(city, "th1"), **order)

    def test_nothing_that_differs(self, city, order):
        self.refused(
            "Không có gì khác", rename_unit, city.school, name=city.school.name_on(DAY), **order
        )


class TestWhatWasSeen:
    """The outcome that was shown is the one that is kept, or none."""

    def merged(self, city, order, **trial: Any) -> Any:
        return merge_units([city.school], city.other_school, **{**order, **trial})

    def test_is_done(self, city, order):
        make_member(city.school)
        shown = self.merged(city, order, is_dry_run=True)
        assert self.merged(city, order, seen=shown.fingerprint).people == shown.people
        assert city.school.version_on(DAY) is None

    def test_of_every_act_is_told_alike_before_and_after(self, city, order):
        closing = {**order, "last_day": BEFORE}
        del closing["on"]
        person = make_member(city.school)
        office = city.office
        for act in (
            lambda **how: rename_unit(city.school, name="Tên mới", **order, **how),
            lambda **how: move_unit(city.facility, parent=city.district, **order, **how),
            lambda **how: close_unit(office, **closing, **how),
            lambda **how: split_unit(
                city.school, city.other_school, people=[person.pk], **order, **how
            ),
        ):
            act(seen=act(is_dry_run=True).fingerprint)

    @pytest.mark.parametrize("seen", ["", "khác"])
    def test_is_not_done_where_nothing_or_something_else_was_seen(self, city, order, seen):
        make_member(city.school)
        with pytest.raises(ChangedMeanwhileError):
            self.merged(city, order, seen=seen)
        assert city.school.version_on(DAY) is not None

    def test_is_not_done_once_somebody_joined(self, city, order, told):
        make_member(city.school)
        seen = self.merged(city, order, is_dry_run=True).fingerprint
        newcomer = make_member(city.school)
        with pytest.raises(ChangedMeanwhileError):
            self.merged(city, order, seen=seen)
        assert unit_of(newcomer, DAY) == "TH1"
        assert told == []


class TestThePast:
    def test_may_be_reorganised_while_nobody_came_since(self, city, order):
        chief = make_account()
        make_scope(chief, city.district)
        make_member(city.school)
        merge_units(
            [city.school], city.other_school, **{**order, "on": date(2026, 9, 1), "by": chief}
        )
        assert people_below(city.other_school, date(2026, 9, 1)) == 1

    def test_is_for_superusers_once_somebody_came(self, city, order):
        chief = make_account()
        make_scope(chief, city.district)
        late = make_member(city.school, started_on=date(2026, 10, 1))
        words = {**order, "on": date(2026, 9, 1)}
        with pytest.raises(UnitTreeError, match="01/10/2026"):
            merge_units([city.school], city.other_school, **{**words, "by": chief})
        merge_units([city.school], city.other_school, **words)
        assert unit_of(late, date(2026, 10, 1)) == "THCS2"


class TestRights:
    """The chief of the district; the principal of the school; a manager of the other sector."""

    @pytest.fixture
    def chief(self, city):
        user = make_account(username="huyen")
        make_scope(user, city.district)
        return user

    def mine(self, user) -> set[str]:
        units = Unit.objects.restructurable_by(user, on=TODAY)
        return set(units.values_list("code", flat=True))

    def test_reach_what_is_below_a_managers_unit_but_not_the_unit(self, city, chief):
        assert self.mine(chief) == {"XA1", "TH1", "THCS2", "BTXH"}

    def test_leave_a_principal_no_hand_on_her_own_school(self, city, principal):
        assert self.mine(principal) == set()

    @pytest.mark.parametrize("role", ["monitor", "aggregate_viewer"])
    def test_are_not_those_of_who_only_looks(self, city, role):
        viewer = make_account()
        make_scope(viewer, city.root, role)
        assert self.mine(viewer) == set()

    def test_end_at_the_sector(self, city):
        social = make_account()
        make_scope(social, city.root, "sector_manager", sector="social")
        assert self.mine(social) == {"BTXH"}

    def test_end_with_the_scope(self, city, chief):
        Scope.objects.update(ended_on=TODAY - timedelta(days=1))
        assert self.mine(chief) == set()

    def test_are_asked_by_the_service_of_source_and_target(self, city, order, outsider, chief):
        outside = make_unit("NGOAI", parent=city.root)
        for by, source, target in [
            (outsider, city.school, city.other_school),
            (chief, outside, city.school),
            (chief, city.school, outside),
        ]:
            with pytest.raises(UnitTreeError, match="ngoài phạm vi"):
                merge_units([source], target, **{**order, "by": by})

    def test_let_no_unit_out_to_another_parent_or_sector(self, city, order, chief):
        with pytest.raises(UnitTreeError, match="ngoài phạm vi"):
            move_unit(city.school, parent=city.root, **{**order, "by": chief})
        teaching = make_account()
        make_scope(teaching, city.root, "sector_manager", sector="education")
        with pytest.raises(UnitTreeError, match="ngoài phạm vi"):
            revise_unit(city.school, {"sector": "social"}, **{**order, "by": teaching})

    @pytest.mark.parametrize(
        ("place", "is_let"), [("root", True), ("district", False), ("commune", False)]
    )
    def test_let_a_sector_be_changed_by_whoever_stands_no_lower_than_its_managers(
        self, city, order, place, is_let
    ):
        """Nobody takes a school out of the sight of an office above; a unit put in between is no
        way around."""
        make_scope(make_account(), city.root, "monitor", sector="education")
        by = make_account()
        make_scope(by, getattr(city, place))
        if place == "commune":
            between = NewUnit(code="CUM", name="Cụm", kind="other", parent=city.commune)
            between = open_unit(between, **{**order, "by": by})
            move_unit(city.school, parent=between, **{**order, "by": by})
        if is_let:
            revise_unit(city.school, {"sector": "social"}, **{**order, "by": by})
            assert city.school.version_on(DAY).sector == "social"
            return
        with pytest.raises(UnitTreeError, match="Đổi ngành"):
            revise_unit(city.school, {"sector": "social"}, **{**order, "by": by})
        version = city.school.version_on(TODAY)
        with pytest.raises(UnitTreeError, match="Đổi ngành"):
            correct_version(version, {"sector": ""}, by=by, at=NOW, reason="ghi nhầm")

    def test_let_a_sector_nobody_watches_be_put_right(self, city, order, chief):
        revise_unit(city.school, {"sector": "social"}, **{**order, "by": chief})
        assert city.school.version_on(DAY).sector == "social"

    def test_let_a_sector_manager_hang_a_school_from_a_commune_of_both(self, city, order):
        UnitVersion.objects.filter(unit=city.commune).update(sector="")
        teaching = make_account()
        make_scope(teaching, city.root, "sector_manager", sector="education")
        open_unit(new_school(city), **{**order, "by": teaching})
        assert Unit.objects.filter(code="MOI").exists()

    def test_are_those_of_the_day_for_the_past(self, city, order, chief):
        """The school came to the district this year: what was before is not the chief's."""
        school = make_unit("DEN", parent=city.root)
        move_unit(school, parent=city.commune, **{**order, "on": date(2026, 1, 1)})
        version = school.versions.order_by("started_on").first()
        with pytest.raises(UnitTreeError, match="ngoài phạm vi"):
            correct_version(version, {"name": "X"}, by=chief, at=NOW, reason="x")


def contents() -> list[list[str]]:
    tables = [Unit, UnitVersion, UnitClosure, Membership, Scope]
    return [sorted(map(repr, table.objects.values_list())) for table in tables]


FIRST = date(2027, 1, 1)
SCHOOLS = [f"T{number}" for number in range(6)]
COMMUNES = ["X0", "X1", "X2"]
EMPTY = "R0"
UNITS = st.sampled_from([*SCHOOLS, *COMMUNES, "H", EMPTY])
ACTS = st.one_of(
    st.tuples(st.just("merge"), UNITS, UNITS),
    st.tuples(st.just("merge into new"), UNITS, UNITS),
    st.tuples(st.just("split"), UNITS, UNITS),
    st.tuples(st.just("split and close"), UNITS, UNITS),
    st.tuples(st.just("move"), UNITS, UNITS),
    st.tuples(st.just("rename"), UNITS, UNITS),
    st.tuples(st.just("close"), UNITS, UNITS),
)


class TestAnySequence(TestCase):
    """Whatever is done to a little city, in any order, on days that go on or stay."""

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(acts=st.lists(st.tuples(ACTS, st.integers(0, 2)), max_size=8))
    def test_keeps_everybody_and_the_day_before(self, acts):
        root = build_little_city()
        by = make_account(is_superuser=True)
        day, number = FIRST, 0
        for (act, one, other), days in acts:
            day, number = day + timedelta(days=days), number + 1
            eve = day - timedelta(days=1)
            everybody, places = standing(day), standing(eve)
            above = ancestry(eve)
            try:
                carry_out(act, one, other, on=day, by=by, number=number)
            except UnitTreeError:
                continue
            assert standing(day).keys() == everybody.keys()
            assert people_below(root, day) == people_below(root, eve) == len(everybody)
            assert standing(eve) == places
            assert ancestry(eve) == above
            assert ancestry(day) == recomputed(day)
            assert max(Counter(standing_rows(day)).values(), default=1) == 1
        before = sorted(map(str, UnitClosure.objects.values_list(*CLOSURE)))
        rebuild_closure()
        assert sorted(map(str, UnitClosure.objects.values_list(*CLOSURE))) == before


CLOSURE = ("ancestor", "unit", "started_on", "ended_on", "distance")


def build_little_city() -> Unit:
    root = make_unit("TP", kind="city")
    district = make_unit("H", parent=root, kind="district")
    communes = [make_unit(code, parent=district, kind="commune") for code in COMMUNES]
    make_unit(EMPTY, parent=communes[0])
    for number, code in enumerate(SCHOOLS):
        school = make_unit(code, parent=communes[number % 3])
        make_member(school)
        person = make_member(school, ended_on=FIRST + timedelta(days=number))
        Membership.objects.create(
            person=person,
            unit=communes[0],
            staff_group="officer",
            started_on=FIRST + timedelta(days=number + 1),
        )
    return root


def carry_out(act: str, one: str, other: str, *, on: date, by: Any, number: int) -> None:
    order = {"on": on, "deciding_document": f"QĐ {number}", "by": by, "at": NOW}
    source, target = Unit.objects.get(code=one), Unit.objects.get(code=other)
    new = NewUnit(code=f"M{number}", name="Mới", kind="other", parent=Unit.objects.get(code="TP"))
    here = list(Membership.objects.filter(unit=source).values_list("person", flat=True))
    match act:
        case "merge":
            merge_units([source], target, **order)
        case "merge into new":
            merge_units([source, target], new, **order)
        case "split":
            split_unit(source, target, people=here[::2], **order)
        case "split and close":
            split_unit(source, new, people=here[::2], rest=target, **order)
        case "move":
            move_unit(source, parent=target, **order)
        case "rename":
            rename_unit(source, name=f"Tên {number}", **order)
        case "close":
            order.pop("on")
            close_unit(source, last_day=on - timedelta(days=1), **order)


def standing_rows(day: date) -> list[int]:
    return list(Membership.objects.on(day).values_list("person", flat=True))


def standing(day: date) -> dict[int, int]:
    return dict(Membership.objects.primary_on(day).values_list("person", "unit"))


def ancestry(day: date) -> set[tuple[int, int]]:
    """By the closure."""
    held = UnitClosure.objects.filter(started_on__lte=day).exclude(ended_on__lt=day)
    rows = list(held.values_list("ancestor", "unit"))
    assert len(rows) == len(set(rows))
    return set(rows)


def recomputed(day: date) -> set[tuple[int, int]]:
    """By the versions, step by step."""
    held = UnitVersion.objects.filter(started_on__lte=day).exclude(ended_on__lt=day)
    parents = dict(held.values_list("unit", "parent"))
    found = set()
    for unit in parents:
        above: int | None = unit
        while above is not None:
            found.add((above, unit))
            above = parents[above]
    return found


@ROW_LOCKS
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_who_joins_while_an_act_waits_its_turn_is_seen_by_it(city, order):
    make_member(city.school)
    seen = merge_units([city.school], city.other_school, **order, is_dry_run=True).fingerprint

    def merge() -> Any:
        return merge_units([city.school], city.other_school, **order, seen=seen)

    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=city.school.pk)
        other = blocked(merge)
        make_member(city.school)
    with pytest.raises(ChangedMeanwhileError):
        other.result(timeout=LONGEST)
