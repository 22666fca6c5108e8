from __future__ import annotations

from datetime import UTC, datetime

import pytest

from activities.quiz.models import Attempt
from activities.quiz.services.attempts import (
    NoAttemptLeftError,
    QuizUnavailableError,
    start_attempt,
    submit_attempt,
)
from courses.models import Activity, Enrolment
from courses.services.evidence import NoOpenRunError
from tests.activities.quiz.builders import NOW, make_quiz, make_single, minutes
from tests.factories import make_activity, make_member, make_run

BEFORE_THE_RUN = datetime(2026, 5, 20, tzinfo=UTC)
IN_THE_GRACE = datetime(2027, 1, 5, tzinfo=UTC)
AFTER_THE_GRACE = datetime(2027, 1, 9, tzinfo=UTC)


class TestStarting:
    def test_enrols_and_numbers_the_first_attempt(self, learner, quiz, ground):
        attempt = start_attempt(learner, quiz, at=NOW)
        assert (attempt.number, attempt.started_at) == (1, NOW)
        assert attempt.enrolment == Enrolment.objects.get(person=learner, run=ground.run)

    def test_again_gives_the_open_attempt(self, learner, quiz):
        first = start_attempt(learner, quiz, at=NOW)
        assert start_attempt(learner, quiz, at=NOW + minutes(5)) == first

    def test_after_submission_gives_the_next(self, learner, quiz):
        submit_attempt(start_attempt(learner, quiz, at=NOW), at=NOW)
        assert start_attempt(learner, quiz, at=NOW).number == 2

    def test_beyond_the_limit_is_refused(self, learner, quiz):
        for _number in range(2):
            submit_attempt(start_attempt(learner, quiz, at=NOW), at=NOW)
        with pytest.raises(NoAttemptLeftError):
            start_attempt(learner, quiz, at=NOW)

    def test_without_a_limit_never_is(self, learner, quiz):
        make_quiz(quiz, "KH1-C01", attempt_limit=None)
        for _number in range(4):
            submit_attempt(start_attempt(learner, quiz, at=NOW), at=NOW)
        assert start_attempt(learner, quiz, at=NOW).number == 5

    def test_a_later_run_begins_with_its_own_attempts(self, learner, quiz, ground, city):
        for _number in range(2):
            submit_attempt(start_attempt(learner, quiz, at=NOW), at=NOW)
        next_summer = datetime(2027, 6, 5, tzinfo=UTC)
        make_run(
            ground.course,
            "he-2027",
            units=[city.root],
            opens_on=datetime(2027, 6, 1).date(),
            closes_on=datetime(2027, 8, 31).date(),
        )
        assert start_attempt(learner, quiz, at=next_summer).number == 1


class TestRefusing:
    def test_before_the_run_opens(self, learner, quiz):
        with pytest.raises(NoOpenRunError):
            start_attempt(learner, quiz, at=BEFORE_THE_RUN)
        assert not Enrolment.objects.exists()

    def test_someone_outside_the_audience(self, quiz, ground, city):
        late = make_member(city.school, started_on=datetime(2026, 12, 1).date())
        with pytest.raises(NoOpenRunError):
            start_attempt(late, quiz, at=NOW)

    def test_an_unpublished_quiz(self, learner, quiz):
        Activity.objects.filter(pk=quiz.pk).update(is_published=False)
        quiz.refresh_from_db()
        with pytest.raises(QuizUnavailableError):
            start_attempt(learner, quiz, at=NOW)

    def test_a_quiz_never_given_questions(self, learner, ground):
        bare = make_activity(
            ground.module, "KH1-KT2", kind="quiz", rule="score", pass_mark_tenths=50
        )
        with pytest.raises(QuizUnavailableError):
            start_attempt(learner, bare, at=NOW)


class TestContinuing:
    def test_in_the_grace_period(self, learner, quiz):
        attempt = start_attempt(learner, quiz, at=NOW)
        assert start_attempt(learner, quiz, at=IN_THE_GRACE) == attempt

    def test_not_after_it(self, learner, quiz):
        start_attempt(learner, quiz, at=NOW)
        with pytest.raises(NoOpenRunError):
            start_attempt(learner, quiz, at=AFTER_THE_GRACE)

    def test_when_the_quiz_was_unpublished_meanwhile(self, learner, quiz):
        attempt = start_attempt(learner, quiz, at=NOW)
        Activity.objects.filter(pk=quiz.pk).update(is_published=False)
        quiz.refresh_from_db()
        assert start_attempt(learner, quiz, at=NOW) == attempt


class TestThePaper:
    def test_asks_the_quiz_in_its_order(self, learner, quiz):
        attempt = start_attempt(learner, quiz, at=NOW)
        assert [each.version.question.code for each in attempt.paper.all()] == [
            "KH1-C01",
            "KH1-C02",
            "KH1-C03",
        ]

    def test_shuffles_options_but_for_those_that_keep_their_order(self, learner, quiz):
        make_single("KH1-C04", "*10", "20", "30", keep_order=True)
        make_quiz(quiz, "KH1-C01", "KH1-C04", "KH1-C03")
        attempt = start_attempt(learner, quiz, at=NOW, shuffle=list.reverse)
        shuffled, kept, true_false = attempt.paper.all()
        assert shuffled.option_order == written(shuffled)[::-1]
        assert kept.option_order == written(kept)
        assert true_false.option_order == written(true_false)

    def test_takes_the_latest_version_of_each_question(self, learner, quiz):
        make_single("KH1-C01", stem="Hỏi lại?")
        attempt = start_attempt(learner, quiz, at=NOW)
        assert attempt.paper.get(position=1).version.stem == "Hỏi lại?"

    def test_keeps_it_when_question_and_quiz_are_edited(self, learner, quiz):
        attempt = start_attempt(learner, quiz, at=NOW)
        make_single("KH1-C01", stem="Hỏi lại?")
        make_quiz(quiz, "KH1-C02", pass_mark_tenths=100)
        again = Attempt.objects.get(pk=attempt.pk)
        assert again.paper.count() == 3
        assert again.paper.get(position=1).version.stem == "Hỏi gì ở KH1-C01?"
        assert again.quiz_version.pass_mark_tenths == 50


def written(question) -> list[str]:
    """The option keys in the order of the author."""
    return [str(option.key) for option in question.version.options.all()]
