"""No key, feedback or source reaches the learner before she submits."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.urls import reverse

from activities.quiz.models import Attempt
from activities.quiz.services.attempts import start_attempt
from tests.activities.quiz.builders import NOW, make_question, make_quiz, right_answers

FEEDBACK, SOURCE = "CANARY-PHAN-HOI", "CANARY-NGUON"
CANARIES = (FEEDBACK, SOURCE, "is_correct", "isCorrect", "correct")


@pytest.fixture
def attempt(learner, quiz) -> Attempt:
    for code, kind in (("KH1-C11", "single"), ("KH1-C12", "multiple")):
        make_question(code, kind, "*Một", "Hai", "Ba", feedback=FEEDBACK, sources=[SOURCE])
    make_quiz(quiz, "KH1-C11", "KH1-C12", attempt_limit=None)
    return start_attempt(learner, quiz, at=NOW)


def every_reply_before_submission(browser, attempt: Attempt) -> dict[str, str]:
    """What each address says, by what was done there."""
    paper = reverse("quiz:paper", args=[attempt.pk])
    answer = reverse("quiz:answer", args=[attempt.pk, 1])
    submit = reverse("quiz:submit", args=[attempt.pk])
    start = reverse("quiz:start", args=[attempt.activity_id])
    keys = right_answers(attempt)[1]

    def by_script(options) -> str:
        body = json.dumps({"options": options})
        return browser.post(answer, body, content_type="application/json").content.decode()

    return {
        "intro": browser.get(start).content.decode(),
        "start": browser.post(start, follow=True).content.decode(),
        "paper": browser.get(paper).content.decode(),
        "right answer": by_script(keys),
        "wrong answer": by_script(attempt.paper.get(position=1).option_order[:1]),
        "foreign answer": by_script(["foreign"]),
        "answer by form": browser.post(answer, {"q1": keys}, follow=True).content.decode(),
        "refused form": browser.post(submit, {"q1": "foreign"}).content.decode(),
        "result too early": browser.get(
            reverse("quiz:result", args=[attempt.pk]), follow=True
        ).content.decode(),
        "paper again": browser.get(paper).content.decode(),
    }


def quiz_part(page: str) -> str:
    """The page without header and footer; JSON is taken whole."""
    start, end = page.find("<main"), page.find("</main>")
    return page[start:end] if start >= 0 else page


class TestBeforeSubmission:
    def test_no_reply_holds_a_key(self, browser, attempt):
        for what, reply in every_reply_before_submission(browser, attempt).items():
            for canary in CANARIES:
                assert canary not in quiz_part(reply), f"{canary} in {what}"

    def test_right_and_wrong_answers_are_acknowledged_alike(self, browser, attempt):
        replies = every_reply_before_submission(browser, attempt)
        assert replies["right answer"] == replies["wrong answer"]

    def test_the_cache_holds_nothing_of_it(self, browser, attempt):
        every_reply_before_submission(browser, attempt)
        held = repr(getattr(cache, "_cache", {}))
        assert FEEDBACK not in held
        assert SOURCE not in held

    def test_right_and_wrong_options_look_alike(self, browser, attempt):
        page = browser.get(reverse("quiz:paper", args=[attempt.pk])).content.decode()
        labels = [part.split("</label>")[0] for part in page.split('<label class="choice">')[1:]]
        keys = [str(each.key) for q in attempt.paper.all() for each in q.version.options.all()]
        shapes = set()
        for label in labels:
            for word in (*keys, "Một", "Hai", "Ba", "q1", "q2", "radio", "checkbox"):
                label = label.replace(word, "…")
            shapes.add(label)
        assert len(labels) == 6
        assert len(shapes) == 1


class TestAfterSubmission:
    def test_reasons_and_sources_are_shown(self, browser, attempt):
        reply = browser.post(reverse("quiz:submit", args=[attempt.pk]), follow=True)
        assert FEEDBACK in reply.content.decode()
        assert SOURCE in reply.content.decode()
