"""Real threads on a real database: what the locks and constraints are for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from activities.quiz.models import Attempt, AttemptGrant
from activities.quiz.services.attempts import (
    AttemptSubmittedError,
    save_answer,
    save_answers,
    start_attempt,
    submit_attempt,
)
from activities.quiz.services.grants import GrantRefusedError, grant_attempt
from courses.models import ActivityCompletion, Enrolment, Evidence
from tests.activities.quiz.builders import NOW, make_quiz, minutes, right_answers, wrong_answers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

THREADS = 20


def all_at_once(act: Callable[[int], Any], *, times: int = THREADS) -> list[Any]:
    """What each of them returned, or the exception that it raised."""
    barrier = Barrier(times)

    def run(number: int) -> Any:
        try:
            barrier.wait(timeout=30)
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


class TestTwentyStarts:
    @pytest.mark.parametrize("is_enrolled", [False, True])
    def test_make_one_attempt_when_one_is_allowed(self, learner, quiz, ground, is_enrolled):
        if is_enrolled:  # otherwise making the enrolment alone would put them in a queue
            Enrolment.objects.create(person=learner, run=ground.run, began_at=NOW)
        make_quiz(quiz, "KH1-C01", "KH1-C02", "KH1-C03", attempt_limit=1)
        results = all_at_once(lambda _number: start_attempt(learner, quiz, at=NOW).pk)
        attempt = Attempt.objects.get()
        assert results == [attempt.pk] * THREADS
        assert attempt.paper.count() == 3
        assert Enrolment.objects.count() == 1

    def test_make_one_attempt_when_many_are_allowed(self, learner, quiz):
        make_quiz(quiz, "KH1-C01", attempt_limit=None)
        assert len(set(all_at_once(lambda _number: start_attempt(learner, quiz, at=NOW).pk))) == 1
        assert Attempt.objects.count() == 1


class TestTwentySubmissions:
    def test_give_one_receipt_and_one_piece_of_evidence(self, learner, quiz):
        attempt = start_attempt(learner, quiz, at=NOW)
        save_answers(attempt, right_answers(attempt), at=NOW)
        receipts = all_at_once(lambda number: submit_attempt(attempt, at=NOW + minutes(number)))
        assert len(set(receipts)) == 1
        assert receipts[0].points == 3
        assert Evidence.objects.count() == ActivityCompletion.objects.count() == 1


class TestAnAnswerRacingTheSubmission:
    def test_is_either_marked_or_refused(self, learner, quiz):
        attempt = start_attempt(learner, quiz, at=NOW)
        right, wrong = right_answers(attempt), wrong_answers(attempt)
        save_answers(attempt, right, at=NOW)

        def act(number: int) -> Any:
            if number == 0:
                return submit_attempt(attempt, at=NOW)
            return save_answer(attempt, 1, (right if number % 2 else wrong)[1], at=NOW)

        results = all_at_once(act, times=8)
        assert all(each is None or isinstance(each, AttemptSubmittedError) for each in results[1:])
        stored = attempt.paper.get(position=1)
        assert stored.points == int(stored.answer == right[1])
        assert Attempt.objects.get().points == 2 + stored.points


class TestTwentyGrants:
    def test_grant_one_attempt(self, learner, quiz, principal):
        make_quiz(quiz, "KH1-C01", attempt_limit=1)
        attempt = start_attempt(learner, quiz, at=NOW)
        submit_attempt(attempt, at=NOW)

        def act(_number: int) -> Any:
            return grant_attempt(attempt.enrolment, quiz, by=principal, reason="Mất mạng", at=NOW)

        results = all_at_once(act)
        assert AttemptGrant.objects.count() == 1
        assert sum(isinstance(each, GrantRefusedError) for each in results) == THREADS - 1
