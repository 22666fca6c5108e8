"""Every door: one sign-in page, one answer for known and unknown, a lock after eight failures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import make_account

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
LOGIN = "/accounts/login/"


def sign_in(client, username, password="mat-khau-thu", url=LOGIN):
    return client.post(url, {"username": username, "password": password})


class TestSigningIn:
    @pytest.mark.parametrize("identifier", ["000101", "hanh@truong.test", "0912 345 678"])
    def test_by_staff_code_email_or_phone(self, client, learner, identifier):
        user = learner.user
        user.email, user.phone = "hanh@truong.test", "0912345678"
        user.save()
        assert sign_in(client, identifier).url == "/my/"

    def test_the_key_of_the_session_changes(self, client, learner):
        client.get(LOGIN)
        session = client.session
        session["before"] = True
        session.save()
        before = session.session_key
        client.cookies["sessionid"] = before
        sign_in(client, learner.code)
        assert client.session.session_key != before

    def test_the_same_words_for_a_wrong_password_and_an_unknown_name(self, client, learner):
        known = sign_in(client, learner.code, "sai").content.decode()
        unknown = sign_in(client, "khong-co-ai", "sai").content.decode()
        assert "chưa đúng" in known
        assert known.count("chưa đúng") == unknown.count("chưa đúng")

    def test_closing_an_account_ends_its_session(self, client, learner):
        client.force_login(learner.user)
        assert client.get("/my/").status_code == 200
        learner.user.is_active = False
        learner.user.save()
        assert client.get("/my/").status_code == 302

    @pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/", "/admin/password_reset/"])
    def test_wagtails_own_doors_lead_to_ours(self, client, door):
        administrator = make_account(username="quantri", is_superuser=True)
        response = sign_in(client, administrator.username, url=door)
        assert response.url.startswith(LOGIN)
        assert "_auth_user_id" not in client.session

    def test_does_not_lead_to_a_foreign_site(self, client, learner):
        response = client.post(
            LOGIN,
            {"username": learner.code, "password": "mat-khau-thu", "next": "https://example.com"},
        )
        assert response.url == "/my/"

    def test_eight_failures_lock_the_door(self, client, learner, settings):
        settings.AXES_ENABLED = True
        for _ in range(8):
            response = sign_in(client, learner.code, "sai")
        assert response.status_code == 429
        assert "tạm khóa" in response.content.decode()
        assert sign_in(client, learner.code).status_code == 429

    @pytest.mark.parametrize(
        "respelt", ["HANH-01", " hanh-01 ", "HANH@truong.test", "0912.345.678", "+84 912 345 678"]
    )
    def test_no_other_spelling_of_the_account_is_another_door(self, client, settings, respelt):
        settings.AXES_ENABLED = True
        make_account(username="hanh-01", email="hanh@truong.test", phone="0912345678")
        for _ in range(8):
            sign_in(client, "hanh-01", "sai")
        assert sign_in(client, respelt).status_code == 429


class TestPersonalPages:
    def test_are_kept_by_no_cache(self, client, learner):
        client.force_login(learner.user)
        assert client.get("/my/").headers["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("path", ["/my/?x=%00", "/manage/units/%00/", "/verify/?code=%00"])
    def test_a_nul_in_the_address_is_refused(self, client, learner, path):
        client.force_login(learner.user)
        assert client.get(path).status_code == 400


class TestDemoAccounts:
    def test_are_refused_where_demo_is_off(self, client, settings):
        make_account(username="quantri", is_demo=True)
        settings.DEMO = False
        assert sign_in(client, "quantri").status_code == 200
        assert "_auth_user_id" not in client.session

    def test_an_open_session_ends_when_demo_is_switched_off(self, client, learner, settings):
        user = learner.user
        user.is_demo = True
        user.save()
        client.force_login(user)
        settings.DEMO = False
        assert client.get("/my/").status_code == 302

    def test_production_settings_switch_it_off_and_insist_on_a_secret(self):
        def production(**environment):
            code = "import lms.settings.production as s; print(s.DEMO, s.DEBUG)"
            return subprocess.run(
                [sys.executable, "-c", code],
                env={"PATH": os.environ["PATH"], **environment},
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )

        without = production(BASE_URL="https://lms.test")
        assert without.returncode != 0
        assert "SECRET_KEY" in without.stderr
        given = production(BASE_URL="https://lms.test", SECRET_KEY="x" * 60)
        assert given.stdout.split() == ["False", "False"]


def test_no_link_to_the_editors_way_out_signs_anybody_out(client, learner):
    client.force_login(learner.user)
    response = client.get("/admin/logout/")
    assert response.status_code == 405
    assert not response.cookies.get("sessionid")
    assert client.get("/my/").status_code == 200


def test_an_administrator_who_is_on_no_roster_lands_where_there_is_something_to_do(client):
    make_account(is_superuser=True, username="quantri-thu", password="mat-khau-thu")
    assert sign_in(client, "quantri-thu").url == "/manage/"
