from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from activities.quiz.models import Attempt
from activities.quiz.services import attempts as service
from activities.quiz.services.attempts import save_answers, start_attempt, submit_attempt
from courses.models import Activity, ActivityCompletion, Evidence
from courses.services.evidence import NoOpenRunError
from tests.activities.quiz.builders import (
    NOW,
    make_single,
    minutes,
    right_answers,
    wrong_answers,
)

LATER = NOW + minutes(20)
IN_THE_GRACE = datetime(2027, 1, 5, tzinfo=UTC)
AFTER_THE_GRACE = datetime(2027, 1, 9, tzinfo=UTC)


@pytest.fixture
def attempt(learner, quiz) -> Attempt:
    return start_attempt(learner, quiz, at=NOW)


class TestMarking:
    def test_all_right_earns_everything(self, attempt):
        save_answers(attempt, right_answers(attempt), at=NOW)
        receipt = submit_attempt(attempt, at=LATER)
        assert (receipt.points, receipt.possible, receipt.tenths) == (3, 3, 100)

    def test_all_wrong_earns_nothing(self, attempt):
        save_answers(attempt, wrong_answers(attempt), at=NOW)
        assert submit_attempt(attempt, at=LATER).points == 0

    def test_what_is_unanswered_earns_nothing(self, attempt):
        save_answers(attempt, {1: right_answers(attempt)[1]}, at=NOW)
        receipt = submit_attempt(attempt, at=LATER)
        assert (receipt.points, receipt.possible) == (1, 3)
        assert receipt.tenths == 33  # rounded down
        assert [each.points for each in attempt.paper.all()] == [1, 0, 0]

    def test_goes_by_the_key_that_the_paper_was_asked_under(self, attempt):
        save_answers(attempt, right_answers(attempt), at=NOW)
        make_single("KH1-C01", "Báo tin", "*Im lặng", "Chờ đợi")
        assert submit_attempt(attempt, at=LATER).points == 3


class TestEvidence:
    def test_bears_the_id_of_the_attempt_and_its_points(self, attempt, learner):
        save_answers(attempt, right_answers(attempt), at=NOW)
        submit_attempt(attempt, at=LATER)
        evidence = Evidence.objects.get()
        assert evidence.pk == attempt.pk
        assert (evidence.kind, evidence.points, evidence.possible) == ("score", 3, 3)
        assert (evidence.received_at, evidence.is_reported) == (LATER, False)
        assert evidence.enrolment.person == learner

    def test_a_pass_completes_the_activity(self, attempt, quiz):
        save_answers(attempt, right_answers(attempt), at=NOW)
        submit_attempt(attempt, at=LATER)
        assert ActivityCompletion.objects.get().activity == quiz

    def test_a_fail_does_not(self, attempt):
        submit_attempt(attempt, at=LATER)
        assert not ActivityCompletion.objects.exists()

    def test_nothing_is_submitted_when_it_can_not_be_written(self, attempt, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(service, "record_evidence", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            submit_attempt(attempt, at=LATER)
        attempt.refresh_from_db()
        assert attempt.submitted_at is None
        assert [each.points for each in attempt.paper.all()] == [None, None, None]


class TestSubmittingAgain:
    def test_gives_the_same_receipt(self, attempt):
        first = submit_attempt(attempt, at=LATER)
        assert submit_attempt(attempt, at=LATER + minutes(9)) == first
        assert Evidence.objects.count() == 1

    def test_from_another_tab_gives_the_same_receipt(self, attempt):
        stale = Attempt.objects.get(pk=attempt.pk)
        first = submit_attempt(attempt, at=LATER)
        assert stale.submitted_at is None
        assert submit_attempt(stale, at=LATER + minutes(9)) == first

    def test_after_the_run_is_over_still_gives_it(self, attempt):
        first = submit_attempt(attempt, at=LATER)
        assert submit_attempt(attempt, at=AFTER_THE_GRACE) == first


class TestTheRunsEnd:
    def test_work_begun_inside_is_received_in_the_grace_period(self, attempt):
        assert submit_attempt(attempt, at=IN_THE_GRACE).submitted_at == IN_THE_GRACE

    def test_after_it_is_refused_and_the_answers_stay(self, attempt):
        answers = right_answers(attempt)
        save_answers(attempt, answers, at=NOW)
        with pytest.raises(NoOpenRunError):
            submit_attempt(attempt, at=AFTER_THE_GRACE)
        attempt.refresh_from_db()
        assert attempt.submitted_at is None
        assert attempt.paper.get(position=1).answer == answers[1]
        assert not Evidence.objects.exists()

    def test_a_quiz_unpublished_meanwhile_may_be_finished(self, attempt, quiz):
        Activity.objects.filter(pk=quiz.pk).update(is_published=False)
        save_answers(attempt, right_answers(attempt), at=NOW)
        assert submit_attempt(attempt, at=LATER).points == 3
