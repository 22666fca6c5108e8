"""An administrator sees the pages as someone else does: for a reason, for a while, reading only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from certificates.models import Certificate
from lms.administration.read_only import ViewOnlyError, reading_only
from people.models import AuditEntry, Person, User
from tests.factories import make_account, make_member
from tests.lms.addresses import ADDRESSES, OURS, first_path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]
WHY = "Giáo viên báo không thấy bài kiểm tra"
STOP = "/manage/view-as/stop/"
WAYS_OUT = {STOP, "/accounts/logout/", "/admin/logout/"}


@pytest.fixture
def administrator(city) -> User:
    return make_account(username="quantri", is_superuser=True, is_staff=True)


@pytest.fixture
def browser(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def start(client, person, reason=WHY):
    return client.post(f"/manage/people/{person.pk}/view-as/", {"reason": reason})


def log() -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(action__startswith="view-as").order_by("pk")
    return [(entry.action, entry.detail.get("how", "")) for entry in entries]


def contents() -> dict[str, int]:
    """How many rows every table has, but for the session's and the log's."""
    others = {Session, AuditEntry}
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model not in others and model._meta.managed
    }


SAMPLES = {
    "int": "1",
    "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    "str": "x",
    "slug": "x",
    "path": "x",
}


def every_address() -> list[str]:
    """Of each named address of ours, and of some of Wagtail's, one that leads there."""
    found = ["/admin/", "/admin/pages/3/edit/", "/admin/account/", "/documents/1/x.pdf", "/search/"]

    def walk(patterns, before="", namespace=""):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route, pattern.namespace or namespace)
            elif isinstance(pattern, URLPattern) and namespace in OURS:
                for name, converter in pattern.pattern.converters.items():
                    kind = type(converter).__name__.removesuffix("Converter").lower()
                    kind = "str" if kind == "string" else kind
                    route = route.replace(f"<{kind}:{name}>", SAMPLES[kind])
                found.append(f"/{route}")

    walk(get_resolver().url_patterns)
    return sorted(set(found) - WAYS_OUT)


class TestStarting:
    def test_asks_for_a_reason_first(self, browser, learner):
        assert "Lý do" in browser.get(f"/manage/people/{learner.pk}/view-as/").content.decode()
        for reason in ("", "   ", "  vì  "):
            assert start(browser, learner, reason).status_code == 200
        assert "Đang xem như" not in browser.get("/my/").content.decode()
        assert log() == []

    def test_shows_her_pages_and_says_so(self, browser, learner):
        assert start(browser, learner).url == "/my/"
        page = browser.get("/my/")
        assert page.context["person"] == learner
        assert "Đang xem như <strong>Trần Ngọc Hạnh</strong> (giáo viên, Trường Tiểu học Một)" in (
            page.content.decode()
        )

    def test_is_offered_on_the_page_of_a_person_with_an_account(self, browser, city, learner):
        offer = "Xem như người này"
        assert offer in browser.get(f"/manage/people/{learner.pk}/").content.decode()
        silent = make_member(city.school)
        assert offer not in browser.get(f"/manage/people/{silent.pk}/").content.decode()

    def test_is_logged_with_its_reason_for_her_to_see(self, browser, administrator, learner):
        start(browser, learner)
        entry = AuditEntry.objects.about(learner).get()
        assert (entry.action, entry.actor, entry.detail) == (
            "view-as.started",
            administrator,
            {"reason": WHY},
        )

    def test_changes_the_key_of_the_session(self, browser, learner):
        before = browser.session.session_key
        start(browser, learner)
        assert browser.session.session_key != before
        assert not Session.objects.filter(session_key=before).exists()

    def test_leaves_her_account_as_it_was(self, browser, administrator, learner):
        start(browser, learner)
        browser.get("/my/")
        learner.user.refresh_from_db()
        assert learner.user.last_login is None
        assert browser.session[SESSION_KEY] == str(administrator.pk)

    @override_settings(AXES_ENABLED=True)
    def test_neither_counts_nor_forgets_sign_ins_of_hers(self, browser, learner):
        from axes.models import AccessAttempt, AccessLog

        Client().post("/accounts/login/", {"username": learner.code, "password": "sai"})
        start(browser, learner)
        browser.get("/my/")
        browser.post(STOP)
        assert AccessAttempt.objects.get(username=learner.code).failures_since_start == 1
        assert not AccessLog.objects.filter(username=learner.code).exists()


class TestWhoMay:
    def test_nobody_but_superusers(self, client, learner, principal, outsider):
        for account in (principal, outsider, learner.user):
            client.force_login(account)
            assert start(client, learner).status_code == 404

    def test_not_as_another_superuser(self, browser, city):
        other = make_account(make_member(city.school), is_superuser=True)
        assert start(browser, other.person).status_code == 404

    def test_not_as_a_closed_account(self, browser, learner):
        User.objects.filter(pk=learner.user.pk).update(is_active=False)
        assert start(browser, learner).status_code == 404

    def test_not_as_someone_without_an_account(self, browser, city):
        assert start(browser, make_member(city.school)).status_code == 404

    def test_not_as_a_second_person_at_the_same_time(self, browser, learner, principal):
        start(browser, learner)
        assert start(browser, principal.person).status_code == 403
        assert browser.get("/my/").context["person"] == learner


class TestReadingOnly:
    @pytest.fixture
    def viewing(self, browser, learner) -> Client:
        start(browser, learner)
        return browser

    def test_nothing_can_be_sent_anywhere(self, viewing):
        before = contents()
        answers = {path: viewing.post(path) for path in every_address()}
        assert [path for path, answer in answers.items() if answer.status_code != 403] == []
        words = "Thao tác vừa rồi chưa được thực hiện"
        assert all(words in answer.content.decode() for answer in answers.values())
        assert contents() == before

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "propfind"])
    def test_nor_by_another_method(self, viewing, method):
        for path in ("/evidence/", "/my/", "/admin/"):
            assert viewing.generic(method.upper(), path).status_code == 403

    def test_every_address_of_ours_was_tried(self):
        assert len(every_address()) > len(ADDRESSES)
        assert "/evidence/" in every_address()

    def test_a_refusal_is_logged_under_both_names(self, viewing, administrator, learner):
        viewing.post("/evidence/")
        entry = AuditEntry.objects.get(action="denied")
        assert (entry.actor, entry.acting_as) == (administrator, learner.user)
        assert entry.detail == {"method": "POST", "path": "/evidence/", "status": 403}

    @pytest.mark.parametrize("name", ADDRESSES)
    @pytest.mark.parametrize("who", ["learner", "principal"])
    def test_no_page_writes_when_it_is_looked_at(self, browser, hers, request, who, name):
        whom = request.getfixturevalue(who)
        start(browser, getattr(whom, "person", whom))
        Certificate.objects.update(number="1")
        before = contents()
        response = browser.get(first_path(name, hers))
        assert response.status_code in (200, 302, 401, 403, 404, 405)
        assert contents() == before

    def test_a_page_that_would_write_says_why_it_does_not(self, browser, hers, learner):
        """A certificate that waits for its number gets one when it is first downloaded."""
        start(browser, learner)
        response = browser.get(first_path("certificates:download", hers))
        assert response.status_code == 403
        assert "Thao tác vừa rồi chưa được thực hiện" in response.content.decode()
        assert Certificate.objects.get().number == ""

    def test_what_is_opened_is_logged_under_both_names(
        self, browser, administrator, learner, principal
    ):
        start(browser, principal.person)
        browser.get(f"/manage/people/{learner.pk}/")
        entry = AuditEntry.objects.get(action="record.viewed")
        assert (entry.actor, entry.acting_as) == (administrator, principal)

    def test_the_database_takes_nothing_whatever_the_code_does(self, learner):
        with pytest.raises(ViewOnlyError), reading_only(), transaction.atomic():
            Person.objects.update(email="")
        with pytest.raises(ViewOnlyError), reading_only(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_person")
        assert Person.objects.update(email="") == 1  # and afterwards it does again

    def test_answers_are_not_kept_on_the_device_to_be_sent_later(self, browser, hers, learner):
        start(browser, learner)
        paper = browser.get(first_path("quiz:paper", hers))
        assert paper.status_code == 200
        assert "autosave.js" not in paper.content.decode()


class TestEnding:
    def test_by_the_button_leads_back_to_her_page(self, browser, administrator, learner):
        start(browser, learner)
        key = browser.session.session_key
        assert browser.post(STOP).url == f"/manage/people/{learner.pk}/"
        assert browser.session.session_key != key
        assert browser.get("/manage/audit/").status_code == 200
        assert log() == [("view-as.started", ""), ("view-as.ended", "stopped")]

    def test_twice_is_harmless(self, browser, learner):
        start(browser, learner)
        browser.post(STOP)
        assert browser.post(STOP).url == "/manage/"
        assert len(log()) == 2

    def test_no_link_can_end_it(self, browser, learner):
        start(browser, learner)
        assert browser.get(STOP).status_code == 405
        assert browser.get("/my/").context["person"] == learner

    def test_after_half_an_hour(self, browser, learner):
        start(browser, learner)
        with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
            assert browser.get("/my/").context["person"] == learner
        with time_machine.travel(timezone.now() + timedelta(minutes=30), tick=False):
            assert browser.post("/evidence/").status_code == 403  # not done in her name either
            assert browser.get("/my/").url == f"/manage/people/{learner.pk}/"
            assert browser.get("/manage/audit/").status_code == 200
        assert log() == [("view-as.started", ""), ("view-as.ended", "expired")]

    @pytest.mark.parametrize("door", ["/accounts/logout/", "/admin/logout/"])
    def test_with_the_session(self, browser, learner, door):
        start(browser, learner)
        browser.post(door)
        assert browser.get("/my/").status_code == 302
        assert log() == [("view-as.started", ""), ("view-as.ended", "signed-out")]

    def test_when_her_account_is_closed(self, browser, learner):
        start(browser, learner)
        User.objects.filter(pk=learner.user.pk).update(is_active=False)
        assert browser.get("/my/").url == f"/manage/people/{learner.pk}/"
        assert log()[-1] == ("view-as.ended", "not-allowed")

    def test_when_the_administrator_is_one_no_longer(self, browser, administrator, learner):
        start(browser, learner)
        User.objects.filter(pk=administrator.pk).update(is_superuser=False)
        browser.get("/my/")
        assert browser.get("/my/").context["person"] is None
        assert log()[-1] == ("view-as.ended", "not-allowed")

    def test_when_the_administrators_account_is_closed(self, browser, administrator, learner):
        start(browser, learner)
        User.objects.filter(pk=administrator.pk).update(is_active=False)
        assert "/accounts/login/" in browser.get("/my/").url


class TestTheBanner:
    def test_stands_in_the_editor_too(self, browser, city):
        trainer = make_account(make_member(city.school), is_staff=True)
        trainer.groups.add(Group.objects.get(name="Người biên tập"))
        start(browser, trainer.person)
        page = browser.get("/admin/")
        assert page.status_code == 200
        assert "Đang xem như" in page.content.decode()

    def test_stands_on_error_pages(self, browser, learner):
        start(browser, learner)
        assert "Đang xem như" in browser.get("/no-such-page/").content.decode()

    def test_stands_nowhere_else(self, browser):
        assert "Đang xem như" not in browser.get("/my/").content.decode()

    def test_needs_no_inline_style_or_script(self, browser, learner):
        start(browser, learner)
        page = browser.get("/my/").content.decode()
        banner = page[page.index('<aside class="viewing"') : page.index("</aside>")]
        assert "style=" not in banner
        assert "<script" not in banner
        assert reverse("administration:stop-viewing") in banner
