"""A trainer at work in Wagtail's admin: edits, previews, publishes, and is asked beforehand."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms_pages.models import LessonPage
from courses.models import Activity, ActivityRule
from people.trainers import TRAINERS
from tests.cms_pages.conftest import fresh, records
from tests.cms_pages.test_serving import html, path_of
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("whole_records")


@pytest.fixture
def desk(client, trainer):
    client.force_login(trainer)
    return client


def filled(page: LessonPage | None = None, **fields) -> dict[str, str]:
    """The editor's form, as the browser would send it."""
    form = {
        "title": page.title if page else "Bài mới",
        "slug": page.slug if page else "bai-moi",
        "code": page.code if page else "KH8-B9",
        "objectives": rich_text("<p>Nêu ý chính</p>"),
        "opening": rich_text("<p>Mở bài mới.</p>"),
        "takeaways": rich_text("<p>Bình tĩnh.</p>"),
        "body": streamfield([("practice", rich_text("<p>Làm thử.</p>"))]),
        "legal_bases": streamfield([]),
        "reviewed_on": "",
        "seo_title": "",
        "search_description": "",
        "comments": {
            "TOTAL_FORMS": 0,
            "INITIAL_FORMS": 0,
            "MIN_NUM_FORMS": 0,
            "MAX_NUM_FORMS": 1000,
        },
    }
    return nested_form_data(form | fields)


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def create_url(parent: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["cms_pages", "lessonpage", parent.pk])


def answer(client, response):
    """Press the button of the question, with all that its form carries."""
    text = html(response)
    form = text[text.index("người đang học") :]
    action = re.search(r'<form action="([^"]+)"', form)[1]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return client.post(action, fields)


class TestEditing:
    def test_a_published_edit_is_seen_and_changes_nobodys_completion(
        self, desk, pages, acting, beginner, client
    ):
        before = records()
        with acting():
            response = desk.post(edit_url(pages.b1), filled(pages.b1, **{"action-publish": "1"}))
        assert response.status_code == 302
        client.force_login(beginner.user)
        text = html(client.get(path_of(pages.b1)))
        assert "Mở bài mới." in text
        assert "Đã đọc xong ngày" in text
        assert records() == before

    def test_a_draft_is_not_seen(self, desk, pages, beginner, client):
        desk.post(edit_url(pages.b1), filled(pages.b1))
        client.force_login(beginner.user)
        assert "Mở bài mới." not in html(client.get(path_of(pages.b1)))

    def test_a_preview_shows_the_edit_and_records_nothing(self, desk, pages, acting):
        before = records()
        url = reverse("wagtailadmin_pages:preview_on_edit", args=[pages.b1.pk])
        with acting():
            assert desk.post(url, filled(pages.b1)).json()["is_valid"]
            text = html(desk.get(url))
        assert "Mở bài mới." in text
        assert "không ghi nhận gì" in text
        assert records() == before

    def test_a_page_that_is_not_made_yet_can_be_previewed(self, desk, pages):
        url = reverse(
            "wagtailadmin_pages:preview_on_add", args=["cms_pages", "lessonpage", pages.kh8.pk]
        )
        assert desk.post(url, filled()).json()["is_valid"]
        assert "Mở bài mới." in html(desk.get(url))

    @pytest.mark.parametrize("name", ["kh8", "b1", "quiz"])
    def test_each_editor_opens(self, desk, pages, name):
        response = desk.get(edit_url(getattr(pages, name)))
        assert response.status_code == 200

    def test_the_module_editor_shows_of_whom_it_is_required(self, desk, pages):
        text = html(desk.get(edit_url(pages.kh8)))
        assert "Từ 01/01/2016" in text
        assert "mọi người" in text


class TestCodes:
    def test_a_code_of_another_page_is_refused(self, desk, pages):
        response = desk.post(
            edit_url(pages.b2), filled(pages.b2, code="KH8-B1", **{"action-publish": "1"})
        )
        assert "đã được dùng cho trang khác" in html(response)

    def test_a_code_of_a_deleted_module_stays_taken(self, pages, acting):
        with acting():
            pages.kh9.delete()
        copy = pages.kh8.copy(update_attrs={"slug": "moi"}, keep_live=False)
        copy.code = "KH9"
        with pytest.raises(ValidationError):
            copy.full_clean()

    def test_nothing_is_published_without_a_code(self, desk, pages):
        response = desk.post(create_url(pages.kh8), filled(code="", **{"action-publish": "1"}))
        assert response.status_code == 200
        assert not LessonPage.objects.filter(slug="bai-moi").exists()

    def test_copies_in_the_admin_begin_as_drafts(self, desk, pages):
        text = html(desk.get(reverse("wagtailadmin_pages:copy", args=[pages.b1.pk])))
        assert "publish_copies" not in text


class TestBeforePublishing:
    def asked(self, desk, pages):
        return desk.post(create_url(pages.kh8), filled(**{"action-publish": "1"}))

    def test_says_whom_a_new_lesson_touches(self, desk, pages, acting):
        with acting():
            text = html(self.asked(desk, pages))
        assert "1 người đã hoàn thành giữ nguyên" in text
        assert "1 người đang học có thêm 1 bài" in text

    def test_keeps_the_new_page_as_a_draft_until_answered(self, desk, pages, acting):
        with acting():
            self.asked(desk, pages)
        draft = LessonPage.objects.get(slug="bai-moi")
        assert not draft.live
        assert "Mở bài mới." in draft.get_latest_revision_as_object().opening
        assert not Activity.objects.filter(code="KH8-B9").exists()

    def test_publishes_after_the_answer(self, desk, pages, acting):
        response = self.asked(desk, pages)
        with acting():
            answer(desk, response)
        assert LessonPage.objects.get(slug="bai-moi").live
        assert ActivityRule.objects.get(activity__code="KH8-B9").is_required

    def test_refuses_an_answer_to_an_older_draft(self, desk, pages, acting):
        response = self.asked(desk, pages)
        LessonPage.objects.get(slug="bai-moi").save_revision()
        with acting():
            answer(desk, response)
        assert not LessonPage.objects.get(slug="bai-moi").live

    def test_refuses_an_answer_by_somebody_who_may_not_publish(self, desk, pages, client, learner):
        self.asked(desk, pages)
        draft = LessonPage.objects.get(slug="bai-moi")
        client.force_login(learner.user)
        url = reverse("cms_pages_publish", args=[draft.pk, draft.latest_revision_id])
        client.post(url)
        assert not fresh(draft).live

    def test_asks_nothing_where_nobody_is_touched(self, desk, pages, acting):
        with acting():
            response = desk.post(edit_url(pages.b1), filled(pages.b1, **{"action-publish": "1"}))
        assert response.status_code == 302


class TestBeforeTakingDown:
    def test_says_whom_it_touches_and_goes_on_after_the_answer(self, desk, pages, acting):
        url = reverse("wagtailadmin_pages:unpublish", args=[pages.b2.pk])
        response = desk.post(url)
        assert "1 người đang học bớt 1 bài" in html(response)
        assert fresh(pages.b2).live
        with acting():
            answer(desk, response)
        assert not fresh(pages.b2).live

    def test_warns_that_an_emptied_module_can_be_completed_by_nobody(self, desk, pages):
        url = reverse("wagtailadmin_pages:unpublish", args=[pages.kh8.pk])
        assert "không ai hoàn thành được" in html(desk.post(url))

    def test_asks_about_a_move_to_another_module(self, desk, pages, acting):
        url = reverse("wagtailadmin_pages:move_confirm", args=[pages.b2.pk, pages.kh9.pk])
        response = desk.post(url)
        assert "có thêm 1 bài và bớt 1 bài" in html(response)
        with acting():
            answer(desk, response)
        assert fresh(pages.b2).get_parent().specific == pages.kh9

    def test_asks_once_about_many(self, desk, pages, acting):
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
        url += f"?id={pages.b1.pk}&id={pages.b2.pk}&next=/admin/"
        response = desk.post(url)
        assert "bớt 2 bài" in html(response)
        with acting():
            answer(desk, response)
        assert not fresh(pages.b1).live


class TestDeleting:
    def url(self, page):
        return reverse("wagtailadmin_pages:delete", args=[page.pk])

    def test_is_not_a_trainers_to_do(self, desk, pages):
        desk.post(self.url(pages.b1))
        assert LessonPage.objects.filter(pk=pages.b1.pk).exists()

    def test_by_an_administrator_asks_first(self, client, pages, acting):
        client.force_login(make_account(is_superuser=True, is_staff=True))
        response = client.post(self.url(pages.b2))
        assert "bớt 1 bài" in html(response)
        with acting():
            answer(client, response)
        assert not LessonPage.objects.filter(pk=pages.b2.pk).exists()


def test_a_trainer_has_the_group_that_grants_attempts(trainer):
    assert trainer.groups.filter(name=TRAINERS).exists()
