"""The pages as the learner's browser sees them, scripts apart."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.quiz.models import Attempt
from activities.quiz.services.attempts import start_attempt, submit_attempt
from courses.models import Activity, Evidence
from tests.activities.quiz.builders import (
    NOW,
    as_form,
    make_quiz,
    make_single,
    right_answers,
    wrong_answers,
)
from tests.factories import make_account

AFTER_THE_GRACE = "2027-01-09T08:00:00+07:00"


@pytest.fixture
def attempt(learner, quiz) -> Attempt:
    return start_attempt(learner, quiz, at=NOW)


def page(name: str, *args) -> str:
    return reverse(f"quiz:{name}", args=args)


def send(client: Client, attempt: Attempt, position: int, options) -> tuple[int, dict]:
    """As the page's script saves an answer."""
    reply = client.post(
        page("answer", attempt.pk, position),
        json.dumps({"options": options}),
        content_type="application/json",
    )
    return reply.status_code, reply.json()


def text(reply) -> str:
    return reply.content.decode()


class TestStarting:
    def test_leads_to_the_paper(self, browser, quiz):
        reply = browser.post(page("start", quiz.pk), follow=True)
        assert reply.redirect_chain[-1][0] == page("paper", Attempt.objects.get().pk)
        assert "Hỏi gì ở KH1-C01?" in text(reply)

    def test_twice_leads_to_the_same_paper(self, browser, quiz):
        first, second = (browser.post(page("start", quiz.pk)).url for _click in range(2))
        assert first == second

    def test_without_attempts_left_says_what_to_do(self, browser, learner, quiz):
        for _number in range(2):
            submit_attempt(start_attempt(learner, quiz, at=NOW), at=NOW)
        reply = browser.post(page("start", quiz.pk))
        assert reply.status_code == 409
        assert "cấp thêm một lượt" in text(reply)

    def test_without_an_open_run_says_what_to_do(self, browser, learner, quiz, clock):
        clock.move_to(AFTER_THE_GRACE)
        browser.force_login(learner.user)  # the session of July has ended
        reply = browser.post(page("start", quiz.pk))
        assert reply.status_code == 409
        assert "đợt sắp tới" in text(reply)

    def test_an_account_without_a_person_is_told(self, quiz, clock):
        client = Client()
        client.force_login(make_account())
        assert "không gắn với người nào" in text(client.post(page("start", quiz.pk)))
        assert not Attempt.objects.exists()

    def test_looking_begins_nothing(self, browser, quiz):
        reply = browser.get(page("start", quiz.pk))
        assert "Bắt đầu làm bài" in text(reply)
        assert not Attempt.objects.exists()

    def test_an_unpublished_quiz_is_not_there(self, browser, quiz):
        Activity.objects.filter(pk=quiz.pk).update(is_published=False)
        assert browser.get(page("start", quiz.pk)).status_code == 404
        assert browser.post(page("start", quiz.pk)).status_code == 404

    def test_a_lesson_is_no_quiz(self, browser, ground):
        lesson = ground.module.activities.get(kind="lesson")
        assert browser.post(page("start", lesson.pk)).status_code == 404


class TestThePaper:
    def test_shows_every_question_and_what_is_unanswered(self, browser, attempt):
        reply = text(browser.get(page("paper", attempt.pk)))
        assert reply.count("<fieldset") == reply.count("<legend") == 3
        assert "Còn 3 câu chưa trả lời" in reply

    def test_shows_what_was_saved(self, browser, attempt):
        send(browser, attempt, 1, right_answers(attempt)[1])
        reply = text(browser.get(page("paper", attempt.pk)))
        assert reply.count(" checked>") == 1
        assert "Còn 2 câu chưa trả lời" in reply

    def test_after_submission_leads_to_the_result(self, browser, attempt):
        submit_attempt(attempt, at=NOW)
        assert browser.get(page("paper", attempt.pk)).url == page("result", attempt.pk)

    def test_is_never_kept_by_a_cache(self, browser, attempt):
        assert "no-store" in browser.get(page("paper", attempt.pk))["Cache-Control"]

    def test_needs_few_queries(self, browser, attempt, django_assert_max_num_queries):
        browser.get(page("paper", attempt.pk))
        with django_assert_max_num_queries(8):
            browser.get(page("paper", attempt.pk))

    def test_has_nothing_that_the_security_policy_forbids(self, browser, attempt):
        reply = text(browser.get(page("paper", attempt.pk)))
        quiz = reply[reply.index('<form class="quiz') : reply.index("</main>")]
        assert " style=" not in quiz
        assert " onclick=" not in quiz
        assert "<script>" not in reply

    def test_escapes_what_an_author_wrote(self, browser, learner, quiz):
        make_single("KH1-C07", "*<b>Một</b>", "Hai", stem="<script>alert(1)</script>")
        make_quiz(quiz, "KH1-C07")
        attempt = start_attempt(learner, quiz, at=NOW)
        reply = text(browser.get(page("paper", attempt.pk)))
        assert "<script>alert" not in reply
        assert "&lt;b&gt;Một" in reply


class TestSavingByScript:
    def test_saves_and_says_so(self, browser, attempt):
        keys = right_answers(attempt)[2]
        assert send(browser, attempt, 2, keys) == (200, {"saved": True})
        assert sorted(attempt.paper.get(position=2).answer) == sorted(keys)

    @pytest.mark.parametrize("options", [["foreign"], "abc", None, [1], {"a": 1}])
    def test_refuses_what_is_not_on_the_paper(self, browser, attempt, options):
        status, reply = send(browser, attempt, 1, options)
        assert (status, reply["saved"]) == (400, False)
        assert attempt.paper.get(position=1).answer == []

    def test_refuses_what_is_not_json(self, browser, attempt):
        reply = browser.post(
            page("answer", attempt.pk, 1), b"\xff{", content_type="application/json"
        )
        assert reply.status_code == 400

    def test_after_submission_names_the_result(self, browser, attempt):
        submit_attempt(attempt, at=NOW)
        status, reply = send(browser, attempt, 1, right_answers(attempt)[1])
        assert (status, reply["result"]) == (409, page("result", attempt.pk))

    def test_tells_a_visitor_to_sign_in(self, attempt):
        assert send(Client(), attempt, 1, [])[0] == 401

    def test_needs_the_forms_token(self, learner, attempt, clock):
        client = Client(enforce_csrf_checks=True)
        client.force_login(learner.user)
        reply = client.post(
            page("answer", attempt.pk, 1), '{"options": []}', content_type="application/json"
        )
        assert reply.status_code == 403


class TestSavingWithoutScript:
    def test_saves_one_question_and_comes_back_to_it(self, browser, attempt):
        keys = right_answers(attempt)[1]
        reply = browser.post(page("answer", attempt.pk, 1), {"q1": keys})
        assert reply.url == page("paper", attempt.pk) + "#q1"
        assert attempt.paper.get(position=1).answer == keys


class TestSubmitting:
    def submit(self, client: Client, attempt: Attempt, **fields):
        return client.post(page("submit", attempt.pk), fields)

    def test_takes_the_answers_of_the_form(self, browser, attempt):
        reply = self.submit(browser, attempt, **as_form(right_answers(attempt)))
        assert reply.url == page("result", attempt.pk)
        attempt.refresh_from_db()
        assert (attempt.points, attempt.possible) == (3, 3)

    def test_twice_gives_the_same_result(self, browser, attempt):
        right, wrong = right_answers(attempt), wrong_answers(attempt)
        first = self.submit(browser, attempt, **as_form(right))
        second = self.submit(browser, attempt, **as_form(wrong))
        assert first.url == second.url
        attempt.refresh_from_db()
        assert attempt.points == 3
        assert Evidence.objects.count() == 1

    def test_an_older_tab_does_not_wipe_out_what_another_saved(self, browser, attempt):
        right = right_answers(attempt)
        for position, keys in right.items():
            send(browser, attempt, position, keys)
        self.submit(browser, attempt)
        attempt.refresh_from_db()
        assert attempt.points == 3

    def test_forged_scores_are_not_read(self, browser, attempt):
        self.submit(
            browser,
            attempt,
            score="3",
            points="3",
            passed="true",
            possible="1",
            duration="1",
            person="1",
            q99="x",
            **as_form(wrong_answers(attempt)),
        )
        attempt.refresh_from_db()
        assert (attempt.points, attempt.possible) == (0, 3)

    def test_an_answer_of_another_paper_is_refused_and_nothing_submitted(self, browser, attempt):
        reply = self.submit(browser, attempt, q1="foreign")
        assert reply.status_code == 400
        attempt.refresh_from_db()
        assert attempt.submitted_at is None

    def test_before_starting_is_not_there(self, browser, quiz):
        assert browser.post(page("submit", uuid.uuid4())).status_code == 404

    def test_after_the_runs_grace_keeps_the_answers_and_says_so(self, browser, attempt, clock):
        right = right_answers(attempt)
        clock.move_to(AFTER_THE_GRACE)
        browser.force_login(attempt.enrolment.person.user)  # the session of July has ended
        reply = self.submit(browser, attempt, **as_form(right))
        assert reply.status_code == 409
        assert "Các câu trả lời vẫn được lưu" in text(reply)
        attempt.refresh_from_db()
        assert attempt.submitted_at is None
        assert attempt.paper.get(position=1).answer == right[1]

    def test_a_get_submits_nothing(self, browser, attempt):
        assert browser.get(page("submit", attempt.pk)).status_code == 405

    def test_the_servers_clock_decides(self, browser, attempt):
        self.submit(browser, attempt, submitted_at="2020-01-01")
        attempt.refresh_from_db()
        assert attempt.submitted_at == timezone.now()


class TestTheResult:
    def test_before_submission_leads_to_the_paper(self, browser, attempt):
        assert browser.get(page("result", attempt.pk)).url == page("paper", attempt.pk)

    def test_a_pass_shows_the_mark_and_leads_on(self, browser, attempt):
        reply = browser.post(
            page("submit", attempt.pk), as_form(right_answers(attempt)), follow=True
        )
        assert "<strong>10,0</strong>" in text(reply)
        assert "Còn 1 bài chưa đọc" in text(reply)
        assert "Nên đọc lại" not in text(reply)

    def test_the_mark_is_rounded_down(self, browser, attempt):
        right = right_answers(attempt)
        reply = browser.post(
            page("submit", attempt.pk), as_form({1: right[1], 2: right[2]}), follow=True
        )
        assert "<strong>6,6</strong>" in text(reply)

    def test_not_yet_shows_reasons_sources_and_lessons_and_offers_another_try(
        self, browser, attempt
    ):
        reply = text(browser.post(page("submit", attempt.pk), follow=True))
        assert "Chưa đạt" in reply
        assert "Vì luật nói vậy." in reply
        assert "LTE Điều 6" in reply
        assert "KH1-B1" in reply
        assert "phương án đúng" in reply
        assert "Làm lại" in reply
        assert "Còn 1 lượt làm bài" in reply

    def test_the_last_attempt_says_who_can_grant_another(self, browser, learner, quiz):
        make_quiz(quiz, "KH1-C01", attempt_limit=1)
        attempt = start_attempt(learner, quiz, at=NOW)
        reply = text(browser.post(page("submit", attempt.pk), follow=True))
        assert "cấp thêm một lượt" in reply
        assert "Làm lại" not in reply

    def test_shows_the_question_as_it_was_asked(self, browser, attempt):
        make_single("KH1-C01", "Báo tin", "*Im lặng", stem="Hỏi lại?")
        reply = text(
            browser.post(page("submit", attempt.pk), as_form(right_answers(attempt)), follow=True)
        )
        assert "Hỏi gì ở KH1-C01?" in reply
        assert "Hỏi lại?" not in reply
        assert "<strong>10,0</strong>" in reply

    def test_needs_few_queries(self, browser, attempt, django_assert_max_num_queries):
        submit_attempt(attempt, at=NOW)
        with django_assert_max_num_queries(16):
            browser.get(page("result", attempt.pk))


class TestSomeoneElsesAttempt:
    @pytest.mark.parametrize("who", ["principal", "outsider", "administrator", "nobody"])
    def test_is_not_there(self, request, who, attempt, clock):
        client = Client()
        if who == "administrator":
            client.force_login(make_account(is_superuser=True))
        elif who != "nobody":
            client.force_login(request.getfixturevalue(who))
        expected = 302 if who == "nobody" else 404
        assert client.get(page("paper", attempt.pk)).status_code == expected
        assert client.get(page("result", attempt.pk)).status_code == expected
        assert client.post(page("submit", attempt.pk)).status_code == expected
        assert client.post(page("answer", attempt.pk, 1)).status_code == expected
        attempt.refresh_from_db()
        assert attempt.submitted_at is None
