from __future__ import annotations

from datetime import UTC, datetime

import pytest

from activities.quiz.models import Attempt
from activities.quiz.queries import Obstacle, QuizState, quiz_state
from activities.quiz.services.attempts import save_answers, start_attempt, submit_attempt
from activities.quiz.services.grants import grant_attempt
from courses.models import Activity
from courses.queries import open_runs
from people.models import Person
from tests.activities.quiz.builders import NOW, make_quiz, right_answers

AFTER_THE_GRACE = datetime(2027, 1, 9, tzinfo=UTC)


def state_of(person: Person | None, quiz: Activity, at: datetime = NOW) -> QuizState:
    return quiz_state(person, quiz, at=at)


def submitted(person: Person, quiz: Activity, *positions: int) -> Attempt:
    """An attempt with these questions right and the others left open."""
    attempt = start_attempt(person, quiz, at=NOW)
    right = right_answers(attempt)
    save_answers(attempt, {position: right[position] for position in positions}, at=NOW)
    submit_attempt(attempt, at=NOW)
    return attempt


class TestWhatTheQuizAsks:
    def test_pass_mark_questions_and_attempts(self, learner, quiz):
        state = state_of(learner, quiz)
        assert (state.pass_mark_tenths, state.question_count) == (50, 3)
        assert (state.used, state.left, state.allowed) == (0, 2, 2)
        assert state.obstacle is None
        assert state.best_tenths is None

    def test_nothing_is_left_to_count_without_a_limit(self, learner, quiz):
        make_quiz(quiz, "KH1-C01", attempt_limit=None)
        assert state_of(learner, quiz).left is None


class TestWhatWasDone:
    def test_the_best_score_stays_after_a_worse_one(self, learner, quiz):
        submitted(learner, quiz, 1, 2)
        submitted(learner, quiz, 1)
        state = state_of(learner, quiz)
        assert (state.best_tenths, state.is_passed) == (66, True)

    def test_is_not_passed_below_the_mark(self, learner, quiz):
        submitted(learner, quiz, 1)
        assert not state_of(learner, quiz).is_passed

    def test_an_open_attempt_is_there_to_continue(self, learner, quiz):
        attempt = start_attempt(learner, quiz, at=NOW)
        state = state_of(learner, quiz)
        assert (state.open_attempt, state.used, state.left) == (attempt, 1, 1)

    def test_attempts_of_others_do_not_show(self, learner, quiz, principal):
        submitted(principal.person, quiz, 1, 2, 3)
        state = state_of(learner, quiz)
        assert (state.used, state.best_tenths, state.open_attempt) == (0, None, None)


class TestObstacles:
    def test_every_attempt_used(self, learner, quiz):
        for _number in range(2):
            submitted(learner, quiz)
        assert state_of(learner, quiz).obstacle == Obstacle.NO_ATTEMPT_LEFT

    def test_a_grant_removes_it(self, learner, quiz, principal):
        for _number in range(2):
            attempt = submitted(learner, quiz)
        grant_attempt(attempt.enrolment, quiz, by=principal, reason="Mất mạng", at=NOW)
        state = state_of(learner, quiz)
        assert (state.obstacle, state.left, state.allowed) == (None, 1, 3)

    def test_no_open_run(self, learner, quiz):
        submitted(learner, quiz, 1, 2, 3)
        state = state_of(learner, quiz, at=AFTER_THE_GRACE)
        assert state.obstacle == Obstacle.NO_OPEN_RUN
        assert state.best_tenths == 100

    def test_an_attempt_left_open_too_long_is_not_offered(self, learner, quiz):
        start_attempt(learner, quiz, at=NOW)
        state = state_of(learner, quiz, at=AFTER_THE_GRACE)
        assert (state.open_attempt, state.obstacle) == (None, Obstacle.NO_OPEN_RUN)

    def test_unpublished(self, learner, quiz):
        quiz.is_published = False
        assert state_of(learner, quiz).obstacle == Obstacle.UNAVAILABLE

    def test_unpublished_but_begun_may_be_continued(self, learner, quiz):
        attempt = start_attempt(learner, quiz, at=NOW)
        quiz.is_published = False
        assert state_of(learner, quiz).open_attempt == attempt

    def test_an_account_without_a_person(self, quiz):
        assert state_of(None, quiz).obstacle == Obstacle.NO_PERSON


class TestQueries:
    def test_two_of_its_own_when_the_runs_are_known(self, learner, quiz, django_assert_num_queries):
        submitted(learner, quiz)
        runs = open_runs(learner, at=NOW, module=quiz.module)
        with django_assert_num_queries(2):
            quiz_state(learner, quiz, at=NOW, runs=runs)

    def test_three_with_an_attempt_to_continue(self, learner, quiz, django_assert_num_queries):
        start_attempt(learner, quiz, at=NOW)
        with django_assert_num_queries(3):
            quiz_state(learner, quiz, at=NOW)

    def test_writes_nothing(self, learner, quiz):
        state_of(learner, quiz)
        assert not learner.enrolments.exists()


@pytest.mark.parametrize("right", [(), (1,), (1, 2), (1, 2, 3)])
def test_the_score_shown_is_the_score_received(learner, quiz, right):
    attempt = submitted(learner, quiz, *right)
    attempt.refresh_from_db()
    assert state_of(learner, quiz).best_tenths == attempt.points * 100 // attempt.possible
