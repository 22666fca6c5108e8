"""Giving tokens to other bodies, revoking them, and reading what was taken."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import AuditEntry, Unit, User
from reports.models import Share, SharingToken
from reports.services.sharing import SharingError, make_token, revoke_token
from tests.factories import make_account, make_scope
from tests.reports.sharing import ask, error_of
from tests.reports.sharing import make_token as stored_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]
SECRET = re.compile(r"bvte_[\w-]{43}")
TODAY = timezone.localdate()


@pytest.fixture
def chief(city) -> User:
    user = make_account(username="tp")
    make_scope(user, city.root)
    return user


@pytest.fixture
def education(city) -> User:
    """Manages education in the whole city."""
    user = make_account(username="gd")
    make_scope(user, city.root, "sector_manager", sector="education")
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(**fields: str) -> dict[str, str]:
    return {
        "body": "Sở Y tế",
        "purpose": "Báo cáo liên ngành",
        "unit": "XA1",
        "sector": "",
        "valid_until": f"{TODAY + timedelta(days=30):%d/%m/%Y}",
        **fields,
    }


class TestMakingAToken:
    def test_shows_it_once_and_keeps_only_its_digest(self, chief):
        client = signed_in(chief)
        made = client.post("/manage/sharing/new/", filled())
        [secret] = SECRET.findall(made.content.decode())
        token = SharingToken.objects.get()
        assert secret not in str(token.__dict__)
        assert "no-store" in made["Cache-Control"]
        for path in ("/manage/sharing/", f"/manage/sharing/{token.pk}/", "/manage/sharing/new/"):
            page = client.get(path).content.decode()
            assert secret not in page
        assert [unit["code"] for unit in ask(secret, "units").json()["items"]][-1] == "XA1"

    def test_gives_no_small_cells_unless_that_is_chosen(self, chief):
        client = signed_in(chief)
        client.post("/manage/sharing/new/", filled())
        client.post("/manage/sharing/new/", filled(sees_small_cells="on"))
        tokens = SharingToken.objects.order_by("pk")
        assert [token.sees_small_cells for token in tokens] == [False, True]

    def test_is_logged_without_the_token(self, chief):
        made = signed_in(chief).post("/manage/sharing/new/", filled())
        [secret] = SECRET.findall(made.content.decode())
        entry = AuditEntry.objects.get(action="token.made")
        assert entry.detail["body"] == "Sở Y tế"
        assert secret not in str(entry.__dict__)

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"body": ""}, "body"),
            ({"purpose": "vì"}, "purpose"),
            ({"unit": "KHONG-CO"}, "unit"),
            ({"unit": "truong"}, "unit"),
            ({"sector": "health"}, "sector"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, chief, fields, name):
        response = signed_in(chief).post("/manage/sharing/new/", filled(**fields))
        assert name in response.context["form"].errors
        assert not SharingToken.objects.exists()

    @pytest.mark.parametrize("days", [-1, 400])
    def test_is_for_today_to_a_year(self, chief, days):
        day = f"{TODAY + timedelta(days=days):%d/%m/%Y}"
        response = signed_in(chief).post("/manage/sharing/new/", filled(valid_until=day))
        assert response.context["form"].non_field_errors()
        assert not SharingToken.objects.exists()

    def test_of_a_sectors_manager_is_of_her_sector(self, education):
        client = signed_in(education)
        assert "sector" in client.post("/manage/sharing/new/", filled()).context["form"].errors
        client.post("/manage/sharing/new/", filled(sector="education"))
        assert SharingToken.objects.get().sector == "education"

    def test_of_more_than_one_manages_is_refused_whatever_the_form_says(self, city, education):
        for fields in ({"sector": ""}, {"sector": "social"}):
            token = SharingToken(
                body="Sở", purpose="thử", unit=city.root, valid_until=TODAY, **fields
            )
            with pytest.raises(SharingError):
                make_token(token, by=education, at=timezone.now())

    @pytest.mark.parametrize("role", ["unit_manager", "monitor", "aggregate_viewer"])
    def test_is_not_for_managers_below_the_top_nor_for_whoever_only_looks(self, city, role):
        user = make_account()
        make_scope(user, city.district if role == "unit_manager" else city.root, role)
        client = signed_in(user)
        for path in ("", "new/", "log/"):
            assert client.get(f"/manage/sharing/{path}").status_code == 404
        assert client.post("/manage/sharing/new/", filled()).status_code == 404
        assert not SharingToken.objects.exists()


class TestRevokingAToken:
    def test_ends_it_at_once_and_for_good(self, city, chief):
        token, secret = stored_token(city.commune)
        client = signed_in(chief)
        client.post(f"/manage/sharing/{token.pk}/")
        assert error_of(ask(secret, "units")) == (401, "token_revoked")
        token.refresh_from_db()
        first = token.revoked_at
        client.post(f"/manage/sharing/{token.pk}/")
        token.refresh_from_db()
        assert token.revoked_at == first
        assert AuditEntry.objects.filter(action="token.revoked").count() == 1

    def test_twice_is_an_error(self, city, chief):
        token, _secret = stored_token(city.commune)
        revoke_token(token, by=chief, at=timezone.now())
        with pytest.raises(SharingError):
            revoke_token(token, by=chief, at=timezone.now())

    def test_of_another_sector_is_not_found(self, city, education):
        for sector in ("", "social"):
            token, _secret = stored_token(city.commune, sector=sector)
            client = signed_in(education)
            assert client.get(f"/manage/sharing/{token.pk}/").status_code == 404
            assert client.post(f"/manage/sharing/{token.pk}/").status_code == 404
            token.refresh_from_db()
            assert token.revoked_at is None

    def test_works_for_a_unit_that_has_closed_meanwhile(self, city, chief):
        token, _secret = stored_token(city.school)
        Unit.objects.filter(pk=city.school.pk).update(closed_on=TODAY - timedelta(days=1))
        city.school.closure_above.update(ended_on=TODAY - timedelta(days=1))
        signed_in(chief).post(f"/manage/sharing/{token.pk}/")
        token.refresh_from_db()
        assert token.revoked_at is not None


class TestLog:
    def test_shows_what_was_taken_by_whom(self, city, target, chief):
        _token, secret = stored_token(city.commune)
        ask(secret, "coverage", target="CT-2027", by=["unit", "sex"])
        page = signed_in(chief).get("/manage/sharing/log/").content.decode()
        assert "Phòng Lao động" in page
        assert "by=unit+sex" in page

    def test_is_of_the_tokens_that_the_viewer_sees(self, city, education):
        mine, other = (stored_token(city.root, sector=each) for each in ("education", "social"))
        for _token, secret in (mine, other):
            ask(secret, "units")
        client = signed_in(education)
        assert [share.token for share in client.get("/manage/sharing/log/").context["page"]] == [
            mine[0]
        ]
        assert client.get(f"/manage/sharing/log/?token={mine[0].pk}").status_code == 200
        for wrong in (other[0].pk, "abc", "0"):
            assert client.get(f"/manage/sharing/log/?token={wrong}").status_code == 404

    def test_cannot_be_changed(self, city):
        _token, secret = stored_token(city.root)
        ask(secret, "units")
        share = Share.objects.get()
        share.rows = 99
        with pytest.raises(Exception, match="can't be changed"):
            share.save()

    def test_and_lists_ask_a_fixed_number_of_queries(self, city, chief):
        client = signed_in(chief)
        counts = {}
        for number in (1, 6):
            while SharingToken.objects.count() < number:
                ask(stored_token(city.commune)[1], "units")
            for path in ("/manage/sharing/", "/manage/sharing/log/"):
                with CaptureQueriesContext(connection) as queries:
                    client.get(path)
                counts.setdefault(path, set()).add(len(queries))
        assert all(len(each) == 1 and max(each) <= 14 for each in counts.values()), counts


class TestIndicators:
    def test_are_explained_to_whoever_sees_figures(self, figures_only, target, see):
        page = see(figures_only, "/manage/indicators/")
        assert "BP-03" in page
        assert "CT-2027" in page
        assert "special_education" in page
