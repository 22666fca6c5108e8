"""Two rows of one person: memberships, accounts, what is said of her, and taking it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from people.backends import account_of
from people.dates import day_before
from people.models import (
    AccessCode,
    AuditEntry,
    Membership,
    Person,
    PersonMerge,
    Scope,
    User,
)
from people.models.append_only import AppendOnlyError
from people.services.accounts import close_account
from people.services.codes import issue_code, person_called
from people.services.merging import AlreadyMergedError, MergeError, merge_people, plan_merge
from people.services.roster import change_membership
from people.services.unmerging import undo_merge
from tests.factories import LONG_AGO, make_account, make_member, make_scope
from tests.people.merging import everything, merge, undo
from tests.people.requesting import make_correction

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def officer(city) -> User:
    """Manages everybody of the commune."""
    user = make_account(username="xa")
    make_scope(user, city.commune)
    return user


@pytest.fixture
def double(city) -> Person:
    """The learner under another code, in the same school, without an account."""
    return make_member(
        city.school, code="000901", family_name="Trần", middle_name="Ngọc", given_name="Hạnh"
    )


def stays(person: Person) -> list[tuple[str, date, date | None]]:
    rows = Membership.objects.filter(person=person).order_by("started_on")
    return [(row.unit.code, row.started_on, row.ended_on) for row in rows]


def questions(kept: Person, gone: Person, **choices: str) -> set[str]:
    plan = plan_merge(kept, gone, choices=choices, at=timezone.now())
    return {question.key for question in plan.open_questions}


class TestTheRowThatGoes:
    def test_is_in_no_list_and_holds_nothing(self, learner, double, officer):
        merge(learner, double, by=officer)
        administrator = make_account(is_superuser=True)
        for viewer in (officer, administrator):
            assert double not in Person.objects.visible_to(viewer, on=TODAY)
            assert double not in Person.objects.managed_by(viewer, on=TODAY)
        assert stays(double) == []

    def test_code_means_the_person_that_was_kept(self, learner, double, officer):
        merge(learner, double, by=officer)
        assert person_called("000901") == learner
        assert account_of("000901") == learner.user
        assert list(Person.objects.found_by("000901").unmerged()) == [learner]

    def test_is_never_more_than_one_step_away(self, city, learner, double, officer):
        third = make_member(city.school, code="000902")
        merge(double, third, by=officer)
        merge(learner, double, by=officer)
        third.refresh_from_db()
        assert third.merged_into == learner

    def test_is_merged_once(self, learner, double, officer):
        merge(learner, double, by=officer)
        for pair in ((learner, double), (double, learner)):
            with pytest.raises(AlreadyMergedError, match="đã được gộp trước đó"):
                merge(*pair, by=officer)
        assert PersonMerge.objects.count() == 1

    def test_stays_a_record_that_nobody_rewrites(self, learner, double, officer):
        merged = merge(learner, double, by=officer)
        with pytest.raises(AppendOnlyError):
            merged.save()


class TestMemberships:
    def test_of_one_place_become_one(self, learner, double, officer):
        Membership.objects.filter(person=learner).update(started_on=date(2020, 1, 1))
        merge(learner, double, by=officer)
        assert stays(learner) == [("TH1", LONG_AGO, None)]

    def test_that_never_meet_are_all_kept(self, city, learner, officer):
        Membership.objects.filter(person=learner).update(started_on=date(2020, 9, 1))
        before = make_member(city.other_school, ended_on=date(2020, 8, 31))
        merge(learner, before, by=officer)
        assert stays(learner) == [
            ("THCS2", LONG_AGO, date(2020, 8, 31)),
            ("TH1", date(2020, 9, 1), None),
        ]

    def test_that_disagree_are_refused_until_somebody_chooses(self, city, learner, officer):
        elsewhere = make_member(city.other_school, started_on=date(2022, 1, 1))
        before = everything()
        with pytest.raises(MergeError, match="Theo hồ sơ nào"):
            merge(learner, elsewhere, by=officer)
        assert everything() == before

    @pytest.mark.parametrize(
        ("chosen", "after"),
        [
            ("kept", [("TH1", LONG_AGO, None)]),
            ("gone", [("TH1", LONG_AGO, date(2021, 12, 31)), ("THCS2", date(2022, 1, 1), None)]),
        ],
    )
    def test_that_disagree_follow_the_choice(self, city, learner, officer, chosen, after):
        elsewhere = make_member(city.other_school, started_on=date(2022, 1, 1))
        merge(learner, elsewhere, by=officer, memberships=chosen)
        assert stays(learner) == after

    def test_days_that_only_the_other_knows_are_kept_on_both_sides(self, city, learner, officer):
        Membership.objects.filter(person=learner).update(
            started_on=date(2020, 3, 1), ended_on=date(2020, 5, 31)
        )
        elsewhere = make_member(city.other_school)
        merge(learner, elsewhere, by=make_account(is_superuser=True), memberships="kept")
        assert stays(learner) == [
            ("THCS2", LONG_AGO, date(2020, 2, 29)),
            ("TH1", date(2020, 3, 1), date(2020, 5, 31)),
            ("THCS2", date(2020, 6, 1), None),
        ]

    def test_beside_the_primary_one_come_along(self, city, learner, double, officer):
        Membership.objects.create(
            person=double,
            unit=city.other_school,
            staff_group="teacher",
            started_on=LONG_AGO,
            is_primary=False,
        )
        merge(learner, double, by=officer)
        assert Membership.objects.filter(person=learner, is_primary=False).count() == 1


class TestWhatIsSaidOfHer:
    def test_blanks_are_filled(self, learner, double, officer):
        Person.objects.filter(pk=learner.pk).update(birth_date=None, phone="")
        Person.objects.filter(pk=double.pk).update(phone="0912345678", is_core_teacher=True)
        merge(learner, double, by=officer)
        learner.refresh_from_db()
        assert (learner.birth_date, learner.phone) == (date(1985, 4, 5), "0912345678")
        assert learner.is_core_teacher

    def test_the_kept_row_holds_unless_chosen_otherwise(self, learner, double, officer):
        Person.objects.filter(pk=double.pk).update(given_name="Hân", birth_date=date(1984, 1, 1))
        merge(learner, double, by=officer, birth_date="gone")
        learner.refresh_from_db()
        assert (learner.full_name, learner.birth_date) == ("Trần Ngọc Hạnh", date(1984, 1, 1))

    def test_a_chosen_name_sorts_and_is_found_as_such(self, learner, double, officer):
        Person.objects.filter(pk=double.pk).update(given_name="Hân")
        merge(learner, double, by=officer, full_name="gone")
        assert Person.objects.get(search_text__contains="tran ngoc han 000101") == learner


class TestAccounts:
    def test_the_only_one_goes_over_and_signs_in_by_either_code(self, city, double, officer):
        kept = make_member(city.school, code="000903")
        account = make_account(double)
        merge(kept, double, by=officer)
        account.refresh_from_db()
        assert account.person == kept
        assert account_of("000901") == account_of("000903") == account

    def test_of_two_one_must_be_chosen(self, learner, double, officer):
        make_account(double)
        assert questions(learner, double) == {"account"}

    @pytest.mark.parametrize(("chosen", "stays_open"), [("kept", "000101"), ("gone", "000901")])
    def test_of_two_the_other_is_closed_and_nobodys(
        self, learner, double, officer, chosen, stays_open
    ):
        make_account(double)
        merge(learner, double, by=officer, account=chosen)
        one = User.objects.get(person=learner)
        [closed] = User.objects.filter(username__in=["000101", "000901"], is_active=False)
        assert one.username == stays_open
        assert one.is_active
        assert closed.person is None
        for code in ("000101", "000901"):
            assert account_of(code) == one

    def test_the_closed_ones_address_signs_in_the_open_one(self, learner, double, officer):
        make_account(double, email="hanh@truong.vn")
        merge(learner, double, by=officer, account="kept")
        assert account_of("hanh@truong.vn") == learner.user

    def test_scopes_of_the_closed_one_are_carried_over_only_when_somebody_says_so(
        self, city, learner, double, officer
    ):
        make_scope(make_account(double), city.school)
        assert questions(learner, double, account="kept") == {"scopes"}
        assert questions(learner, double, account="gone") == set()
        with pytest.raises(MergeError):
            merge(learner, double, by=officer, account="kept")
        merge(learner, double, by=officer, account="kept", scopes="leave")
        assert not Scope.objects.granted_to(learner.user).exists()

    def test_scopes_move_when_chosen(self, city, learner, double, officer):
        make_scope(make_account(double), city.school)
        merge(learner, double, by=officer, account="kept", scopes="move")
        assert Scope.objects.granted_to(learner.user).count() == 1

    def test_a_closed_accounts_session_ends(self, client, learner, double, officer):
        client.force_login(make_account(double))
        merge(learner, double, by=officer, account="kept")
        assert client.get("/my/").status_code == 302

    def test_slips_on_their_way_are_withdrawn(self, double, learner, principal):
        issue_code(double, issued_by=principal, at=timezone.now())
        merge(learner, double, by=principal)
        assert not AccessCode.objects.live_at(timezone.now()).exists()


class TestRequests:
    def test_are_hers_to_read_and_open_to_be_answered(self, learner, double, principal):
        asked = make_correction(double)
        merge(learner, double, by=principal)
        asked.refresh_from_db()
        assert asked.person == learner
        assert asked in type(asked).objects.decidable_by(principal, on=TODAY).open()


class TestWhoMayMerge:
    def test_a_principal_within_her_school(self, learner, double, principal):
        assert merge(learner, double, by=principal)

    def test_not_the_principal_of_another_school(self, learner, double, outsider):
        with pytest.raises(MergeError, match="ngoài phạm vi"):
            merge(learner, double, by=outsider)

    def test_people_of_two_units_take_somebody_over_both(self, city, learner, principal, officer):
        elsewhere = make_member(city.other_school)
        make_scope(principal, city.other_school)  # two schools are not an office
        with pytest.raises(MergeError, match="ngoài phạm vi"):
            merge(learner, elsewhere, by=principal, memberships="kept")
        assert merge(learner, elsewhere, by=officer, memberships="kept")

    def test_nobody_cuts_a_past_that_is_not_hers(self, city, learner, double, officer):
        Membership.objects.filter(person=double).update(started_on=date(2020, 1, 1))
        Membership.objects.create(
            person=double,
            unit=city.office,
            staff_group="officer",
            started_on=LONG_AGO,
            ended_on=date(2019, 12, 31),
        )
        with pytest.raises(MergeError, match="ngoài phạm vi"):
            merge(learner, double, by=officer, memberships="kept")
        assert merge(learner, double, by=make_account(is_superuser=True), memberships="kept")

    def test_nobody_merges_herself(self, principal, double):
        for pair in ((principal.person, double), (double, principal.person)):
            with pytest.raises(MergeError, match="của mình"):
                merge(*pair, by=principal, memberships="kept")

    def test_nobody_merges_an_account_with_more_rights(self, city, learner, double, principal):
        learner.user.groups.add(Group.objects.create(name="Giảng viên nguồn"))
        with pytest.raises(MergeError, match="quyền ngang hoặc hơn"):
            merge(learner, double, by=principal)

    def test_nobody_opens_what_the_office_closed_by_merging_it_into_another(
        self, learner, double, principal, officer
    ):
        close_account(learner.user, by=officer, at=timezone.now(), reason="Điều tra")
        make_account(double)
        with pytest.raises(MergeError, match="khóa"):
            merge(learner, double, by=principal, account="gone")
        assert merge(learner, double, by=officer, account="gone", memberships="kept")

    def test_nobody_merges_an_account_that_manages_what_she_does(
        self, city, learner, double, principal
    ):
        make_scope(learner.user, city.school)
        with pytest.raises(MergeError, match="quyền ngang hoặc hơn"):
            merge(learner, double, by=principal)

    def test_a_reason_is_required(self, learner, double, officer):
        with pytest.raises(MergeError, match="lý do"):
            merge_people(learner, double, choices={}, by=officer, at=timezone.now(), reason="  ")

    def test_nobody_is_merged_with_herself_twice(self, learner, officer):
        with pytest.raises(MergeError, match="cùng một hồ sơ"):
            merge(learner, learner, by=officer)


class TestWhatWasShownIsWhatIsDone:
    def test_otherwise_it_is_refused(self, learner, double, officer):
        now = timezone.now()
        shown = plan_merge(learner, double, choices={}, at=now).digest
        Membership.objects.filter(person=double).update(started_on=date(2016, 1, 1))
        with pytest.raises(MergeError, match="vừa thay đổi"):
            merge_people(
                learner, double, choices={}, by=officer, at=now, reason="Trùng", expected=shown
            )

    def test_it_is_the_same_a_minute_later(self, learner, double, principal):
        issue_code(double, issued_by=principal, at=timezone.now())
        now = timezone.now()
        digests = {
            plan_merge(learner, double, choices={}, at=at).digest
            for at in (now, now + timedelta(minutes=1))
        }
        assert len(digests) == 1


class TestUndoing:
    def test_restores_every_row(self, city, learner, double, officer, principal):
        account = make_account(double, email="hanh@truong.vn")
        make_scope(account, city.school)
        issue_code(double, issued_by=officer, at=timezone.now())
        issue_code(learner, issued_by=officer, at=timezone.now())
        make_correction(double)
        Person.objects.filter(pk=double.pk).update(
            given_name="Hân", phone="0912345678", is_core_trainer=True
        )
        Membership.objects.filter(person=double).update(unit=city.other_school)
        third = make_member(city.school, code="000902", ended_on=date(2016, 1, 1))
        administrator = make_account(is_superuser=True)
        merge(double, third, by=administrator, memberships="kept")
        before = everything()
        for chosen in ("kept", "gone"):
            merged = merge(
                learner,
                double,
                by=administrator,
                memberships=chosen,
                account=chosen,
                scopes="move",
                full_name="gone",
            )
            assert everything() != before
            undo(merged, by=administrator)
            assert everything() == before

    def test_is_logged_on_both_records(self, learner, double, officer):
        undo(merge(learner, double, by=officer), by=officer)
        for person in (learner, double):
            acts = AuditEntry.objects.about(person).values_list("action", flat=True)
            assert list(acts) == ["people.unmerged", "people.merged"]

    def test_is_done_once(self, learner, double, officer):
        merged = merge(learner, double, by=officer)
        undo(merged, by=officer)
        with pytest.raises(MergeError, match="đã được hoàn tác"):
            undo(merged, by=officer)

    def test_can_be_followed_by_another_merge(self, learner, double, officer):
        undo(merge(learner, double, by=officer), by=officer)
        assert merge(double, learner, by=officer)

    def test_is_refused_once_her_membership_has_changed(self, learner, double, officer):
        Membership.objects.filter(person=learner).update(started_on=date(2020, 1, 1))
        merged = merge(learner, double, by=officer)
        change_membership(learner, on=TODAY, staff_group="support")
        with pytest.raises(MergeError, match="Đã thay đổi sau khi gộp: nơi công tác"):
            undo(merged, by=officer)

    def test_is_refused_while_a_later_merge_stands(self, city, learner, double, officer):
        merged = merge(learner, double, by=officer)
        later = merge(learner, make_member(city.school, code="000902"), by=officer)
        with pytest.raises(MergeError, match="000902"):
            undo(merged, by=officer)
        undo(later, by=officer)
        assert undo(merged, by=officer)

    def test_is_refused_while_she_is_part_of_somebody_else(self, city, learner, double, officer):
        merged = merge(double, make_member(city.school, code="000902"), by=officer)
        merge(learner, double, by=officer)
        with pytest.raises(MergeError, match="gộp tiếp"):
            undo(merged, by=officer)

    def test_is_refused_once_a_new_slip_was_made(self, city, learner, double, officer):
        make_account(double)
        issue_code(learner, issued_by=officer, at=timezone.now())
        merged = merge(learner, double, by=officer, account="gone")
        issue_code(learner, issued_by=officer, at=timezone.now())
        with pytest.raises(MergeError, match="mã đăng nhập mới cấp"):
            undo(merged, by=officer)

    def test_takes_whoever_manages_both_units(self, city, learner, principal, officer):
        elsewhere = make_member(city.other_school, ended_on=day_before(TODAY))
        Membership.objects.filter(person=learner).update(started_on=TODAY)
        merged = merge(learner, elsewhere, by=make_account(is_superuser=True))
        with pytest.raises(MergeError, match="ngoài phạm vi"):
            undo(merged, by=principal)
        assert undo(merged, by=officer)

    def test_needs_a_reason(self, learner, double, officer):
        merged = merge(learner, double, by=officer)
        with pytest.raises(MergeError, match="lý do"):
            undo_merge(merged, by=officer, at=timezone.now(), reason="")
