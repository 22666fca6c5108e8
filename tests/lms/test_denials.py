"""Refusals are logged: within bounds, and never at the cost of the answer."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from lms.administration import middleware
from people.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]


@pytest.fixture
def refused(client, learner, outsider):
    client.force_login(outsider)
    return lambda: client.get(f"/manage/people/{learner.pk}/")


def test_one_account_fills_no_log(refused, monkeypatch):
    monkeypatch.setattr(middleware, "DENIALS_AN_HOUR", 3, raising=False)
    assert {refused().status_code for _ in range(5)} == {404}
    assert AuditEntry.objects.filter(action="denied").count() == 3


def test_another_account_is_logged_still(client, refused, learner, monkeypatch):
    monkeypatch.setattr(middleware, "DENIALS_AN_HOUR", 1, raising=False)
    refused()
    client.force_login(learner.user)
    client.get("/manage/")
    assert AuditEntry.objects.filter(action="denied").count() == 2


def test_a_log_that_takes_nothing_leaves_the_answer_as_it_was(refused, monkeypatch, caplog):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(middleware, "record", locked)
    assert refused().status_code == 404
    assert "could not be logged" in caplog.text
