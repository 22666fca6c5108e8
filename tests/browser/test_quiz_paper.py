"""The paper's scripts in a real browser: saving, losing the network, one question a screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from activities.quiz.models import Attempt
from activities.quiz.services.attempts import start_attempt, submit_attempt
from courses.models import Evidence
from tests.activities.quiz.builders import make_multiple, make_quiz, make_single, make_true_false
from tests.browser.conftest import PHONE, WIDE
from tests.factories import make_course, make_module, make_run


@pytest.fixture
def attempt(city, learner) -> Attempt:
    """Three questions, begun today."""
    module = make_module(make_course(), "KH1", pass_mark_tenths=50)
    quiz = module.activities.get(kind="quiz")
    for make in (make_single, make_multiple, make_true_false):
        make()
    make_quiz(quiz, "KH1-C01", "KH1-C02", "KH1-C03")
    today = timezone.localdate()
    make_run(
        module.course,
        units=[city.root],
        opens_on=today - timedelta(days=1),
        closes_on=today + timedelta(days=30),
    )
    return start_attempt(learner, quiz, at=timezone.now())


@pytest.fixture
def context(browser: Browser, live_server, learner, attempt) -> Iterator[BrowserContext]:
    """The learner's phone, signed in; it fails on any script error or breach of the policy.

    Not a `Visitor`: going offline is a complaint there.
    """
    client = Client()
    client.force_login(learner.user)
    context = browser.new_context(viewport=PHONE, base_url=live_server.url)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on(
        "console",
        lambda said: problems.append(said.text) if "Content Security" in said.text else None,
    )
    yield context
    context.close()
    assert problems == []


@pytest.fixture
def paper(context, attempt) -> Page:
    page = context.new_page()
    page.goto(reverse("quiz:paper", args=[attempt.pk]))
    return page


def choose(page: Page, text: str) -> None:
    page.locator("label.choice", has_text=text).click()


def saved_answers(attempt: Attempt) -> int:
    return attempt.paper.exclude(answer=[]).count()


class TestOnAPhone:
    def test_shows_one_question_at_a_time(self, paper):
        assert paper.locator("fieldset:visible").count() == 1
        expect(paper.get_by_role("button", name="Nộp bài")).to_be_hidden()
        paper.get_by_role("button", name="Câu sau").click()
        expect(paper.locator("#q2")).to_be_visible()
        assert paper.locator("fieldset:visible").count() == 1
        paper.get_by_role("button", name="Câu sau").click()
        expect(paper.get_by_role("button", name="Nộp bài")).to_be_visible()
        expect(paper.get_by_role("button", name="Câu sau")).to_be_hidden()

    def test_never_scrolls_sideways(self, paper):
        assert paper.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    def test_every_target_is_large_enough_for_a_thumb(self, paper):
        for target in paper.locator("form.quiz :is(label.choice, button):visible").all():
            assert target.bounding_box()["height"] >= 44

    def test_a_wide_screen_shows_them_all(self, paper):
        paper.set_viewport_size(WIDE)
        expect(paper.locator("fieldset:visible")).to_have_count(3)
        expect(paper.get_by_role("button", name="Nộp bài")).to_be_visible()


class TestSaving:
    def test_says_so_beside_the_answer(self, paper, attempt):
        choose(paper, "Báo tin")
        expect(paper.locator("#q1 [data-sign]")).to_have_text("Đã lưu")
        assert saved_answers(attempt) == 1

    def test_waits_for_the_network_and_tries_again(self, paper, context, attempt):
        context.set_offline(True)
        choose(paper, "Báo tin")
        expect(paper.locator("#q1 [data-sign]")).to_have_text("Chưa lưu – sẽ thử lại")
        context.set_offline(False)
        expect(paper.locator("#q1 [data-sign]")).to_have_text("Đã lưu")
        assert saved_answers(attempt) == 1

    def test_an_answer_given_offline_survives_closing_the_tab(self, paper, context, attempt):
        context.set_offline(True)
        choose(paper, "Báo tin")
        expect(paper.locator("#q1 [data-sign]")).to_have_text("Chưa lưu – sẽ thử lại")
        paper.close()
        context.set_offline(False)
        again = context.new_page()
        again.goto(reverse("quiz:paper", args=[attempt.pk]) + "#q1")
        expect(again.locator("#q1 [data-sign]")).to_have_text("Đã lưu")
        expect(again.locator("#q1 input:checked")).to_have_count(1)
        assert saved_answers(attempt) == 1
        assert again.evaluate("localStorage.length") == 0

    def test_a_tab_left_behind_is_taken_to_the_result(self, paper, attempt):
        submit_attempt(attempt, at=timezone.now())
        choose(paper, "Báo tin")
        paper.wait_for_url("**/result/")
        assert saved_answers(attempt) == 0


class TestSubmitting:
    def test_asks_once_more_and_says_what_is_unanswered(self, paper, attempt):
        paper.set_viewport_size(WIDE)
        choose(paper, "Báo tin")
        paper.get_by_role("button", name="Nộp bài").click()
        dialog = paper.get_by_role("dialog")
        expect(dialog).to_contain_text("Còn 2 câu chưa trả lời.")
        dialog.get_by_role("button", name="Quay lại làm tiếp").click()
        expect(dialog).to_be_hidden()
        attempt.refresh_from_db()
        assert attempt.submitted_at is None

    def test_a_double_click_submits_once(self, paper):
        paper.set_viewport_size(WIDE)
        choose(paper, "Báo tin")
        paper.get_by_role("button", name="Nộp bài").click()
        paper.get_by_role("dialog").get_by_role("button", name="Nộp bài").dblclick()
        paper.wait_for_url("**/result/")
        expect(paper.get_by_role("heading", level=1)).to_contain_text("Kết quả")
        assert Evidence.objects.count() == 1

    def test_works_by_keyboard_alone(self, paper, attempt):
        paper.set_viewport_size(WIDE)
        paper.locator("#q1 input").first.focus()
        paper.keyboard.press("Space")
        paper.keyboard.press("ArrowDown")
        expect(paper.locator("#q1 [data-sign]")).to_have_text("Đã lưu")
        paper.get_by_role("button", name="Nộp bài").focus()
        paper.keyboard.press("Enter")
        paper.keyboard.press("Escape")
        expect(paper.get_by_role("dialog")).to_be_hidden()
        paper.keyboard.press("Enter")
        expect(paper.get_by_role("dialog")).to_be_visible()
        paper.keyboard.press("Enter")
        paper.wait_for_url("**/result/")


class TestWithoutScripts:
    def test_the_form_is_enough(self, browser, live_server, context, attempt):
        bare = browser.new_context(java_script_enabled=False, base_url=live_server.url)
        bare.add_cookies(context.cookies())
        page = bare.new_page()
        page.goto(reverse("quiz:paper", args=[attempt.pk]))
        expect(page.locator("fieldset:visible")).to_have_count(3)
        choose(page, "Báo tin")
        page.get_by_role("button", name="Lưu câu này").first.click()
        expect(page.locator("#q1 [data-sign]")).to_have_text("Đã lưu")
        page.get_by_role("button", name="Nộp bài").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả")
        attempt.refresh_from_db()
        assert attempt.points == 1
