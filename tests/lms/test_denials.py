"""Refusals are logged: within bounds, and never at the cost of the answer."""

from __future__ import annotations

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from lms.administration import middleware
from people.models import AuditEntry
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]


@pytest.fixture
def refused(client, city, outsider):
    """A page of somebody else, every time another's."""
    client.force_login(outsider)
    return lambda: client.get(f"/manage/people/{make_member(city.school).pk}/")


def test_one_account_fills_no_log(refused, monkeypatch):
    monkeypatch.setattr(middleware, "DENIALS_AN_HOUR", 3)
    assert {refused().status_code for _ in range(5)} == {404}
    assert denials().count() == 3


def test_the_same_again_is_one_line(client, outsider, learner):
    client.force_login(outsider)
    for _ in range(3):
        client.get(f"/manage/people/{learner.pk}/?as_of=2026-01-01")
    assert denials().count() == 1


def test_the_same_is_logged_again_after_a_while(client, outsider, learner, monkeypatch):
    client.force_login(outsider)
    with time_machine.travel(timezone.now()) as clock:
        for _ in range(2):
            client.get(f"/manage/people/{learner.pk}/")
            clock.shift(middleware.SAME_DENIAL + 1)
    assert denials().count() == 2


def test_sending_is_not_the_same_as_reading(client, outsider, learner):
    client.force_login(outsider)
    for ask in (client.get, client.post):
        ask(f"/manage/people/{learner.pk}/code/")
    assert {entry.detail["method"] for entry in denials()} == {"GET", "POST"}


def test_another_account_is_logged_still(client, refused, learner, monkeypatch):
    monkeypatch.setattr(middleware, "DENIALS_AN_HOUR", 1)
    refused()
    client.force_login(learner.user)
    client.get("/manage/")
    assert denials().count() == 2


def test_a_log_that_takes_nothing_leaves_the_answer_as_it_was(refused, monkeypatch, caplog):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(middleware, "record", locked)
    assert refused().status_code == 404
    assert "could not be logged" in caplog.text


def denials():
    return AuditEntry.objects.filter(action="denied")
