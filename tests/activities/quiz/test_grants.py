from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from activities.quiz.access import can_grant_attempt
from activities.quiz.models import Attempt, AttemptGrant
from activities.quiz.services.attempts import (
    NoAttemptLeftError,
    start_attempt,
    submit_attempt,
)
from activities.quiz.services.grants import GrantRefusedError, grant_attempt
from courses.models import ActivityCompletion
from people.trainers import TRAINERS
from tests.activities.quiz.builders import NOW, make_quiz, make_single
from tests.factories import (
    make_account,
    make_course,
    make_member,
    make_module,
    make_run,
    make_scope,
)

DAY = NOW.date()


@pytest.fixture
def used_up(learner, quiz) -> Attempt:
    """Both attempts are used; the last of them."""
    for _number in range(2):
        attempt = start_attempt(learner, quiz, at=NOW)
        submit_attempt(attempt, at=NOW)
    return attempt


@pytest.fixture
def trainer(city):
    """A core trainer without any scope."""
    user = make_account(make_member(city.other_school, code="000110"))
    user.groups.add(Group.objects.create(name=TRAINERS))
    return user


@pytest.fixture
def address(used_up) -> str:
    return reverse("quiz:grant", args=[used_up.enrolment_id, used_up.activity_id])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "my"])
def test_afterwards_leads_back_only_to_a_page_of_ours(address, principal, elsewhere):
    browser = signed_in(principal)
    assert browser.post(f"{address}?next={elsewhere}", {"reason": "Mất mạng"}).url == address


class TestGranting:
    def test_gives_one_more_attempt(self, used_up, learner, quiz, principal):
        grant_attempt(used_up.enrolment, quiz, by=principal, reason="Mất mạng", at=NOW)
        attempt = start_attempt(learner, quiz, at=NOW)
        assert attempt.number == 3
        submit_attempt(attempt, at=NOW)
        with pytest.raises(NoAttemptLeftError):
            start_attempt(learner, quiz, at=NOW)

    def test_keeps_who_when_and_why(self, used_up, quiz, principal):
        grant = grant_attempt(used_up.enrolment, quiz, by=principal, reason=" Mất mạng ", at=NOW)
        assert (grant.granted_by, grant.granted_at, grant.reason) == (principal, NOW, "Mất mạng")

    def test_needs_a_reason(self, used_up, quiz, principal):
        with pytest.raises(GrantRefusedError, match="lý do"):
            grant_attempt(used_up.enrolment, quiz, by=principal, reason="  ", at=NOW)

    def test_is_refused_while_an_attempt_is_left(self, learner, quiz, principal):
        attempt = start_attempt(learner, quiz, at=NOW)
        submit_attempt(attempt, at=NOW)
        with pytest.raises(GrantRefusedError, match="vẫn còn lượt"):
            grant_attempt(attempt.enrolment, quiz, by=principal, reason="Mất mạng", at=NOW)

    def test_is_refused_while_the_last_attempt_is_open(self, learner, quiz, principal):
        make_quiz(quiz, "KH1-C01", attempt_limit=1)
        attempt = start_attempt(learner, quiz, at=NOW)
        with pytest.raises(GrantRefusedError):
            grant_attempt(attempt.enrolment, quiz, by=principal, reason="Mất mạng", at=NOW)

    def test_counts_for_that_quiz_only(self, used_up, learner, ground, principal):
        other = make_module(ground.course, "KH6", pass_mark_tenths=80).activities.get(kind="quiz")
        make_quiz(other, make_single("KH6-C01").question.code, attempt_limit=1)
        ground.run.terms.get().modules.add(other.module)
        grant_attempt(used_up.enrolment, ground.quiz, by=principal, reason="Mất mạng", at=NOW)
        submit_attempt(start_attempt(learner, other, at=NOW), at=NOW)
        with pytest.raises(NoAttemptLeftError):
            start_attempt(learner, other, at=NOW)


class TestWhoMayGrant:
    def test_the_principal_may(self, principal, learner):
        assert can_grant_attempt(principal, learner, on=DAY)

    def test_a_core_trainer_may(self, trainer, learner):
        assert can_grant_attempt(trainer, learner, on=DAY)

    def test_an_administrator_may(self, learner):
        assert can_grant_attempt(make_account(is_superuser=True), learner, on=DAY)

    def test_the_principal_of_another_school_may_not(self, outsider, learner):
        assert not can_grant_attempt(outsider, learner, on=DAY)

    def test_a_monitor_may_not(self, city, learner):
        monitor = make_account()
        make_scope(monitor, city.root, "monitor")
        assert not can_grant_attempt(monitor, learner, on=DAY)

    def test_the_learner_may_not(self, learner):
        assert not can_grant_attempt(learner.user, learner, on=DAY)

    def test_nobody_may_for_herself(self, principal, trainer):
        assert not can_grant_attempt(principal, principal.person, on=DAY)
        assert not can_grant_attempt(trainer, trainer.person, on=DAY)

    def test_a_closed_account_may_not(self, principal, learner):
        principal.is_active = False
        assert not can_grant_attempt(principal, learner, on=DAY)


@pytest.mark.usefixtures("clock")
class TestThePage:
    def test_asks_for_a_reason_and_grants(self, address, principal, learner):
        client = signed_in(principal)
        assert learner.full_name in client.get(address).content.decode()
        reply = client.post(address, {"reason": "Mất mạng"}, follow=True)
        assert AttemptGrant.objects.get().granted_by == principal
        assert "Đã cấp thêm một lượt" in reply.content.decode()

    def test_says_what_is_missing(self, address, principal):
        reply = signed_in(principal).post(address, {"reason": ""})
        assert "Hãy ghi lý do" in reply.content.decode()
        assert not AttemptGrant.objects.exists()

    def test_a_double_click_grants_one(self, address, principal):
        client = signed_in(principal)
        for _click in range(2):
            assert client.post(address, {"reason": "Mất mạng"}).status_code == 302
        assert AttemptGrant.objects.count() == 1

    def test_does_not_exist_for_an_outsider(self, address, outsider, learner):
        for user in (outsider, learner.user):
            client = signed_in(user)
            assert client.get(address).status_code == 404
            assert client.post(address, {"reason": "Mất mạng"}).status_code == 404
        assert not AttemptGrant.objects.exists()

    def test_a_scope_that_ended_closes_it_at_once(self, address, principal):
        client = signed_in(principal)
        assert client.get(address).status_code == 200
        principal.scopes.update(ended_on=DAY.replace(day=1, month=6))
        assert client.get(address).status_code == 404

    def test_sends_a_visitor_to_sign_in(self, address):
        assert "/accounts/login/" in Client().get(address).url

    def test_refuses_a_quiz_of_another_course(self, used_up, principal, city):
        other = make_course("KHAC")
        quiz = make_module(other, "K1", pass_mark_tenths=50).activities.get(kind="quiz")
        make_run(other, "khac", units=[city.root])
        foreign = reverse("quiz:grant", args=[used_up.enrolment_id, quiz.pk])
        assert signed_in(principal).get(foreign).status_code == 404


WAITING = "/quiz/grants/"


@pytest.mark.usefixtures("clock")
class TestWaitingList:
    def test_trainer_and_principal_find_whoever_is_stuck(
        self, used_up, learner, trainer, principal
    ):
        for user in (trainer, principal):
            page = signed_in(user).get(WAITING).content.decode()
            assert learner.full_name in page
            assert reverse("quiz:grant", args=[used_up.enrolment_id, used_up.activity_id]) in page

    def test_nobody_waits_once_an_attempt_is_granted(self, used_up, learner, quiz, principal):
        grant_attempt(used_up.enrolment, quiz, by=principal, reason="Mất mạng", at=NOW)
        page = signed_in(principal).get(WAITING).content.decode()
        assert learner.full_name not in page

    def test_whoever_passed_is_not_waiting(self, used_up, learner, quiz, principal):
        ActivityCompletion.objects.create(
            enrolment=used_up.enrolment, activity=quiz, completed_at=NOW
        )
        assert learner.full_name not in signed_in(principal).get(WAITING).content.decode()

    def test_a_manager_of_other_people_does_not_see_her(self, used_up, learner, outsider):
        assert learner.full_name not in signed_in(outsider).get(WAITING).content.decode()

    def test_a_learner_finds_no_such_page(self, used_up, learner):
        assert signed_in(learner.user).get(WAITING).status_code == 404
