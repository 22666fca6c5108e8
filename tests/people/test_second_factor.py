"""Signing in in two steps: at every door, once a code, and never by a password alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import given
from hypothesis import strategies as st

from people.grants import Grants
from people.models import AuditEntry, AuthenticatorApp, RecoveryCodes, User
from people.queries.second_factor import (
    app_of,
    may_have_second_factor,
    must_have_second_factor,
    recovery_codes_left,
)
from people.second_factor import digits_of, new_recovery_codes, new_seed, readable, secret_from
from people.services.codes import issue_code
from people.services.second_factor import SecondFactorError, check_second_code, switch_on
from tests.activities.quiz.test_concurrency import all_at_once
from tests.factories import make_account, make_scope
from tests.people.signing_in import (
    LOGIN,
    PASSWORD,
    STEP,
    code_of,
    is_signed_in,
    switched_on,
    type_code,
    type_password,
    wrong_code,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]
OWN, SET_UP = "/accounts/second-factor/", "/accounts/second-factor/set-up/"


@pytest.fixture
def seed(principal) -> str:
    """Of the principal's app: she signs in in two steps."""
    return switched_on(principal)[0]


@pytest.fixture
def signed_in(client, principal, seed) -> Client:
    """The principal, by both steps."""
    type_password(client, principal)
    type_code(client, code_of(seed))
    assert is_signed_in(client)
    AuthenticatorApp.objects.update(last_t=-1)  # half a minute later
    return client


class TestSecrets:
    def test_are_not_in_the_database(self, principal):
        seed, codes = switched_on(principal)
        stored = " ".join(
            str(value)
            for model in (TOTPDevice, StaticToken)
            for row in model.objects.values_list()
            for value in row
        )
        assert secret_from(seed).hex() not in stored
        assert readable(secret_from(seed)).replace(" ", "") not in stored
        assert not any(code in stored for code in codes)

    def test_are_others_with_another_secret_key(self, settings):
        seed = new_seed()
        before = secret_from(seed)
        settings.SECRET_KEY = "another"
        assert secret_from(seed) != before

    def test_recovery_codes_are_ten_that_differ(self):
        codes = new_recovery_codes()
        assert len(set(codes)) == 10
        assert all(len(code) == 10 and code.isascii() and code.isdigit() for code in codes)

    @given(st.text(max_size=30))
    def test_whatever_is_typed_is_a_code_of_digits_or_nothing(self, typed):
        code = digits_of(typed)
        assert code == "" or (code.isascii() and code.isdigit() and len(code) in (6, 10))

    @pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456"])
    def test_blanks_and_hyphens_do_not_matter(self, typed):
        assert digits_of(typed) == "123456"

    @pytest.mark.parametrize("typed", ["12345", "+23456", "١٢٣٤٥٦", "1234567", "12e456", ""])
    def test_other_digits_and_lengths_are_no_code(self, typed):
        assert digits_of(typed) == ""


class TestThePassword:
    def test_alone_opens_no_session(self, client, principal, seed):
        assert type_password(client, principal).url == STEP
        assert not is_signed_in(client)
        assert client.get("/manage/").url.startswith(LOGIN)

    def test_changes_nobodys_last_sign_in(self, client, principal, seed):
        type_password(client, principal)
        assert User.objects.get(pk=principal.pk).last_login is None

    def test_alone_opens_nothing_at_any_address_that_takes_posts(self, principal, seed):
        """Whatever door somebody adds one day: she is asked for the code, or it stays shut."""
        fields = {"username": principal.username, "login": principal.username,
                  "email": principal.username, "password": PASSWORD, "password1": PASSWORD,
                  "password2": PASSWORD, "old_password": PASSWORD, "next": "/manage/"}  # fmt: skip
        tried = 0
        for path in addresses(get_resolver().url_patterns):
            client = Client(raise_request_exception=False)
            client.post(path, fields)
            assert not is_signed_in(client), path
            tried += 1
        assert tried > 60  # otherwise this looks in the wrong places

    @pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/", "/admin/password_reset/"])
    def test_the_editors_doors_lead_to_the_one(self, client, door, seed, principal):
        response = type_password(client, principal, url=door)
        assert response.url.startswith(LOGIN)
        assert not is_signed_in(client)

    def test_wrong_or_right_reads_the_same_until_it_is_right(self, client, principal, seed):
        response = client.post(LOGIN, {"username": principal.username, "password": "sai"})
        assert response.status_code == 200
        assert client.get(STEP).url == LOGIN

    def test_of_somebody_without_a_second_factor_is_enough(self, client, learner):
        assert type_password(client, learner.user).url == "/my/"


def addresses(patterns: list, before: str = "/") -> list[str]:
    """One of every address, whatever it takes: a number, a code, a UUID."""
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, before + sample(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.append(before + sample(pattern.pattern))
    return found


SAMPLES = {"uuid:": "00000000-0000-4000-8000-000000000000", "int:": "1", "": "x"}


def sample(pattern: object) -> str:
    text = str(pattern).lstrip("^").rstrip("$").replace("\\Z", "").replace("\\", "")
    if "(" in text:  # a regular expression: some value for each of its groups
        return "sample/"
    for kind, value in SAMPLES.items():
        while (start := text.find(f"<{kind}")) >= 0:
            text = text[:start] + value + text[text.index(">", start) + 1 :]
    return text


class TestTheCode:
    def test_signs_in_with_a_new_session_key(self, client, principal, seed):
        type_password(client, principal)
        between = client.session.session_key
        assert type_code(client, code_of(seed)).url == "/my/"
        assert is_signed_in(client)
        assert client.session.session_key != between
        assert client.get("/my/").status_code == 200

    def test_leads_where_she_was_going_if_that_is_here(self, client, principal, seed):
        first = type_password(client, principal, next="/manage/requests/")
        assert first.url == f"{STEP}?next=%2Fmanage%2Frequests%2F"
        assert type_code(client, code_of(seed), next="/manage/requests/").url == "/manage/requests/"

    def test_never_leads_to_a_foreign_site(self, client, principal, seed):
        assert type_password(client, principal, next="https://vi.du/").url == STEP
        assert type_code(client, code_of(seed), next="//vi.du/").url == "/my/"

    def test_is_asked_for_with_the_keyboard_of_digits(self, client, principal, seed):
        type_password(client, principal)
        text = client.get(STEP).content.decode()
        assert 'inputmode="numeric"' in text
        assert 'autocomplete="one-time-code"' in text

    def test_works_once(self, client, principal, seed):
        code = code_of(seed)
        type_password(client, principal)
        type_code(client, code)
        other = Client()
        type_password(other, principal)
        response = type_code(other, code)
        assert "đã dùng rồi" in response.content.decode()
        assert not is_signed_in(other)

    def test_of_somebody_else_opens_nothing(self, client, principal, outsider, seed):
        others, _codes = switched_on(outsider)
        type_password(client, principal)
        type_code(client, code_of(others))
        assert not is_signed_in(client)

    @pytest.mark.parametrize("late", [-2, 2])
    def test_of_a_minute_ago_or_ahead_opens_nothing(self, client, principal, seed, late):
        type_password(client, principal)
        type_code(client, code_of(seed, steps=late))
        assert not is_signed_in(client)

    def test_without_a_password_first_is_not_even_asked_for(self, client, principal, seed):
        assert type_code(client, code_of(seed)).url == LOGIN
        assert not is_signed_in(client)

    def test_must_come_within_five_minutes_of_the_password(self, client, principal, seed):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            type_password(client, principal)
            clock.shift(timedelta(minutes=5, seconds=1))
            assert type_code(client, code_of(seed)).url == LOGIN
        assert not is_signed_in(client)

    def test_does_not_fit_a_password_changed_meanwhile(self, client, principal, seed):
        type_password(client, principal)
        principal.set_password("mot-mat-khau-khac")
        principal.save()
        assert type_code(client, code_of(seed)).url == LOGIN
        assert not is_signed_in(client)

    def test_opens_no_account_closed_meanwhile(self, client, principal, seed):
        type_password(client, principal)
        User.objects.filter(pk=principal.pk).update(is_active=False)
        type_code(client, code_of(seed))
        assert not is_signed_in(client)


class TestGuessing:
    def test_eight_wrong_codes_lock_the_door_as_wrong_passwords_do(
        self, client, principal, seed, settings
    ):
        settings.AXES_ENABLED = True
        with time_machine.travel(timezone.now(), tick=False) as clock:
            type_password(client, principal)
            for number in range(8):
                response = type_code(client, wrong_code(seed))
                clock.shift(2**number + 1)  # as long as the library makes her wait
                if number == 6:
                    type_password(client, principal)  # five minutes are soon over
            assert response.status_code == 429
            assert "tạm khóa" in response.content.decode()
            assert type_code(client, code_of(seed)).status_code == 429
            assert type_password(client, principal).status_code == 429

    def test_each_wrong_one_doubles_the_wait_from_whatever_address(self, principal, seed):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for number in range(4):
                check_second_code(principal, wrong_code(seed))
                checked = check_second_code(principal, code_of(seed))
                assert not checked.is_right
                assert checked.wait_until == timezone.now() + timedelta(seconds=2**number)
                clock.shift(2**number)
            assert check_second_code(principal, code_of(seed)).is_right

    def test_nobody_with_a_password_alone_locks_the_owner_out_for_days(self, principal, seed):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _number in range(20):
                check_second_code(principal, wrong_code(seed))
                waits = check_second_code(principal, code_of(seed)).wait_until - timezone.now()
                clock.shift(waits)
            assert waits < timedelta(hours=1)
            assert check_second_code(principal, code_of(seed)).is_right

    def test_too_soon_is_said_and_not_looked_at(self, client, principal, seed):
        type_password(client, principal)
        with time_machine.travel(timezone.now(), tick=False):
            type_code(client, wrong_code(seed))
            response = type_code(client, code_of(seed))
        assert response.status_code == 429
        assert "Hãy chờ 1 giây rồi ghi mã đang hiện" in response.content.decode()
        assert not is_signed_in(client)

    def test_one_typo_alarms_nobody_and_many_wrong_codes_do(self, client, principal, seed):
        type_password(client, principal)
        alarm = "có người khác biết mật khẩu"
        with time_machine.travel(timezone.now(), tick=False) as clock:
            told = []
            for _number in range(8):
                check_second_code(principal, wrong_code(seed))
                told.append(type_code(client, code_of(seed)).content.decode())
                clock.shift(check_second_code(principal, "0" * 6).wait_until - timezone.now())
        assert [alarm in words for words in told] == [False] * 3 + [True] * 5
        assert "Hãy chờ 64 giây" in told[6]
        assert "Hãy chờ 3 phút" in told[7]

    def test_what_was_typed_is_kept_nowhere(self, client, principal, seed, settings):
        settings.AXES_ENABLED = True
        type_password(client, principal)
        type_code(client, "4715530926")
        assert "4715530926" not in AccessAttempt.objects.get().post_data

    def test_other_failures_at_the_form_of_change_are_counted(self, signed_in, principal):
        for _ in range(11):
            response = signed_in.post(OWN, {"password": "sai", "second_code": "000000"})
        assert response.status_code == 429
        assert app_of(principal) is not None


class TestRecoveryCodes:
    def test_sign_in_once_each(self, client, principal):
        _seed, codes = switched_on(principal)
        type_password(client, principal)
        assert type_code(client, f"{codes[0][:5]} {codes[0][5:]}").url == "/my/"
        assert recovery_codes_left(principal) == 9
        other = Client()
        type_password(other, principal)
        type_code(other, codes[0])
        assert not is_signed_in(other)

    def test_say_how_many_are_left_and_are_logged(self, client, principal):
        _seed, codes = switched_on(principal)
        type_password(client, principal)
        type_code(client, codes[3])
        assert "còn 9 mã" in client.get("/my/").content.decode()
        assert AuditEntry.objects.filter(action="recovery-code.used").count() == 1

    def test_open_though_guesses_have_shut_the_app(self, principal):
        seed, codes = switched_on(principal)
        with time_machine.travel(timezone.now(), tick=False):
            check_second_code(principal, wrong_code(seed))
            assert not check_second_code(principal, code_of(seed)).is_right
            assert check_second_code(principal, codes[0]).is_right

    def test_of_somebody_else_open_nothing(self, principal, outsider):
        switched_on(principal)
        _seed, codes = switched_on(outsider)
        assert not check_second_code(principal, codes[0]).is_right
        assert recovery_codes_left(outsider) == 10

    def test_made_anew_end_those_before(self, signed_in, principal, seed):
        before = set(StaticToken.objects.values_list("token", flat=True))
        response = signed_in.post(
            OWN, {"password": PASSWORD, "second_code": code_of(seed), "action": "renew"}
        )
        assert len(response.context["codes"]) == 10
        assert "no-store" in response.headers["Cache-Control"]
        assert not before & set(StaticToken.objects.values_list("token", flat=True))


class TestTheNet:
    """Whatever door a session came by, and however old it is."""

    def test_stops_a_session_from_before_it_was_switched_on(self, client, principal):
        client.force_login(principal)
        assert client.get("/my/").status_code == 200
        seed, _codes = switched_on(principal)
        assert client.get("/manage/?x=1").url == f"{STEP}?next=%2Fmanage%2F%3Fx%3D1"
        assert client.get("/").url.startswith(STEP)
        type_code(client, code_of(seed))
        assert client.get("/my/").status_code == 200

    def test_does_nothing_of_what_such_a_session_posts(self, client, principal, seed, learner):
        client.force_login(principal)
        response = client.post(f"/manage/people/{learner.pk}/code/")
        assert response.url == STEP
        assert not learner.access_codes.exists()

    @pytest.mark.parametrize("accept", ["application/json", "*/*"])
    def test_refuses_scripts_in_their_own_words(self, client, principal, seed, accept):
        client.force_login(principal)
        response = client.get("/my/record.json", headers={"accept": accept})
        assert response.status_code == 401
        assert response.json() == {"error": "second-step"}

    def test_lets_her_sign_out_and_choose_a_language(self, client, principal, seed):
        client.force_login(principal)
        assert client.post("/accounts/language/", {"language": "en"}).url == "/"
        client.post("/accounts/logout/")
        assert not is_signed_in(client)

    def test_stops_a_session_that_passed_with_an_app_removed_since(self, signed_in, principal):
        AuthenticatorApp.objects.filter(user=principal).delete()
        switched_on(principal)
        assert signed_in.get("/manage/").url.startswith(STEP)

    def test_stops_an_administrator_who_views_as_somebody(self, client, learner):
        administrator = make_account(is_superuser=True)
        client.force_login(administrator)
        path = f"/manage/people/{learner.pk}/view-as/"
        client.post(path, {"reason": "Giáo viên gọi điện hỏi"})
        assert client.get("/my/").status_code == 200
        switched_on(administrator)
        assert client.get("/my/").url.startswith(STEP)

    def test_does_not_ask_an_administrator_for_the_app_of_whom_she_views_as(
        self, client, principal, seed
    ):
        client.force_login(make_account(is_superuser=True))
        path = f"/manage/people/{principal.person_id}/view-as/"
        client.post(path, {"reason": "Hiệu trưởng gọi điện hỏi"})
        assert client.get("/my/").status_code == 200
        assert client.get(SET_UP).status_code == 403

    def test_costs_no_query(self, signed_in, learner):
        def queries(client: Client) -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get("/accounts/forgotten/")
            return len(captured)

        plain = Client()
        plain.force_login(learner.user)
        assert queries(signed_in) == queries(plain)

    def test_keeps_the_second_step_when_the_password_changes(self, signed_in):
        form = {
            "old_password": PASSWORD,
            "new_password1": "ba-con-meo-den",
            "new_password2": "ba-con-meo-den",
        }
        assert signed_in.post("/accounts/password/", form).status_code == 302
        assert signed_in.get("/my/").status_code == 200


class TestASlipOfPaper:
    def test_sets_a_password_and_still_asks_for_the_code(self, client, city, principal, seed):
        chief = make_account()
        make_scope(chief, city.commune)
        slip = issue_code(principal.person, issued_by=chief, at=timezone.now())
        client.post(
            "/accounts/activate/", {"username": principal.username, "access_code": slip.code}
        )
        form = {"password": "ba-con-meo-den", "again": "ba-con-meo-den"}
        assert client.post("/accounts/activate/password/", form).url == STEP
        assert not is_signed_in(client)
        assert User.objects.get(pk=principal.pk).check_password("ba-con-meo-den")
        type_code(client, code_of(seed))
        assert is_signed_in(client)

    def test_used_in_somebody_elses_session_ends_that_one(self, client, city, principal, seed):
        chief = make_account()
        make_scope(chief, city.commune)
        slip = issue_code(principal.person, issued_by=chief, at=timezone.now())
        client.force_login(chief)
        client.post(
            "/accounts/activate/", {"username": principal.username, "access_code": slip.code}
        )
        form = {"password": "ba-con-meo-den", "again": "ba-con-meo-den"}
        assert client.post("/accounts/activate/password/", form).url == STEP
        assert not is_signed_in(client)


class TestSettingUp:
    def confirm(self, client: Client, **more: str):
        key = client.session["second_factor_seed"][1]
        return client.post(
            SET_UP, {"second_code": code_of(key), "password": PASSWORD, "next": "/manage/", **more}
        )

    def test_shows_a_picture_and_the_key_in_groups_of_four(self, client, principal):
        client.force_login(principal)
        response = client.get(SET_UP)
        text = response.content.decode()
        assert 'src="data:image/svg+xml' in text
        groups = response.context["key"].split(" ")
        assert [len(group) for group in groups] == [4] * 8
        assert response.context["key"] in text
        assert "".join(groups) in response.context["address"]
        assert client.get(SET_UP).context["key"] == response.context["key"]

    def test_takes_one_code_and_shows_ten_recovery_codes_once(self, client, principal):
        client.force_login(principal)
        client.get(SET_UP)
        response = self.confirm(client)
        assert len(response.context["codes"]) == 10
        assert "no-store" in response.headers["Cache-Control"]
        assert 'href="/manage/"' in response.content.decode()
        assert f'data-read-once="{OWN}"' in response.content.decode()
        assert client.get("/my/").status_code == 200  # this session has shown a code
        assert response.context["codes"][0] not in client.get(OWN).content.decode()
        assert AuditEntry.objects.filter(action="second-factor.on").count() == 1

    def test_a_wrong_code_switches_nothing_on(self, client, principal):
        client.force_login(principal)
        client.get(SET_UP)
        key = client.session["second_factor_seed"][1]
        response = self.confirm(client, second_code=wrong_code(key))
        assert "Mã chưa đúng" in response.content.decode()
        assert not TOTPDevice.objects.exists()

    def test_a_recovery_code_is_no_proof_of_an_app(self, principal):
        with pytest.raises(SecondFactorError):
            switch_on(principal, seed=new_seed(), typed="1234567890")
        assert not TOTPDevice.objects.exists()

    def test_takes_the_password_too_for_the_session_may_be_borrowed(self, client, principal):
        client.force_login(principal)
        client.get(SET_UP)
        response = self.confirm(client, password="sai")
        assert "Mật khẩu hiện tại chưa đúng" in response.content.decode()
        assert not TOTPDevice.objects.exists()

    def test_twice_keeps_the_first(self, client, principal, seed):
        with pytest.raises(SecondFactorError):
            switch_on(principal, seed=new_seed(), typed="000000")
        assert AuthenticatorApp.objects.get(user=principal).key == seed

    def test_is_not_offered_to_whoever_sees_nobody_elses_records(self, client, city, learner):
        viewer = make_account()
        make_scope(viewer, city.root, "aggregate_viewer")
        for account in (learner.user, viewer):
            client.force_login(account)
            assert client.get(SET_UP).status_code == 404
            assert client.get(OWN).status_code == 404

    @pytest.mark.parametrize("role", ["unit_manager", "monitor"])
    def test_is_offered_to_whoever_does(self, client, city, role):
        viewer = make_account()
        make_scope(viewer, city.school, role)
        client.force_login(viewer)
        text = client.get(OWN).content.decode()
        assert SET_UP in text
        assert f'href="{OWN}"' in text  # in her menu


class TestSwitchingOff:
    def ask(self, client: Client, **fields: str):
        return client.post(OWN, {"password": PASSWORD, "action": "off", **fields})

    def test_takes_password_and_code(self, signed_in, principal, seed):
        self.ask(signed_in, second_code=code_of(seed), password="sai")
        assert app_of(principal) is not None
        self.ask(signed_in, second_code="000000" if code_of(seed) != "000000" else "000001")
        assert app_of(principal) is not None

    def test_ends_app_and_recovery_codes(self, signed_in, principal, seed):
        assert self.ask(signed_in, second_code=code_of(seed)).url == OWN
        assert not TOTPDevice.objects.exists()
        assert not RecoveryCodes.objects.exists()
        assert signed_in.get("/my/").status_code == 200
        assert AuditEntry.objects.filter(action="second-factor.off").count() == 1

    def test_is_refused_where_it_is_required(self, signed_in, principal, seed, settings):
        settings.SECOND_FACTOR = "required"
        assert "chưa tắt" in self.ask_and_read(signed_in, seed)
        assert app_of(principal) is not None

    def ask_and_read(self, client: Client, seed: str) -> str:
        self.ask(client, second_code=code_of(seed))
        return client.get(OWN).content.decode()

    def test_is_possible_for_whoever_lost_her_scope(self, signed_in, principal, seed):
        principal.scopes.update(ended_on=timezone.localdate() - timedelta(days=1))
        assert signed_in.get(OWN).status_code == 200
        self.ask(signed_in, second_code=code_of(seed))
        assert app_of(principal) is None


class TestWhereItIsRequired:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.SECOND_FACTOR = "required"

    @pytest.mark.parametrize(
        ("fields", "role", "must"),
        [
            ({"is_superuser": True}, None, True),
            ({"is_staff": True}, None, True),
            ({}, "unit_manager", True),
            ({}, "monitor", True),
            ({}, "aggregate_viewer", False),
            ({}, None, False),
        ],
    )
    def test_of_whom(self, city, fields, role, must):
        account = make_account(**fields)
        scopes = (make_scope(account, city.school, role),) if role else ()
        assert must_have_second_factor(Grants(account, scopes)) is must

    def test_she_sets_it_up_before_she_sees_any_page(self, client, principal):
        type_password(client, principal)
        for path in ("/manage/", "/my/", "/", OWN):
            assert client.get(path).url.startswith(SET_UP), path
        assert client.get(SET_UP).status_code == 200
        assert client.post("/accounts/language/", {"language": "vi"}).url == "/"

    def test_afterwards_she_goes_on(self, client, principal):
        type_password(client, principal)
        assert client.get("/manage/").url == f"{SET_UP}?next=%2Fmanage%2F"
        client.get(SET_UP)
        TestSettingUp().confirm(client)
        assert client.get("/my/").status_code == 200

    def test_scripts_are_refused(self, client, principal):
        client.force_login(principal)
        response = client.get("/my/record.json", headers={"accept": "application/json"})
        assert response.status_code == 403

    def test_learners_notice_nothing(self, client, learner):
        assert type_password(client, learner.user).url == "/my/"
        assert client.get("/my/").status_code == 200

    def test_she_can_still_sign_out(self, client, principal):
        type_password(client, principal)
        client.post("/accounts/logout/")
        assert not is_signed_in(client)


class TestWhereItIsOff:
    @pytest.fixture(autouse=True)
    def off(self, principal, settings):
        switched_on(principal)
        settings.SECOND_FACTOR = "off"

    def test_nobody_is_asked(self, client, principal):
        assert type_password(client, principal).url == "/my/"
        assert client.get("/my/").status_code == 200

    def test_nobody_is_offered_it(self, client, principal):
        client.force_login(principal)
        assert client.get(OWN).status_code == 404
        assert not may_have_second_factor(Grants(principal, tuple(principal.scopes.all())))


class TestTheCommand:
    """For whom nobody stands above: the last administrator who lost her phone."""

    def test_removes_it_with_a_reason(self, principal, seed):
        call_command("remove_second_factor", principal.username, reason="Mất điện thoại, đã gặp")
        assert app_of(principal) is None
        entry = AuditEntry.objects.get(action="second-factor.removed")
        assert entry.actor is None
        assert entry.detail == {"reason": "Mất điện thoại, đã gặp"}

    def test_of_everybody_after_the_secret_key_has_changed(self, principal, outsider, seed):
        switched_on(outsider)
        call_command("remove_second_factor", everybody=True, reason="Đổi SECRET_KEY của máy chủ")
        assert not TOTPDevice.objects.exists()
        assert AuditEntry.objects.filter(action="second-factor.removed").count() == 2

    def test_names_somebody_who_is_here(self, db):
        with pytest.raises(CommandError, match="khong-co-ai"):
            call_command("remove_second_factor", "khong-co-ai", reason="Không có người này")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    """Real threads on a real database."""

    def right_ones(self, account: User, code: str) -> int:
        results = all_at_once(lambda _number: check_second_code(account, code), times=6)
        return sum(result.is_right for result in results)

    def test_one_code_signs_in_once(self, principal, seed):
        assert self.right_ones(principal, code_of(seed)) == 1

    def test_one_recovery_code_signs_in_once(self, principal):
        _seed, codes = switched_on(principal)
        assert self.right_ones(principal, codes[0]) == 1
        assert recovery_codes_left(principal) == 9

    def test_six_wrong_guesses_are_one_at_most_before_the_wait(self, principal, seed):
        self.right_ones(principal, wrong_code(seed))
        assert AuthenticatorApp.objects.get().throttling_failure_count == 1

    def test_it_is_switched_on_once(self, principal):
        seed = new_seed()
        all_at_once(lambda _number: switch_on(principal, seed=seed, typed=code_of(seed)), times=4)
        assert AuthenticatorApp.objects.count() == 1
