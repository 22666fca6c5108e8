"""Who reads the interface in which language; days and numbers in both."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.conf import settings
from django.test import Client
from django.utils import translation
from wagtail.users.models import UserProfile

from lms.templatetags.lms_tags import content_lang
from people import formats
from tests.factories import make_account

pytestmark = pytest.mark.django_db
CHOOSE, PAGE = "/accounts/language/", "/verify/"


def language_of(response) -> str:
    spoken = response.headers["Content-Language"]
    assert f'<html lang="{spoken}"' in response.content.decode()
    return spoken


def choose(client, language, target="/"):
    return client.post(CHOOSE, {"language": language, "next": target})


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


class TestVisitor:
    def test_reads_vietnamese(self, client):
        assert language_of(client.get(PAGE)) == "vi"

    def test_reads_vietnamese_whatever_the_browser_asks_for(self, client):
        assert language_of(client.get(PAGE, headers={"accept-language": "en-GB,en"})) == "vi"

    def test_reads_what_she_chose_and_may_choose_again(self, client):
        choose(client, "en")
        assert language_of(client.get(PAGE)) == "en"
        choose(client, "vi")
        assert language_of(client.get(PAGE)) == "vi"

    def test_a_meaningless_cookie_is_vietnamese(self, client):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "../en"
        assert language_of(client.get(PAGE)) == "vi"

    def test_no_cache_may_give_her_page_to_another(self, client):
        assert "Cookie" in client.get(PAGE).headers["Vary"]

    def test_the_next_request_of_the_thread_starts_anew(self, client):
        choose(client, "en")
        client.get(PAGE)
        assert translation.get_language() == "vi"


class TestPerson:
    def test_reads_what_she_chose_on_every_device(self, learner):
        choose(signed_in(learner.user), "en")
        assert language_of(signed_in(learner.user).get(PAGE)) == "en"

    def test_before_she_chose_the_browsers_choice_stands(self, learner, client):
        choose(client, "en")
        client.force_login(learner.user)
        assert language_of(client.get(PAGE)) == "en"

    def test_her_choice_comes_before_the_browsers(self, learner, client):
        choose(client, "en")
        client.force_login(learner.user)
        choose(client, "vi")
        assert language_of(client.get(PAGE)) == "vi"

    def test_leaves_no_trace_on_a_phone_that_others_use(self, learner):
        client = signed_in(learner.user)
        choose(client, "en")
        client.logout()
        assert language_of(client.get(PAGE)) == "vi"


class TestChoosing:
    def test_leads_back_to_the_page_with_its_question(self, client):
        assert choose(client, "en", "/manage/?as_of=2026-05-01").url == "/manage/?as_of=2026-05-01"

    @pytest.mark.parametrize(
        "target",
        ["https://evil.test/", "//evil.test/", "/\\evil.test", "///evil.test", "javascript:1", ""],
    )
    def test_never_leads_off_the_site(self, client, target):
        assert choose(client, "en", target).url == "/"

    @pytest.mark.parametrize("language", ["", "fr", "en-us"])
    def test_knows_two_languages(self, client, language):
        assert choose(client, language).status_code == 400

    def test_happens_by_post_alone(self, client):
        assert client.get(CHOOSE, {"language": "en"}).status_code == 405

    def test_needs_the_forms_own_token(self, learner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(learner.user)
        assert choose(client, "en").status_code == 403
        learner.user.refresh_from_db()
        assert learner.user.language == ""


class TestWagtail:
    @pytest.fixture
    def author(self):
        return make_account(username="quantri", is_superuser=True)

    def admin(self, client) -> str:
        return client.get("/admin/").content.decode()

    def test_follows_the_choice(self, author):
        client = signed_in(author)
        assert '<html lang="vi"' in self.admin(client)
        choose(client, "en")
        assert '<html lang="en"' in self.admin(client)

    def test_follows_when_the_author_has_a_profile(self, author):
        UserProfile.get_for_user(author)
        client = signed_in(author)
        choose(client, "en")
        assert '<html lang="en"' in self.admin(client)

    def test_a_choice_made_in_the_admin_is_the_same_choice(self, author):
        profile = UserProfile.get_for_user(author)
        profile.preferred_language = "en"
        profile.save()
        assert language_of(signed_in(author).get(PAGE)) == "en"

    def test_a_new_profile_keeps_the_choice(self, author):
        choose(signed_in(author), "en")
        author.refresh_from_db()
        assert UserProfile.get_for_user(author).preferred_language == "en"


def test_what_authors_wrote_is_marked_as_vietnamese_in_english_only():
    assert content_lang() == ""
    with translation.override("en"):
        assert content_lang() == ' lang="vi"'


class TestDatesAndNumbers:
    DAY = date(2026, 4, 5)
    INSTANT = datetime(2026, 4, 5, 18, 30, tzinfo=UTC)  # the 6th, 01:30, in Vietnam

    def test_in_vietnamese(self):
        assert formats.local_date(self.DAY) == "05/04/2026"
        assert formats.local_date(self.INSTANT) == "06/04/2026"
        assert formats.local_time(self.INSTANT) == "01:30 06/04/2026"
        assert formats.local_number(1234567) == "1.234.567"
        assert formats.local_tenths(66) == "6,6"

    def test_in_english(self):
        with translation.override("en"):
            assert formats.local_date(self.DAY) == "5 Apr 2026"
            assert formats.local_date(self.INSTANT) == "6 Apr 2026"
            assert formats.local_time(self.INSTANT) == "6 Apr 2026, 01:30"
            assert formats.local_number(1234567) == "1,234,567"
            assert formats.local_tenths(66) == "6.6"

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_days_are_typed_the_same_way_in_both(self, language):
        with translation.override(language):
            assert forms.DateField().clean("05/04/2026") == self.DAY

    @pytest.mark.parametrize("show", [formats.local_date, formats.local_number])
    def test_nothing_is_shown_for_nothing(self, show):
        assert show(None) == ""
