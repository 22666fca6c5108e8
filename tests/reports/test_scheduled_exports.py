"""Files made again and again for other bodies: when, of what, and who took them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from people.models import AuditEntry, User
from reports.models import ExportSchedule, Share, SharedFile, SharingToken, Target
from reports.queries import coverage_by
from reports.services.scheduled_exports import (
    first_after,
    forget_old_files,
    make_what_is_due,
    plan_export,
    stop_export,
)
from tests.factories import make_account, make_scope
from tests.people.workbooks import cells_of
from tests.reports.sharing import ask, error_of, make_shared_file, make_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]


@pytest.mark.parametrize(
    ("every", "day", "following"),
    [
        ("daily", date(2026, 12, 31), date(2027, 1, 1)),
        ("weekly", date(2026, 11, 22), date(2026, 11, 23)),  # a Sunday
        ("weekly", date(2026, 11, 23), date(2026, 11, 30)),
        ("monthly", date(2026, 12, 1), date(2027, 1, 1)),
        ("monthly", date(2026, 1, 31), date(2026, 2, 1)),
        ("quarterly", date(2026, 11, 22), date(2027, 1, 1)),
        ("quarterly", date(2026, 1, 1), date(2026, 4, 1)),
    ],
)
def test_the_next_file_is_made_on(every, day, following):
    assert first_after(day, every) == following


@pytest.fixture
def bearer(city, staff) -> tuple[SharingToken, str]:
    return make_token(city.commune, sees_small_cells=True)


def planned(token: SharingToken, kind: str = "json", every: str = "daily", **fields):
    schedule = ExportSchedule(
        token=token,
        target=Target.objects.get(),
        kind=kind,
        every=every,
        **{"by": ["unit", "sex"], **fields},
    )
    plan_export(schedule, by=token.created_by, at=timezone.now())
    return schedule


def parts(response) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class TestMaking:
    def test_holds_what_the_api_says_of_the_last_whole_day_with_the_dictionary(self, bearer):
        token, secret = bearer
        shared = make_shared_file_of(planned(token))
        told = json.loads(parts(ask(secret, f"files/{shared.pk}"))["figures.json"])
        yesterday = timezone.localdate() - timedelta(days=1)
        same = ask(secret, "coverage", target="CT-2027", by=["unit", "sex"], as_of=yesterday)
        assert set(told) - set(same.json()) == {"dictionary"}
        assert {name: told[name] for name in same.json()} == same.json()

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_as_a_table_holds_every_row_and_its_dictionary(self, bearer, kind):
        token, secret = bearer
        shared = make_shared_file_of(planned(token, kind))
        files = parts(ask(secret, f"files/{shared.pk}"))
        assert set(files) == {f"figures.{kind}", f"dictionary.{kind}"}
        table = coverage_by(
            Target.objects.get(), as_of=shared.as_of, unit=token.unit, by=("unit", "sex")
        )
        rows = cells_of(files[f"figures.{kind}"], kind)
        assert rows[0][3:7] == ["unit", "sex", "required", "complete"]
        numbers = [(row[3], row[4], int(row[5]), int(row[6])) for row in rows[1:] if row[4]]
        assert numbers == [
            (*row.keys, row.coverage.required, row.coverage.complete)
            for row in table.rows
            if row.keys[1]
        ]

    def test_for_aggregate_tokens_withholds_what_the_api_withholds(self, city, staff):
        token, secret = make_token(city.commune)
        shared = make_shared_file_of(planned(token, "csv"))
        text = parts(ask(secret, f"files/{shared.pk}"))["figures.csv"].decode()
        assert shared.withheld == text.count(";true") > 0
        assert ";TH1;male;;;;true" in text.replace("XA1;TH1", ";TH1")

    def test_happens_once_on_its_day(self, bearer):
        schedule = planned(bearer[0], every="weekly")
        now = timezone.now()
        assert [make_what_is_due(at=now) for _ in range(3)] == [1, 0, 0]
        schedule.refresh_from_db()
        assert schedule.next_on > timezone.localdate()

    def test_catches_up_once_after_the_worker_was_away(self, bearer):
        planned(bearer[0])
        with time_machine.travel(timezone.now() + timedelta(days=9)):
            assert make_what_is_due(at=timezone.now()) == 1
            assert make_what_is_due(at=timezone.now()) == 0

    def test_ends_with_the_schedule_and_with_the_token(self, bearer, city):
        stopped = planned(bearer[0])
        assert stop_export(stopped, by=bearer[0].created_by, at=timezone.now())
        assert not stop_export(stopped, by=bearer[0].created_by, at=timezone.now())
        for fields in (
            {"valid_until": timezone.localdate() - timedelta(days=1)},
            {"revoked_at": timezone.now(), "revoked_by": make_account()},
        ):
            planned(make_token(city.commune, **fields)[0])
        assert make_what_is_due(at=timezone.now()) == 0

    def test_of_one_that_fails_keeps_no_other_back_and_is_tried_again(self, bearer, monkeypatch):
        broken, _fine = planned(bearer[0], by=["age"]), planned(bearer[0])
        assert make_what_is_due(at=timezone.now()) == 1
        broken.refresh_from_db()
        assert broken.next_on == timezone.localdate()
        ExportSchedule.objects.filter(pk=broken.pk).update(by=["sex"])
        assert make_what_is_due(at=timezone.now()) == 1


class TestTaking:
    def test_is_noted_whoever_does_it(self, bearer, city):
        token, secret = bearer
        chief = make_account()
        make_scope(chief, city.root)
        shared = make_shared_file(token)
        b"".join(ask(secret, f"files/{shared.pk}"))
        client = Client()
        client.force_login(chief)
        b"".join(client.get(f"/manage/sharing/files/{shared.pk}/"))
        assert [share.taken_by for share in Share.objects.filter(what="file")] == [chief, None]
        assert AuditEntry.objects.get(action="export").actor == chief

    def test_is_for_the_tokens_own_files(self, bearer, city):
        shared = make_shared_file(bearer[0])
        other = make_token(city.commune)[1]
        assert error_of(ask(other, f"files/{shared.pk}")) == (404, "unknown_file")
        assert ask(other, "files").json()["items"] == []
        [listed] = ask(bearer[1], "files").json()["items"]
        assert (listed["id"], listed["by"]) == (shared.pk, ["unit"])

    def test_ends_when_the_file_was_kept_long_enough(self, bearer):
        shared = make_shared_file_of(planned(bearer[0], keeps_days=10))
        path = shared.file.storage, shared.file.name
        forget_old_files(at=timezone.now() + timedelta(days=9))
        assert path[0].exists(path[1])
        forget_old_files(at=timezone.now() + timedelta(days=11))
        assert not path[0].exists(path[1])
        assert error_of(ask(bearer[1], f"files/{shared.pk}")) == (404, "unknown_file")
        assert SharedFile.objects.get().rows == shared.rows


class TestScreen:
    @pytest.fixture
    def chief(self, city) -> User:
        user = make_account()
        make_scope(user, city.root)
        return user

    def test_plans_and_stops(self, bearer, chief, client):
        client.force_login(chief)
        page = f"/manage/sharing/{bearer[0].pk}/"
        filled = {
            "target": Target.objects.get().pk,
            "by": ["unit", "sex"],
            "kind": "xlsx",
            "every": "monthly",
            "keeps_days": "30",
        }
        assert client.post(f"{page}schedule/", filled).status_code == 302
        schedule = ExportSchedule.objects.get()
        assert (schedule.by, schedule.kind, schedule.created_by) == (["unit", "sex"], "xlsx", chief)
        assert "Hằng tháng" in client.get(page).content.decode()
        client.post(f"/manage/sharing/schedules/{schedule.pk}/stop/")
        assert "Hằng tháng" not in client.get(page).content.decode()
        acts = AuditEntry.objects.filter(action__startswith="export.").values_list(
            "action", flat=True
        )
        assert sorted(acts) == ["export.planned", "export.stopped"]

    def test_plans_nothing_for_a_token_that_is_over(self, city, staff, chief, client):
        token, _secret = make_token(
            city.commune, valid_until=timezone.localdate() - timedelta(days=1)
        )
        client.force_login(chief)
        client.post(f"/manage/sharing/{token.pk}/schedule/", {"every": "daily"})
        assert not ExportSchedule.objects.exists()


def make_shared_file_of(schedule: ExportSchedule) -> SharedFile:
    make_what_is_due(at=timezone.now())
    return schedule.files.get()
