"""Accounts and signing in."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate

from people.backends import IdentifierBackend, normalised_phone
from people.models import User
from people.services.accounts import AccountExistsError, create_account
from tests.factories import make_account, make_member

PASSWORD = "mat-khau-thu"
BACKEND = IdentifierBackend()


def signed_in(identifier: str, password: str = PASSWORD) -> User | None:
    return BACKEND.authenticate(None, username=identifier, password=password)


@pytest.fixture
def account(city) -> User:
    person = make_member(city.school, code="000101", email="hanh@vi.du", phone="0912345678")
    return create_account(person, password=PASSWORD)


class TestSigningIn:
    @pytest.mark.parametrize(
        "identifier",
        ["000101", " 000101 ", "hanh@vi.du", "Hanh@Vi.Du", "0912345678", "+84 912 345 678"],
    )
    def test_by_staff_code_email_or_phone(self, account, identifier):
        assert signed_in(identifier) == account

    @pytest.mark.parametrize("identifier", ["101", "hanh", "0912345679", "", "%", "' OR 1=1"])
    def test_nothing_else_will_do(self, account, identifier):
        assert signed_in(identifier) is None

    def test_wrong_password(self, account):
        assert signed_in("000101", "sai") is None

    def test_blank_email_and_phone_of_others_match_nothing(self, city, account):
        make_account(password=PASSWORD)
        assert signed_in("") is None
        assert signed_in("()") is None

    def test_a_staff_code_wins_over_somebody_elses_phone(self, city, account):
        rightful = make_account(make_member(city.school, code="0912345678"), password=PASSWORD)
        assert signed_in("0912345678") == rightful

    def test_a_closed_account_is_refused(self, account):
        User.objects.update(is_active=False)
        assert signed_in("000101") is None
        assert BACKEND.get_user(account.pk) is None

    def test_through_django_itself(self, account, settings):
        assert authenticate(None, username="000101", password=PASSWORD) == account


class TestDemoAccounts:
    @pytest.fixture
    def demo(self, account) -> User:
        User.objects.update(is_demo=True)
        return account

    def test_sign_in_where_demos_are_on(self, demo, settings):
        settings.DEMO = True
        assert signed_in("000101") == demo

    def test_are_refused_where_they_are_off(self, demo, settings):
        settings.DEMO = False
        assert signed_in("000101") is None

    def test_lose_their_session_where_they_are_off(self, demo, settings):
        settings.DEMO = False
        assert BACKEND.get_user(demo.pk) is None


class TestCreating:
    def test_bears_the_code_and_what_the_roster_knows(self, account):
        assert (account.username, account.email, account.phone) == (
            "000101",
            "hanh@vi.du",
            "0912345678",
        )
        assert account.get_full_name() == account.person.full_name

    def test_without_a_password_nobody_can_sign_in(self, city):
        person = make_member(city.school, code="000102")
        assert not create_account(person).has_usable_password()
        assert signed_in("000102", "") is None

    def test_an_address_shared_with_a_colleague_stays_with_the_first(self, city, account):
        colleague = make_member(
            city.school, code="000102", email="HANH@vi.du", phone="0912 345 678"
        )
        second = create_account(colleague, password=PASSWORD)
        assert (second.email, second.phone) == ("", "")
        assert signed_in("hanh@vi.du") == account
        assert signed_in("000102") == second

    def test_two_people_without_address_get_two_accounts(self, city):
        for code in ("000102", "000103"):
            create_account(make_member(city.school, code=code))
        assert User.objects.filter(email="", phone="").count() == 2

    def test_a_second_account_is_refused(self, account):
        with pytest.raises(AccountExistsError, match="000101"):
            create_account(account.person)

    def test_a_code_taken_in_other_letter_case_is_refused(self, city):
        make_account(username="GV01")
        with pytest.raises(AccountExistsError, match="gv01"):
            create_account(make_member(city.school, code="gv01"))


class TestPhones:
    @pytest.mark.parametrize(
        "text", ["0912345678", "0912.345.678", "+84912345678", "0084 912 345 678", "(091)234-5678"]
    )
    def test_are_one_number_however_written(self, text):
        assert normalised_phone(text) == "0912345678"

    @pytest.mark.parametrize("text", ["không có", "0912x", "", "+1 202"])
    def test_what_is_no_number_is_blank(self, text):
        assert normalised_phone(text) == ""
