"""Liveness, readiness, policies, the worker's chores."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lms.housekeeping import Housekeeper
from lms.reaper import LEASE, take_back_expired, take_back_from
from people.dates import local_day

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)


def make_task(*, status="RUNNING", worker="worker-a", started_at=NOW, **fields) -> DBTaskResult:
    return DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="certificates.tasks.number_later",
        backend_name="default",
        run_after=NOW,
        exception_class_path="",
        traceback="",
        status=status,
        worker_ids=[worker],
        started_at=started_at,
        **fields,
    )


class TestHealth:
    def test_alive(self, client):
        assert client.get("/healthz").content == b"ok"

    def test_ready(self, client):
        response = client.get("/readyz")
        assert response.json() == {
            "database": True,
            "migrations": True,
            "storage": True,
            "worker": True,
        }

    def test_not_ready_while_tasks_pile_up(self, client):
        task = make_task(status="READY", started_at=None)
        DBTaskResult.objects.filter(pk=task.pk).update(
            enqueued_at=timezone.now() - timedelta(minutes=6)
        )
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["worker"] is False


class TestPolicies:
    def test_our_pages_allow_no_inline_script(self, client):
        policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
        assert "unsafe" not in policy

    def test_the_admin_has_its_own_policy_without_a_nonce(self, client):
        policy = client.get("/admin/").headers["Content-Security-Policy"]
        assert "'unsafe-inline'" in policy
        assert "nonce" not in policy


class TestTasksOfDeadWorkers:
    def test_go_back_to_the_queue_when_the_same_worker_starts_again(self):
        mine, others = make_task(), make_task(worker="worker-b")
        assert take_back_from("worker-a") == 1
        mine.refresh_from_db()
        others.refresh_from_db()
        assert (mine.status, others.status) == ("READY", "RUNNING")

    def test_go_back_when_their_lease_is_over(self):
        old = make_task(started_at=NOW - LEASE - timedelta(seconds=1))
        young = make_task(started_at=NOW - timedelta(minutes=1))
        assert take_back_expired(at=NOW) == 1
        old.refresh_from_db()
        young.refresh_from_db()
        assert (old.status, young.status) == ("READY", "RUNNING")


class TestHousekeeper:
    @pytest.fixture
    def decided(self, monkeypatch) -> list[datetime]:
        """When open runs were decided."""
        # Between chores the worker lets go of its connection; a test's transaction lives in it.
        monkeypatch.setattr("lms.housekeeping.close_old_connections", lambda: None)
        instants: list[datetime] = []
        monkeypatch.setattr("lms.housekeeping.decide_open_runs", lambda *, at: instants.append(at))
        return instants

    def test_does_the_daily_chores_once_a_day(self, decided):
        housekeeper = Housekeeper(threading.Event())
        for hours in (0, 1, 20):
            housekeeper.tick(NOW + timedelta(hours=hours))
        assert [local_day(instant).day for instant in decided] == [1, 2]

    def test_tries_a_daily_chore_again_until_it_succeeds(self, decided, monkeypatch):
        with monkeypatch.context() as broken:
            broken.setattr("lms.housekeeping.issue_missing", lambda *, at: 1 / 0)
            housekeeper = Housekeeper(threading.Event())
            housekeeper.tick(NOW)
        housekeeper.tick(NOW + timedelta(minutes=1))
        housekeeper.tick(NOW + timedelta(minutes=2))
        assert len(decided) == 2

    @pytest.mark.parametrize(
        ("each_minute", "daily"),
        [
            ("take_up_unfinished", "forget_old_imports"),
            ("make_what_is_due", "forget_old_files"),
        ],
    )
    def test_goes_on_with_what_waits_every_minute_and_forgets_what_is_old_daily(
        self, decided, monkeypatch, each_minute, daily
    ):
        done: list[str] = []
        for chore in (each_minute, daily):
            monkeypatch.setattr(f"lms.housekeeping.{chore}", lambda *, at, c=chore: done.append(c))
        housekeeper = Housekeeper(threading.Event())
        housekeeper.tick(NOW)
        housekeeper.tick(NOW + timedelta(minutes=1))
        assert done == [each_minute, daily, each_minute]

    def test_one_failing_chore_does_not_stop_the_others(self, decided, monkeypatch):
        monkeypatch.setattr("lms.housekeeping.take_back_expired", lambda *, at: 1 / 0)
        Housekeeper(threading.Event()).tick(NOW)
        assert len(decided) == 1
