"""One tree of pages serves both languages of the interface."""

from __future__ import annotations

import pytest
from django.conf import settings
from wagtail.models import Locale, Page

from cms_pages.models import HomePage
from tests.cms_pages.test_serving import html, path_of


@pytest.fixture
def english_reader(client, learner):
    client.force_login(learner.user)
    learner.user.language = "en"
    learner.user.save()
    return client


@pytest.fixture
def english_tree(pages):
    """The home page and a lesson, translated and published by somebody who meant well."""
    english = Locale.objects.get(language_code="en")
    for page in (HomePage.objects.get(), pages.b1):
        copy = page.copy_for_translation(english, copy_parents=True)
        copy.title, copy.slug = "A tree of its own", f"own-{page.slug}"
        copy.save_revision().publish()
    Page.objects.filter(locale=english).update(live=True)


@pytest.mark.usefixtures("english_tree")
class TestAnEnglishTree:
    def test_hides_no_page_from_who_reads_english(self, pages, english_reader):
        for page in Page.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE):
            if page.depth > 1:
                assert english_reader.get(path_of(page)).status_code == 200, page

    def test_takes_no_pages_place(self, pages, english_reader):
        home = HomePage.objects.get(locale__language_code=settings.LANGUAGE_CODE)
        for page in (home, pages.b1):
            shown = html(english_reader.get(path_of(page)))
            assert page.title in shown
            assert "A tree of its own" not in shown

    def test_is_not_where_records_lead(self, pages, english_reader):
        response = english_reader.get(f"/learn/{pages.b1.translation_key}/")
        assert response.url == pages.b1.get_url()
