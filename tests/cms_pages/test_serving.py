"""Who sees what: pages are public, lessons and quizzes ask for signing in."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from cms_pages.models import LessonPage, ModulePage, QuizPage
from courses.models import Activity, Evidence
from tests.cms_pages.conftest import do, fresh
from tests.factories import make_account

LESSON_TEXT = "Ngồi xuống ngang tầm bé"
QUERIES_OF_A_LESSON = 12


def path_of(page) -> str:
    return page.get_url_parts()[2]


def html(response) -> str:
    return response.content.decode()


class TestOutsiders:
    def test_see_no_lesson_anywhere(self, pages, client):
        for page in Page.objects.live().filter(depth__gt=1).specific():
            response = client.get(path_of(page))
            if isinstance(page, LessonPage | QuizPage):
                assert response.status_code == 302, page
                assert response["Location"].startswith("/accounts/login/?next="), page
            else:
                assert response.status_code == 200, page
                assert LESSON_TEXT not in html(response), page

    def test_see_no_lesson_below_an_alias_or_after_a_move(self, pages, client):
        alias = pages.kh8.create_alias(parent=None, update_slug="bis", recursive=True)
        pages.b1.move(pages.kh9, pos="last-child")
        lessons = [*LessonPage.objects.child_of(alias), fresh(pages.b1)]
        assert len(lessons) == 3
        assert {client.get(path_of(lesson)).status_code for lesson in lessons} == {302}

    def test_are_asked_to_sign_in_on_the_module_page(self, pages, client):
        assert "Đăng nhập để học" in html(client.get(path_of(pages.kh8)))

    def test_find_no_page_that_is_not_published(self, pages, client):
        pages.b1.unpublish()
        assert client.get(path_of(pages.b1)).status_code == 404


class TestReadingALesson:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, learner):
        client.force_login(learner.user)

    def test_shows_the_lesson_and_hides_the_handling_in_a_native_element(self, run, pages, client):
        text = html(client.get(path_of(pages.b1)))
        assert re.search(r"<details>.*Ngồi xuống ngang tầm bé.*</details>", text, re.DOTALL)
        assert "chữ đậm</b>" in text

    @pytest.mark.parametrize("reader", ["learner", "beginner"])
    def test_takes_few_queries_once_warm(self, run, pages, client, reader, request):
        request.getfixturevalue(reader)
        client.get(path_of(pages.b2))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path_of(pages.b2)).status_code == 200
        asked = "\n".join(each["sql"] for each in queries)
        assert len(queries) <= QUERIES_OF_A_LESSON, asked

    def test_the_button_records_it_and_leads_on(self, run, pages, client, learner):
        text = html(client.get(path_of(pages.b1)))
        action = re.search(r'action="(/evidence/lessons/\d+/)"', text)[1]
        key = re.search(r'name="id" value="([0-9a-f-]{36})"', text)[1]
        target = re.search(r'name="next" value="([^"]+)"', text)[1]
        response = client.post(action, {"id": key, "next": target})
        assert response["Location"] == path_of(pages.b2)
        assert Evidence.objects.get(pk=uuid.UUID(key)).enrolment.person == learner

    def test_what_is_read_says_since_when(self, beginner, pages, client):
        text = html(client.get(path_of(pages.b1)))
        assert "Đã đọc xong ngày" in text
        assert "/evidence/lessons/" not in text

    def test_without_an_open_run_it_says_that_nothing_is_recorded(self, pages, client):
        text = html(client.get(path_of(pages.b1)))
        assert LESSON_TEXT in text
        assert "chưa ghi nhận: hiện không có đợt" in text
        assert "/evidence/lessons/" not in text

    def test_an_account_without_a_person_is_told_why(self, run, pages, client):
        client.force_login(make_account())
        assert "không gắn với người nào" in html(client.get(path_of(pages.b1)))

    def test_the_progress_line_counts_what_is_done(self, beginner, pages, client):
        text = html(client.get(path_of(pages.b2)))
        assert '<progress max="3" value="1"' in text

    def test_a_page_that_is_not_registered_can_be_read(self, pages, client):
        Activity.objects.filter(code="KH8-B1").update(is_published=False)
        assert "chưa nằm trong chương trình" in html(client.get(path_of(pages.b1)))

    def test_another_persons_state_never_shows(self, graduate, pages, client, learner):
        assert "Đã đọc xong ngày" not in html(client.get(path_of(pages.b1)))

    def test_is_never_kept_by_a_cache_between(self, run, pages, client):
        assert "no-store" in client.get(path_of(pages.b1))["Cache-Control"]

    def test_a_browser_in_another_language_finds_the_same_page(self, run, pages, client):
        response = client.get(path_of(pages.b1), headers={"accept-language": "en"})
        assert LESSON_TEXT in html(response)


class TestModulePages:
    def test_of_the_abuse_module_show_111_and_a_way_out_everywhere(
        self, run, pages, client, learner
    ):
        client.force_login(learner.user)
        below = [each.specific for each in pages.kh9.get_children()]
        assert len(below) == 3
        for page in [pages.kh9, *below]:
            text = html(client.get(path_of(page)))
            assert 'href="tel:111"' in text.split("<footer")[0], page
            assert "Thoát nhanh" in text, page

    def test_of_another_module_do_not(self, run, pages, client):
        assert "Thoát nhanh" not in html(client.get(path_of(pages.kh8)))

    def test_show_the_notice_on_each_lesson(self, run, pages, client, learner):
        client.force_login(learner.user)
        assert "Kiến thức chung" in html(client.get(path_of(pages.b1)))

    def test_say_what_is_done(self, beginner, pages, client):
        client.force_login(beginner.user)
        text = html(client.get(path_of(pages.kh8)))
        assert (text.count("Đã đọc<"), text.count("Chưa xong<")) == (1, 2)

    def test_of_the_course_say_how_far_each_module_is(self, beginner, pages, client):
        do(beginner, "KH8-B2")
        client.force_login(beginner.user)
        course = ModulePage.objects.get(code="KH8").get_parent()
        assert "Đang học, 2/3" in html(client.get(path_of(course)))


class TestQuizPages:
    def test_offer_the_attempt(self, run, pages, client, learner):
        client.force_login(learner.user)
        assert "Bắt đầu làm bài" in html(client.get(path_of(pages.quiz)))

    def test_show_no_answer(self, run, pages, client, learner):
        client.force_login(learner.user)
        assert "Dưới 16 tuổi" not in html(client.get(path_of(pages.quiz)))


class TestOldAddresses:
    def test_lead_to_the_page_after_it_was_renamed(self, pages, client, acting):
        old = path_of(pages.kh8)
        page = fresh(pages.kh8)
        page.slug = "quyen-tre-em"
        with acting():
            page.save_revision().publish()
        assert client.get(old)["Location"].endswith("/quyen-tre-em/")

    def test_lead_to_the_page_after_it_was_moved(self, pages, client, acting):
        old = path_of(pages.b1)
        with acting():
            pages.b1.move(pages.kh9, pos="last-child")
        assert client.get(old)["Location"].endswith("/kh9/kh8-b1/")
