"""Codes on slips: what they look like, who may issue them, what they open and for how long."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from people.codes import ALPHABET, LENGTH, grouped, new_code, normalised
from people.dates import local_day
from people.models import AccessCode, AuditEntry, Person, User
from people.queries.rights import right_to_issue
from people.services.codes import CodeRefusedError, check_code, issue_code, issue_codes, use_code
from tests.factories import make_account, make_member, make_scope
from tests.people.bringing import applied, row

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ACTIVATE, PASSWORD_PAGE = "/accounts/activate/", "/accounts/activate/password/"
NEW = "ba-con-meo-den"


def guess(client: Client, username: str, code: str):
    return client.post(ACTIVATE, {"username": username, "access_code": code})


def choose(client: Client, password: str = NEW, **more: str):
    return client.post(PASSWORD_PAGE, {"password": password, "again": password, **more})


@pytest.fixture
def newcomer(city):
    """On the school's roster, without an account."""
    return make_member(city.school, code="000777", given_name="Mai", email="mai@vi.du")


@pytest.fixture
def slip(newcomer, principal):
    return issue_code(newcomer, issued_by=principal, at=NOW)


@pytest.fixture
def manager(client, principal):
    client.force_login(principal)
    return client


class TestCode:
    def test_has_no_vowel_and_no_look_alikes(self):
        assert not set("AEIOUY") & set(ALPHABET)
        for pair in ("0O", "1I", "2Z", "5S", "8B"):
            assert len(set(pair) & set(ALPHABET)) <= 1

    @given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), st.booleans())
    def test_is_read_in_any_case_with_or_without_hyphen_and_blanks(self, code, is_lower):
        typed = f" {grouped(code)} ".replace("-", " - ")
        assert normalised(typed.lower() if is_lower else typed) == code

    @pytest.mark.parametrize("typed", ["", "CFGH", "CFGH-23456", "CFGH-234A", "đđđđđđđđ", "x" * 90])
    def test_is_nothing_else(self, typed):
        assert normalised(typed) == ""

    def test_is_random(self):
        assert len({new_code() for _ in range(200)}) == 200


class TestIssuing:
    def test_keeps_a_digest_and_not_the_code(self, slip, newcomer):
        row = AccessCode.objects.get(person=newcomer)
        stored = " ".join(str(value) for value in vars(row).values())
        assert slip.code not in stored
        assert slip.code.replace("-", "") not in stored
        assert len(row.digest) == 64

    def test_withdraws_the_code_before(self, slip, newcomer, principal):
        second = issue_code(newcomer, issued_by=principal, at=NOW)
        assert check_code(newcomer, slip.code, at=NOW) is None
        assert check_code(newcomer, second.code, at=NOW) is not None

    def test_the_database_itself_holds_one_open_code_a_person(self, slip, newcomer, principal):
        row = AccessCode.objects.get(person=newcomer)
        row.pk = None
        with pytest.raises(IntegrityError):
            row.save()

    def test_is_logged_without_the_code(self, slip, newcomer):
        entry = AuditEntry.objects.get(action="code.issued")
        assert entry.subject == f"people.person:{newcomer.pk}"
        assert slip.code not in str(entry.detail)

    def test_leaves_the_password_of_today_alone(self, learner, principal):
        issue_code(learner, issued_by=principal, at=NOW)
        assert User.objects.get(person=learner).check_password("mat-khau-thu")


class TestEscalation:
    """A code for an account is the account: nobody opens one that may do more than she."""

    def refused(self, person, by) -> bool:
        try:
            issue_code(person, issued_by=by, at=NOW)
        except CodeRefusedError:
            assert not AccessCode.objects.filter(person=person).exists()
            return True
        return False

    def test_a_superuser_on_the_roster(self, learner, principal):
        User.objects.filter(person=learner).update(is_superuser=True)
        assert self.refused(learner, principal)

    def test_an_editor_on_the_roster(self, learner, principal):
        learner.user.groups.add(Group.objects.create(name="Biên tập"))
        assert self.refused(learner, principal)

    @pytest.mark.parametrize(
        ("place", "role", "sector"),
        [
            ("root", "sector_manager", "education"),
            ("commune", "unit_manager", ""),
            ("commune", "aggregate_viewer", ""),
            ("other_school", "monitor", ""),
        ],
    )
    def test_a_colleague_with_a_scope_beyond_the_principals(
        self, city, learner, principal, place, role, sector
    ):
        make_scope(learner.user, getattr(city, place), role, sector=sector)
        assert self.refused(learner, principal)

    def test_a_scope_that_begins_next_month_counts_already(self, city, learner, principal):
        make_scope(learner.user, city.commune, started_on=timezone.localdate() + timedelta(days=30))
        assert self.refused(learner, principal)

    def test_a_scope_that_is_over_does_not(self, city, learner, principal):
        make_scope(learner.user, city.commune, ended_on=timezone.localdate() - timedelta(days=1))
        assert not self.refused(learner, principal)

    def test_a_scope_that_outlasts_hers(self, city, principal):
        officer, today = make_account(), timezone.localdate()
        make_scope(officer, city.commune, ended_on=today + timedelta(days=5))
        assert self.refused(principal.person, officer)
        principal.scopes.update(ended_on=today + timedelta(days=5))
        assert not self.refused(principal.person, officer)

    def test_the_sectors_manager_helps_a_principal_but_not_one_over_two_sectors(
        self, city, principal
    ):
        chief = make_account()
        make_scope(chief, city.root, "sector_manager", sector="education")
        assert not self.refused(principal.person, chief)
        make_scope(principal, city.commune)  # a facility of the other sector is below
        AccessCode.objects.all().delete()
        assert self.refused(principal.person, chief)

    def test_somebody_who_manages_the_same_school(self, city, learner, principal):
        """A deputy would otherwise sign in as the principal, whom she can't even unseat."""
        make_scope(learner.user, city.school)
        assert self.refused(learner, principal)
        assert not self.refused(learner, make_account(is_superuser=True))

    def test_herself(self, principal):
        assert self.refused(principal.person, principal)

    def test_a_closed_account(self, learner, principal):
        User.objects.filter(person=learner).update(is_active=False)
        assert self.refused(learner, principal)

    def test_an_administrator_helps_anybody_else(self, city, principal):
        assert not self.refused(principal.person, make_account(is_superuser=True))

    def test_rights_given_after_the_code_close_it(self, city, learner, principal):
        slip = issue_code(learner, issued_by=principal, at=NOW)
        make_scope(learner.user, city.root, "sector_manager", sector="education")
        assert check_code(learner, slip.code, at=NOW) is None

    def test_is_said_on_the_page_and_nothing_is_issued(self, manager, city, learner):
        make_scope(learner.user, city.commune)
        response = manager.post(f"/manage/people/{learner.pk}/code/")
        assert response.status_code == 403
        assert "có quyền ngang hoặc hơn" in response.content.decode()
        assert not AccessCode.objects.exists()


class TestSomebodyTakenOver:
    """By the principal of another school, whose list names her: its undoing would hide it."""

    @pytest.fixture
    def taken(self, learner, outsider) -> Person:
        learner.user.set_password("ga-con-meo-den")
        learner.user.save()
        today = local_day(NOW)
        here = row("000101", unit="THCS2", started_on=f"{today:%d/%m/%Y}")
        applied([here], by=outsider, as_of=today, is_partial=True, at=NOW)
        assert Person.objects.managed_by(outsider, on=local_day(NOW)).filter(pk=learner.pk).exists()
        return learner

    def refused(self, person, viewer, *, at=NOW) -> str:
        return right_to_issue(viewer, person, on=local_day(at)).reason

    def test_gets_no_code_from_her(self, taken, outsider):
        assert "vừa được nhận từ đơn vị khác" in self.refused(taken, outsider)
        with pytest.raises(CodeRefusedError):
            issue_code(taken, issued_by=outsider, at=NOW)

    def test_gets_one_from_whoever_manages_both_schools(self, city, taken):
        officer = make_account()
        make_scope(officer, city.commune)
        assert not self.refused(taken, officer)

    def test_gets_one_after_three_months(self, taken, outsider):
        assert self.refused(taken, outsider, at=NOW + timedelta(days=92))
        assert not self.refused(taken, outsider, at=NOW + timedelta(days=94))

    def test_gets_one_if_she_never_signed_in(self, taken, outsider):
        taken.user.set_unusable_password()
        taken.user.save()
        assert not self.refused(taken, outsider)


class TestWhoMayIssue:
    @pytest.mark.parametrize("role", ["monitor", "aggregate_viewer"])
    def test_not_who_only_looks(self, client, city, learner, role):
        viewer = make_account()
        make_scope(viewer, city.commune, role)
        client.force_login(viewer)
        assert client.post(f"/manage/people/{learner.pk}/code/").status_code == 403
        assert client.post(f"/manage/units/{city.school.code}/slips/").status_code == 403
        assert not AccessCode.objects.exists()

    def test_not_the_principal_of_another_school(self, client, city, learner, outsider):
        client.force_login(outsider)
        assert client.post(f"/manage/people/{learner.pk}/code/").status_code == 404
        assert client.post(f"/manage/units/{city.school.code}/slips/").status_code == 404
        assert not AccessCode.objects.exists()

    def test_her_slip_says_who_what_where_and_until_when(self, manager, newcomer, settings):
        settings.SUPPORT_CONTACT, settings.BASE_URL = "028 0000 0000", "https://lms.vi.du"
        response = manager.post(f"/manage/people/{newcomer.pk}/code/")
        text = response.content.decode()
        assert response.headers["Cache-Control"] == "private, no-store"
        address = "lms.vi.du/accounts/activate/"
        for words in (newcomer.full_name, "000777", address, "028 0000 0000"):
            assert words in text
        code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text).group()
        assert check_code(newcomer, code, at=timezone.now()) is not None

    def test_the_page_before_shows_no_code(self, manager, slip, newcomer):
        text = manager.get(f"/manage/people/{newcomer.pk}/code/").content.decode()
        assert slip.code not in text
        assert "chưa dùng" in text

    def test_pressed_twice_the_last_slip_is_the_good_one(self, manager, newcomer):
        texts = [
            manager.post(f"/manage/people/{newcomer.pk}/code/").content.decode() for _ in range(2)
        ]
        first, last = (re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text).group() for text in texts)
        assert check_code(newcomer, first, at=timezone.now()) is None
        assert check_code(newcomer, last, at=timezone.now()) is not None


class TestSlipsOfAUnit:
    def test_are_for_people_of_the_unit_without_an_account(self, manager, city, newcomer, learner):
        elsewhere = make_member(city.other_school)
        response = manager.post(
            f"/manage/units/{city.school.code}/slips/",
            {"person": [newcomer.pk, learner.pk, elsewhere.pk, "x"]},
        )
        assert [slip.person for slip in response.context["slips"]] == [newcomer]
        assert AccessCode.objects.count() == 1

    def test_an_account_without_a_password_gets_one_too(self, manager, city, newcomer):
        account = make_account(newcomer)
        account.set_unusable_password()
        account.save()
        page = manager.get(f"/manage/units/{city.school.code}/slips/")
        assert list(page.context["people"]) == [newcomer]

    def test_somebody_with_more_rights_is_left_out_and_named(self, manager, city, newcomer):
        boss = make_member(city.school, given_name="Quyền")
        account = make_account(boss)
        account.set_unusable_password()
        account.save()
        make_scope(account, city.root, "sector_manager", sector="education")
        response = manager.post(
            f"/manage/units/{city.school.code}/slips/", {"person": [newcomer.pk, boss.pk]}
        )
        assert response.context["refused"] == [boss]
        assert not AccessCode.objects.filter(person=boss).exists()

    def test_nobody_chosen_issues_nothing_and_says_so(self, manager, city, newcomer):
        response = manager.post(f"/manage/units/{city.school.code}/slips/")
        assert "Chưa cấp mã nào" in response.content.decode()
        assert not AccessCode.objects.exists()

    def test_asking_takes_as_many_queries_for_thirty_as_for_one(
        self, manager, city, newcomer, django_assert_num_queries
    ):
        path = f"/manage/units/{city.school.code}/slips/"
        with django_assert_num_queries(QUERIES_OF_SLIPS):
            manager.get(path)
        for _ in range(30):
            make_member(city.school)
        with django_assert_num_queries(QUERIES_OF_SLIPS):
            manager.get(path)

    def test_so_does_issuing_whatever_accounts_they_have(self, city):
        officer = make_account()
        make_scope(officer, city.commune)

        def queries(number: int) -> int:
            people = [make_member(city.school) for _ in range(number)]
            for person in people:
                account = make_account(person)
                make_scope(account, city.school)
            with CaptureQueriesContext(connection) as captured:
                issued = issue_codes(people, issued_by=officer, at=NOW)
            assert len(issued.slips) == number
            return len(captured)

        assert queries(1) == queries(30) == QUERIES_OF_ISSUING

    def test_who_is_refused_meanwhile_keeps_nobody_else_from_a_slip(
        self, city, newcomer, principal
    ):
        boss = make_account(make_member(city.school), is_superuser=True).person
        issued = issue_codes([boss, newcomer], issued_by=principal, at=NOW)
        assert [slip.person for slip in issued.slips] == [newcomer]
        assert [(person, bool(right.reason)) for person, right in issued.refused] == [(boss, True)]
        assert AuditEntry.objects.get(action="code.issued").subject_label == newcomer.full_name


QUERIES_OF_SLIPS = 10
QUERIES_OF_ISSUING = 17


class TestFirstActivation:
    def test_ends_signed_in_with_ones_own_password(self, client, slip, newcomer):
        assert guess(client, "000777", slip.code).url == PASSWORD_PAGE
        assert choose(client).url == "/my/"
        account = User.objects.get(person=newcomer)
        assert account.check_password(NEW)
        assert account.username == "000777"
        assert client.session["_auth_user_id"] == str(account.pk)

    def test_the_code_is_typed_as_it_comes(self, client, slip):
        assert guess(client, " 000777 ", slip.code.lower().replace("-", " ")).status_code == 302

    def test_keeps_where_she_was_going_if_that_is_here(self, client, slip):
        form = {"username": "000777", "access_code": slip.code, "next": "/my/record/"}
        assert client.post(ACTIVATE, form).url == f"{PASSWORD_PAGE}?next=%2Fmy%2Frecord%2F"
        assert choose(client, next="https://example.com/").url == "/my/"

    def test_takes_an_address_to_sign_in_by(self, client, slip, newcomer):
        guess(client, "000777", slip.code)
        choose(client, email="moi@vi.du", phone="0912 345 678")
        account = User.objects.get(person=newcomer)
        assert (account.email, account.phone) == ("moi@vi.du", "0912345678")

    def test_an_address_of_somebody_else_leaves_everything_as_it_was(
        self, client, slip, newcomer, learner
    ):
        User.objects.filter(person=learner).update(phone="0912345678")
        guess(client, "000777", slip.code)
        response = choose(client, phone="0912345678")
        assert "Chưa dùng được" in response.content.decode()
        assert not User.objects.filter(person=newcomer).exists()
        assert choose(client).status_code == 302  # the code is still good

    @pytest.mark.parametrize("password", ["ngan", "password", "000777ab", "12345678"])
    def test_a_poor_password_is_refused_in_words(self, client, slip, newcomer, password):
        guess(client, "000777", slip.code)
        assert choose(client, password).context["form"].errors["password"]
        assert not User.objects.filter(person=newcomer).exists()

    def test_two_that_differ_are_refused(self, client, slip):
        guess(client, "000777", slip.code)
        response = client.post(PASSWORD_PAGE, {"password": NEW, "again": "khac-hoan-toan"})
        assert "chưa giống nhau" in response.content.decode()

    def test_the_second_step_needs_the_first(self, client, slip, newcomer):
        assert choose(client).url == ACTIVATE
        assert not User.objects.filter(person=newcomer).exists()


class TestForgottenPassword:
    def test_ends_every_other_session_and_the_lock(self, client, learner, principal, settings):
        settings.AXES_ENABLED = True
        elsewhere = Client()
        elsewhere.force_login(learner.user)
        for _ in range(8):
            Client().post(
                "/accounts/login/",
                {"username": learner.code, "password": "x"},
                REMOTE_ADDR="1.2.3.4",
            )
        assert AccessAttempt.objects.filter(username=learner.code).exists()
        slip = issue_code(learner, issued_by=principal, at=timezone.now())
        guess(client, learner.code, slip.code)
        choose(client)
        assert not AccessAttempt.objects.filter(username=learner.code).exists()
        assert elsewhere.get("/my/").status_code == 302
        assert client.get("/my/").status_code == 200
        assert AuditEntry.objects.filter(action="password.reset").count() == 1

    def test_the_page_says_the_same_to_everybody(self, client):
        assert "Người quản lý đơn vị" in client.get("/accounts/forgotten/").content.decode()


class TestWhatNoLongerOpens:
    def test_a_used_code(self, client, slip, newcomer):
        guess(client, "000777", slip.code)
        choose(client)
        assert guess(Client(), "000777", slip.code).status_code == 200

    def test_a_code_used_in_another_tab_meanwhile(self, client, slip, newcomer):
        other = Client()
        for each in (client, other):
            guess(each, "000777", slip.code)
        choose(client)
        assert choose(other, "mat-khau-cua-ke-khac").url == ACTIVATE
        assert User.objects.get(person=newcomer).check_password(NEW)

    def test_an_expired_code(self, slip, newcomer, settings):
        last = NOW + timedelta(days=settings.ACCESS_CODE_DAYS)
        assert check_code(newcomer, slip.code, at=last - timedelta(seconds=1)) is not None
        assert check_code(newcomer, slip.code, at=last) is None

    def test_a_withdrawn_code_in_the_middle_of_choosing(self, client, slip, newcomer, principal):
        guess(client, "000777", slip.code)
        issue_code(newcomer, issued_by=principal, at=timezone.now())
        assert choose(client).url == ACTIVATE

    def test_somebody_elses_code(self, city, slip, principal):
        other = make_member(city.school)
        issue_code(other, issued_by=principal, at=NOW)
        assert check_code(other, slip.code, at=NOW) is None

    def test_a_first_activation_after_a_password_was_set_otherwise(self, slip, newcomer):
        make_account(newcomer)
        assert check_code(newcomer, slip.code, at=NOW) is None

    def test_a_code_of_an_account_closed_since(self, learner, principal):
        slip = issue_code(learner, issued_by=principal, at=NOW)
        code = check_code(learner, slip.code, at=NOW)
        User.objects.filter(person=learner).update(is_active=False)
        with pytest.raises(CodeRefusedError):
            use_code(code, password=NEW, at=NOW)

    def test_a_code_guessed_at_too_often_from_anywhere(self, slip, newcomer, settings):
        for _ in range(settings.ACCESS_CODE_ATTEMPTS):
            check_code(newcomer, "CCCC-CCCC", at=NOW)
        assert check_code(newcomer, slip.code, at=NOW) is None


class TestGuessing:
    @pytest.mark.parametrize("username", ["000777", "khong-co-ai"])
    def test_wrong_code_and_unknown_person_read_alike(self, client, slip, username):
        text = guess(client, username, "CCCC-CCCC").content.decode()
        assert "Mã nhân sự hoặc mã đăng nhập chưa đúng" in text

    def test_is_locked_after_eight_like_signing_in(self, client, slip, settings):
        settings.AXES_ENABLED = True
        for _ in range(8):
            response = guess(client, "000777", "CCCC-CCCC")
        assert response.status_code == 429
        assert guess(client, "000777", slip.code).status_code == 429

    def test_what_was_typed_is_kept_nowhere(self, client, slip, settings):
        settings.AXES_ENABLED = True
        guess(client, "000777", "CCCC-CCC9")
        assert "CCCC" not in AccessAttempt.objects.get().post_data
