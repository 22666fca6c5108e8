"""An account's page: closed and opened again, sessions ended, a lost phone's app removed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.models import AccessCode, AuditEntry, Scope, User
from people.queries.second_factor import app_of
from people.services.accounts import AccountStateError, close_account, open_account
from people.services.codes import check_code, issue_code
from tests.factories import make_account, make_member, make_scope
from tests.people.signing_in import (
    code_of,
    is_signed_in,
    switched_on,
    type_code,
    type_password,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
REASON = "Nghỉ hưu từ đầu năm học"
SESSIONS = ["django.contrib.sessions.backends.db", "django.contrib.sessions.backends.cache"]


def page_of(person) -> str:
    return f"/manage/people/{person.pk}/account/"


def act(client: Client, person, what: str, reason: str = REASON):
    return client.post(page_of(person), {"act": what, "reason": reason})


@pytest.fixture
def manager(client, principal) -> Client:
    client.force_login(principal)
    return client


@pytest.fixture
def chief(city) -> User:
    """Manages the commune's people, the principal among them."""
    account = make_account(make_member(city.commune))
    make_scope(account, city.commune)
    return account


class TestClosing:
    @pytest.mark.parametrize("engine", SESSIONS)
    def test_ends_every_session_at_its_next_request(self, learner, principal, settings, engine):
        settings.SESSION_ENGINE = engine
        sessions = [Client(), Client()]
        for session in sessions:
            session.force_login(learner.user)
            assert session.get("/my/").status_code == 200
        close_account(learner.user, by=principal, at=NOW, reason=REASON)
        assert [session.get("/my/").status_code for session in sessions] == [302, 302]

    @pytest.mark.parametrize("engine", SESSIONS)
    def test_opened_again_no_old_session_comes_back(self, learner, principal, settings, engine):
        settings.SESSION_ENGINE = engine
        session = Client()
        session.force_login(learner.user)
        close_account(learner.user, by=principal, at=NOW, reason=REASON)
        open_account(learner.user, by=principal, reason=REASON)
        assert session.get("/my/").status_code == 302
        assert type_password(Client(), learner.user).url == "/my/"

    def test_stops_a_script_in_the_middle_of_a_lesson(self, learner, principal):
        session = Client()
        session.force_login(learner.user)
        close_account(learner.user, by=principal, at=NOW, reason=REASON)
        assert session.post("/evidence/", "[]", content_type="application/json").status_code == 401

    def test_keeps_her_out_with_the_words_for_a_wrong_password(self, learner, principal):
        close_account(learner.user, by=principal, at=NOW, reason=REASON)
        response = type_password(Client(), learner.user)
        assert response.status_code == 200
        assert "chưa đúng" in response.content.decode()

    def test_withdraws_the_slip_that_is_on_its_way(self, learner, principal):
        slip = issue_code(learner, issued_by=principal, at=NOW)
        close_account(learner.user, by=principal, at=NOW, reason=REASON)
        open_account(learner.user, by=principal, reason=REASON)
        assert check_code(learner, slip.code, at=NOW) is None

    def test_is_logged_with_its_reason_and_read_by_her(self, manager, learner):
        assert act(manager, learner, "close").url == page_of(learner)
        entry = AuditEntry.objects.get(action="account.closed")
        assert entry.subject == f"people.person:{learner.pk}"
        assert entry.detail == {"reason": REASON}
        assert entry in AuditEntry.objects.about(learner)

    @pytest.mark.parametrize("reason", ["", "nghỉ"])
    def test_takes_a_reason_that_explains_something(self, manager, learner, reason):
        response = act(manager, learner, "close", reason)
        assert "Hãy ghi" in response.content.decode()
        assert User.objects.get(person=learner).is_active

    def test_twice_is_done_once(self, learner, principal):
        close_account(learner.user, by=principal, at=NOW, reason=REASON)
        with pytest.raises(AccountStateError):
            close_account(learner.user, by=principal, at=NOW, reason=REASON)
        assert AuditEntry.objects.filter(action="account.closed").count() == 1

    def test_ends_what_an_administrator_was_viewing_as(self, client, learner, principal):
        administrator = make_account(is_superuser=True)
        client.force_login(administrator)
        client.post(f"/manage/people/{learner.pk}/view-as/", {"reason": "Giáo viên gọi điện hỏi"})
        close_account(administrator, by=make_account(is_superuser=True), at=NOW, reason=REASON)
        assert client.get("/my/").status_code == 302


class TestOpening:
    def test_lets_her_in_by_her_old_password(self, manager, learner):
        act(manager, learner, "close")
        act(manager, learner, "open")
        assert type_password(Client(), learner.user).url == "/my/"
        assert AuditEntry.objects.filter(action="account.opened").count() == 1

    def test_what_somebody_above_closed_a_principal_does_not_open(self, manager, learner, chief):
        close_account(learner.user, by=chief, at=NOW, reason=REASON)
        assert act(manager, learner, "open").status_code == 403
        assert not User.objects.get(person=learner).is_active
        manager.force_login(chief)
        act(manager, learner, "open")
        assert User.objects.get(person=learner).is_active

    def test_what_was_closed_in_the_editor_only_administrators_open(self, manager, learner):
        User.objects.filter(person=learner).update(is_active=False)
        assert act(manager, learner, "open").status_code == 403
        manager.force_login(make_account(is_superuser=True))
        act(manager, learner, "open")
        assert User.objects.get(person=learner).is_active


class TestWhoMay:
    @pytest.mark.parametrize("what", ["close", "remove-second-factor"])
    def test_nobody_with_regard_to_herself(self, manager, principal, what):
        switched_on(principal)
        manager.force_login(principal)
        session = manager.session
        session["second_factor"] = app_of(principal).pk
        session.save()
        assert act(manager, principal.person, what).status_code == 403
        assert app_of(principal) is not None
        assert User.objects.get(pk=principal.pk).is_active

    @pytest.mark.parametrize("unit", ["commune", "school"])
    @pytest.mark.parametrize("what", ["close", "open", "remove-second-factor"])
    def test_nobody_with_regard_to_her_equals_and_superiors(
        self, manager, city, learner, what, unit
    ):
        switched_on(learner.user)
        make_scope(learner.user, getattr(city, unit))
        response = act(manager, learner, what)
        assert response.status_code == 403
        assert "có quyền ngang hoặc hơn" in response.content.decode()
        assert app_of(learner.user) is not None
        assert User.objects.get(person=learner).is_active

    @pytest.mark.parametrize("role", ["monitor", "aggregate_viewer"])
    def test_nobody_who_only_looks(self, client, city, learner, role):
        viewer = make_account()
        make_scope(viewer, city.commune, role)
        client.force_login(viewer)
        assert client.get(page_of(learner)).status_code == 403
        assert act(client, learner, "close").status_code == 403
        assert User.objects.get(person=learner).is_active

    def test_not_the_principal_of_another_school(self, client, learner, outsider):
        client.force_login(outsider)
        assert client.get(page_of(learner)).status_code == 404
        assert act(client, learner, "close").status_code == 404
        assert User.objects.get(person=learner).is_active

    def test_not_any_more_when_her_scope_has_ended(self, manager, learner):
        Scope.objects.update(ended_on=timezone.localdate() - timedelta(days=1))
        assert act(manager, learner, "close").status_code == 403

    def test_an_administrator_anybody_but_herself(self, client, learner, principal):
        client.force_login(make_account(is_superuser=True))
        for person in (learner, principal.person):
            act(client, person, "close")
            assert not User.objects.get(person=person).is_active


class TestThePage:
    @pytest.mark.parametrize(
        ("state", "words"),
        [("none", "Chưa kích hoạt"), ("active", "Đang dùng"), ("closed", "Đã khóa")],
    )
    def test_says_how_the_account_stands(self, manager, city, learner, state, words):
        person = make_member(city.school) if state == "none" else learner
        if state == "closed":
            act(manager, person, "close")
        assert words in manager.get(page_of(person)).content.decode()

    def test_an_account_without_a_password_is_not_activated(self, manager, learner):
        account = learner.user
        account.set_unusable_password()
        account.save()
        assert "Chưa kích hoạt" in manager.get(page_of(learner)).content.decode()

    def test_says_who_closed_it_and_why(self, manager, learner, principal):
        act(manager, learner, "close")
        text = manager.get(page_of(learner)).content.decode()
        assert REASON in text
        assert principal.person.full_name in text

    def test_says_whether_there_is_a_second_step_but_not_its_codes(self, manager, learner):
        _seed, codes = switched_on(learner.user)
        text = manager.get(page_of(learner)).content.decode()
        assert "Đang bật" in text
        assert not any(code in text for code in codes)

    def test_takes_as_many_queries_whoever_it_is(
        self, manager, city, learner, django_assert_num_queries
    ):
        make_scope(learner.user, city.school)
        manager.get(page_of(learner))
        with django_assert_num_queries(QUERIES):
            manager.get(page_of(learner))
        for _ in range(5):
            make_scope(learner.user, city.school)
        with django_assert_num_queries(QUERIES):
            manager.get(page_of(learner))


QUERIES = 19


class TestALostPhone:
    def test_her_manager_removes_the_app_with_a_reason(self, client, chief, principal):
        switched_on(principal)
        client.force_login(chief)
        act(client, principal.person, "remove-second-factor", "Mất điện thoại, đã gặp trực tiếp")
        assert app_of(principal) is None
        entry = AuditEntry.objects.get(action="second-factor.removed")
        assert (entry.actor, entry.subject_label) == (chief, principal.person.full_name)
        assert type_password(Client(), principal).url == "/my/"

    def test_she_reads_who_did_it_in_her_own_record(self, client, chief, principal):
        switched_on(principal)
        client.force_login(chief)
        act(client, principal.person, "remove-second-factor")
        client.force_login(principal)
        assert "Gỡ đăng nhập hai bước" in client.get("/my/record/").content.decode()


class TestSigningOutElsewhere:
    @pytest.mark.parametrize("engine", SESSIONS)
    def test_ends_all_sessions_but_this_one(self, learner, settings, engine):
        settings.SESSION_ENGINE = engine
        here, there = Client(), Client()
        for client in (here, there):
            client.force_login(learner.user)
        assert here.post("/accounts/password/elsewhere/").url == "/accounts/password/"
        assert here.get("/my/").status_code == 200
        assert there.get("/my/").status_code == 302
        assert AuditEntry.objects.filter(action="signed-out.elsewhere").count() == 1

    def test_ends_a_sign_in_that_stands_at_its_second_step(self, principal):
        seed, _codes = switched_on(principal)
        here, there = Client(), Client()
        type_password(there, principal)
        type_password(here, principal)
        type_code(here, code_of(seed))
        here.post("/accounts/password/elsewhere/")
        type_code(there, code_of(seed, steps=1))
        assert is_signed_in(here)
        assert not is_signed_in(there)

    def test_by_a_link_does_nothing(self, client, learner):
        client.force_login(learner.user)
        assert client.get("/accounts/password/elsewhere/").status_code == 405

    def test_leaves_the_password_as_it_is(self, client, learner):
        client.force_login(learner.user)
        client.post("/accounts/password/elsewhere/")
        assert type_password(Client(), learner.user).url == "/my/"
        assert not AccessCode.objects.exists()
