"""The attempts of two rows that are one person."""

from __future__ import annotations

import pytest
from django.utils import timezone

from activities.quiz.models import Attempt, AttemptGrant
from activities.quiz.queries import quiz_state
from activities.quiz.services.attempts import save_answers, start_attempt, submit_attempt
from activities.quiz.services.grants import grant_attempt
from courses.models import Enrolment
from courses.services.evidence import MergedMeanwhileError
from people.models import Person, User
from people.services.merging import MergeError
from tests.activities.quiz.builders import NOW, minutes, right_answers
from tests.factories import make_account, make_member
from tests.people.merging import everything, merge, undo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground", "clock")]


@pytest.fixture
def administrator(city) -> User:
    return make_account(is_superuser=True)


@pytest.fixture
def double(city) -> Person:
    return make_member(city.school, code="000901")


def sit(person: Person, quiz, *, at=NOW, right: bool = False) -> Attempt:
    """An attempt, submitted."""
    attempt = start_attempt(person, quiz, at=at)
    if right:
        save_answers(attempt, right_answers(attempt), at=at)
    submit_attempt(attempt, at=at)
    return attempt


def attempts(person: Person) -> list[tuple[int, object]]:
    rows = Attempt.objects.filter(enrolment__person=person).order_by("number")
    return list(rows.values_list("number", "pk"))


class TestAttemptsInOneRun:
    def test_are_all_hers_and_numbered_on(self, quiz, learner, double, administrator):
        mine, other = sit(learner, quiz), sit(double, quiz, at=NOW - minutes(5))
        another = sit(double, quiz, at=NOW + minutes(5))
        merge(learner, double, by=administrator)
        assert attempts(learner) == [(1, mine.pk), (2, other.pk), (3, another.pk)]

    def test_count_against_the_limit_and_pass_as_one(self, quiz, learner, double, administrator):
        sit(learner, quiz)
        sit(double, quiz, right=True)
        merge(learner, double, by=administrator)
        state = quiz_state(learner, quiz, at=timezone.now())
        assert (state.used, state.left, state.is_passed) == (2, 0, True)

    def test_bring_what_was_granted(self, quiz, learner, double, administrator):
        sit(learner, quiz)
        sit(double, quiz)
        last = sit(double, quiz, at=NOW + minutes(1))
        grant_attempt(last.enrolment, quiz, by=administrator, reason="Mất mạng", at=NOW)
        merge(learner, double, by=administrator)
        assert AttemptGrant.objects.get().enrolment.person == learner

    def test_one_that_is_open_goes_on(self, quiz, learner, double, administrator):
        sit(learner, quiz)
        begun = start_attempt(double, quiz, at=NOW)
        merge(learner, double, by=administrator)
        assert start_attempt(learner, quiz, at=NOW) == begun
        assert submit_attempt(Attempt.objects.get(pk=begun.pk), at=NOW).number == 2


class TestTwoThatAreOpen:
    @pytest.fixture
    def papers(self, quiz, learner, double) -> tuple[Attempt, Attempt]:
        sit(double, quiz)
        return start_attempt(learner, quiz, at=NOW), start_attempt(double, quiz, at=NOW)

    def key(self, papers) -> str:
        return f"attempt-{papers[0].enrolment.run_id}-{papers[0].activity_id}"

    def test_are_refused_until_one_is_chosen(self, papers, learner, double, administrator):
        with pytest.raises(MergeError, match="Làm tiếp bài nào"):
            merge(learner, double, by=administrator)

    def test_are_merged_once_one_is_submitted(self, papers, learner, double, administrator):
        submit_attempt(papers[1], at=NOW)
        assert merge(learner, double, by=administrator)

    @pytest.mark.parametrize("chosen", ["kept", "gone"])
    def test_the_chosen_one_goes_on_and_the_other_is_left(
        self, papers, quiz, learner, double, administrator, chosen
    ):
        before = everything()
        merged = merge(learner, double, by=administrator, **{self.key(papers): chosen})
        goes_on, aside = papers if chosen == "kept" else reversed(papers)
        assert start_attempt(learner, quiz, at=NOW) == goes_on
        left = Attempt.objects.get(pk=aside.pk)
        assert (left.enrolment.person, left.paper.count()) == (double, 3)
        numbers = [number for number, _key in attempts(learner)]
        assert numbers == [1, 2]
        undo(merged, by=administrator)
        assert everything() == before

    def test_the_one_that_is_left_can_not_be_submitted(
        self, papers, learner, double, administrator
    ):
        merge(learner, double, by=administrator, **{self.key(papers): "kept"})
        with pytest.raises(MergedMeanwhileError):
            submit_attempt(papers[1], at=NOW)

    def test_a_form_sent_meanwhile_is_asked_for_again(self, client, papers, double, administrator):
        """Her paper is hers still, under the row that is kept: nothing of it is lost."""
        account = make_account(double)
        client.force_login(account)
        kept = make_member(double.memberships.get().unit, code="000905")
        merge(kept, double, by=administrator)
        assert client.get(f"/quiz/attempts/{papers[1].pk}/").status_code == 200


class TestUndoing:
    def test_is_refused_once_she_began_another(self, quiz, learner, double, administrator):
        sit(double, quiz)
        merged = merge(learner, double, by=administrator)
        start_attempt(learner, quiz, at=NOW + minutes(1))
        with pytest.raises(MergeError, match="lượt làm bài kiểm tra"):
            undo(merged, by=administrator)

    def test_restores_numbers_and_papers(self, quiz, learner, double, administrator):
        sit(learner, quiz)
        sit(double, quiz)
        start_attempt(double, quiz, at=NOW + minutes(1))
        before = everything()
        undo(merge(learner, double, by=administrator), by=administrator)
        assert everything() == before
        assert Enrolment.objects.count() == 2
