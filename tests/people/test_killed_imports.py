"""Workers that are killed in the middle of a list, and two lists at once. Real processes, threads
and connections: what was committed is in the database, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from people.models import ImportState, Membership, Person, RosterImport, RosterList, Unit
from people.services import roster as roster_of_one
from people.services import roster_applying, roster_imports
from people.services.roster import change_membership
from people.services.roster_chores import take_up_unfinished
from people.services.roster_imports import apply, check, choose_layout, confirm
from people.services.roster_lists import import_roster
from people.sheets import read_sheet
from tests.factories import make_account
from tests.people.bringing import HEADER, NOVEMBER, counted, roster, row, uploaded
from tests.people.sheet_builders import csv_of

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 60

# What a worker does until it kills itself: `{step}` of the list, dying in `{place}` when that is
# called for the `{time}`th time.
WORKER = """
import os, signal
import django
django.setup()
from django.utils import timezone
from people.imports import flip, staging
from people.models import RosterImport
from people.services import roster_applying, roster_checking, roster_imports

staging.BATCH = 10
calls = 0
original = {place}

def deadly(*args, **kwargs):
    global calls
    calls += 1
    if calls == {time}:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*args, **kwargs)

{place} = deadly
roster_imports.{step}(RosterImport.objects.get(pk={pk}), at=timezone.now())
"""
IN_CHECKING = {
    "before the first row is stored": ("staging._insert", 1),
    "while rows are stored": ("staging._insert", 4),
    "before it is done": ("roster_checking.last_lists", 1),
}
IN_THE_FLIP = {
    "before the first statement": ("flip.counts_of", 1),
    "between statements": ("flip.do", 5),
    "before it is committed": ("roster_applying._note_in_log", 1),
}


@pytest.fixture
def brought(city, monkeypatch) -> RosterImport:
    """Sixty people on their way in; tasks are done by nobody."""
    idle = type("Task", (), {"enqueue": lambda self, pk: None})()
    for name in ("check_list", "apply_list"):
        monkeypatch.setattr(roster_imports, name, idle)
    for name in ("check_list", "apply_list", "tell_of_list"):
        monkeypatch.setattr(f"people.services.roster_chores.{name}", idle)
    return uploaded(rows(), by=make_account(username="root", is_superuser=True))


def rows() -> list[list]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [row(f"{n:06d}", f"Vũ {letters[n % 26]}{letters[n // 26]}") for n in range(PEOPLE)]


def put(brought: RosterImport, state: ImportState) -> RosterImport:
    """As the worker would find it."""
    from people.imports.layout import Layout

    by = brought.uploaded_by
    choose_layout(brought, Layout.from_json(brought.layout), at=timezone.now())
    if state == ImportState.APPLYING:
        check(brought, at=timezone.now())
        confirm(brought, by=by, at=timezone.now(), skips_rejected=False)
    assert brought.state == state
    return brought


def killed(step: str, brought: RosterImport, place: str, time: int) -> None:
    """A worker of its own works on the list until it is killed."""
    script = WORKER.format(step=step, pk=brought.pk, place=place, time=time)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment())
    assert done.returncode == -signal.SIGKILL
    brought.refresh_from_db()


def environment() -> dict[str, str]:
    """The database of this very test, and its files."""
    here = connection.settings_dict
    url = f"sqlite:///{here['NAME']}"
    if connection.vendor == "postgresql":
        who = here["USER"] + (f":{here['PASSWORD']}" if here["PASSWORD"] else "")
        url = f"postgres://{who}@{here['HOST']}:{here['PORT'] or 5432}/{here['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PYTHONPATH": str(ROOT),
    }


class TestKilledWhileComparing:
    @pytest.mark.parametrize("when", IN_CHECKING)
    def test_begins_anew(self, brought, when):
        put(brought, ImportState.CHECKING)
        before = roster()
        killed("check", brought, *IN_CHECKING[when])
        assert brought.state == ImportState.CHECKING
        assert roster() == before
        check(brought, at=timezone.now())
        assert counted(brought) == {"new": PEOPLE}
        assert brought.changes.count() == PEOPLE


class TestKilledWhileApplying:
    @pytest.mark.parametrize("when", IN_THE_FLIP)
    def test_nothing_counts_and_the_next_worker_applies_it(self, brought, when):
        put(brought, ImportState.APPLYING)
        before = roster()
        killed("apply", brought, *IN_THE_FLIP[when])
        assert brought.state == ImportState.APPLYING
        assert roster() == before
        assert not RosterList.objects.filter(roster_import=brought).exists()
        apply(brought, at=timezone.now())
        assert brought.state == ImportState.APPLIED
        assert Membership.objects.filter(started_on=NOVEMBER).count() == PEOPLE

    def test_afterwards_everything_counts_and_only_the_telling_is_done_again(self, brought):
        put(brought, ImportState.APPLYING)
        killed("apply", brought, "roster_applying.tell", 1)
        assert (brought.state, brought.told_at) == (ImportState.APPLIED, None)
        assert Person.objects.count() == PEOPLE
        assert take_up_unfinished(at=timezone.now() + timedelta(minutes=6)) == 1
        apply(brought, at=timezone.now())
        assert brought.told_at is not None
        assert Person.objects.count() == PEOPLE


class TestTwoAtOnce:
    def together(self, *acts) -> None:
        failures: list[Exception] = []

        def run(act):
            try:
                act()
            except Exception as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []

    def test_of_the_same_rows_one_counts_and_the_other_is_compared_again(
        self, brought, monkeypatch
    ):
        """Both have had their last look before either writes."""
        other = uploaded(rows(), by=brought.uploaded_by)
        lists = [put(each, ImportState.APPLYING) for each in (brought, other)]
        self._meeting(monkeypatch, parties=2)
        self.together(*(lambda each=each: apply(each, at=timezone.now()) for each in lists))
        for each in lists:
            each.refresh_from_db()
        assert sorted(each.state for each in lists) == ["applied", "checked"]
        [waiting] = [each for each in lists if each.state == "checked"]
        assert counted(waiting) == {"unchanged": PEOPLE}
        assert "xác nhận lại" in waiting.problem
        assert Person.objects.count() == PEOPLE

    def test_of_one_list_two_workers_apply_it_once(self, brought):
        put(brought, ImportState.APPLYING)
        same = [RosterImport.objects.get(pk=brought.pk) for _ in range(2)]
        self.together(*(lambda each=each: apply(each, at=timezone.now()) for each in same))
        brought.refresh_from_db()
        assert brought.state == ImportState.APPLIED
        assert Person.objects.count() == PEOPLE

    def test_by_the_command_end_in_a_message(self, city, monkeypatch):
        outcomes = []
        self._meeting(monkeypatch, parties=2)

        def bring():
            sheet = read_sheet(csv_of([HEADER, *rows()]), name="a.csv")
            outcomes.append(import_roster(sheet, as_of=NOVEMBER, applied_at=timezone.now()))

        self.together(bring, bring)
        assert sorted(len(each.rejected) for each in outcomes) == [0, 1]
        assert Person.objects.count() == PEOPLE

    def test_a_unit_that_somebody_enters_is_not_closed_under_her(self, city, learner, monkeypatch):
        """Whoever closes it, all units locked, sees her coming or waits until she has come."""
        looked, locked = threading.Event(), threading.Event()
        refuse = roster_of_one.refuse_closed_units

        def look(*args):
            refuse(*args)
            looked.set()
            locked.wait(timeout=1)  # it isn't, as long as she comes

        def close():
            assert looked.wait(timeout=20)
            with transaction.atomic():
                list(Unit.objects.order_by("pk").select_for_update())
                locked.set()
                if not Membership.objects.filter(unit=city.other_school).exists():
                    Unit.objects.filter(pk=city.other_school.pk).update(closed_on=NOVEMBER)

        monkeypatch.setattr(roster_of_one, "refuse_closed_units", look)
        move = partial(change_membership, learner, on=NOVEMBER, unit=city.other_school)
        self.together(move, close)
        assert Membership.objects.get(unit=city.other_school).person == learner
        assert Unit.objects.get(pk=city.other_school.pk).closed_on is None

    def test_a_list_waits_for_whoever_changes_one_of_its_people(
        self, city, learner, brought, monkeypatch
    ):
        """Both lock people before units: neither waits for what the other has."""
        changing, applying = threading.Event(), threading.Event()
        held, hold = roster_of_one._held, roster_applying.hold

        def hold_units(codes):
            changing.set()
            if applying.wait(timeout=1):
                time.sleep(1.5)  # longer than PostgreSQL lets the list wait for nothing
            return held(codes)

        def hold_list(roster_import):
            applying.set()
            hold(roster_import)

        def bring():
            assert changing.wait(timeout=20)
            apply(named, at=timezone.now())

        more = [*rows(), row("000101", "Trần Ngọc Hạnh", group="Nhân viên")]
        named = put(uploaded(more, by=brought.uploaded_by), ImportState.APPLYING)
        monkeypatch.setattr(roster_of_one, "_held", hold_units)
        monkeypatch.setattr(roster_applying, "hold", hold_list)
        self.together(partial(change_membership, learner, on=NOVEMBER, status="study_leave"), bring)
        named.refresh_from_db()
        assert named.state == ImportState.CHECKED  # compared again: she isn't as she was

    def _meeting(self, monkeypatch, *, parties: int) -> None:
        """Whoever is about to write waits for the other."""
        barrier = threading.Barrier(parties)
        still_known = roster_applying._still_known

        def met(*args, **kwargs):
            found = still_known(*args, **kwargs)
            barrier.wait(timeout=20)
            return found

        monkeypatch.setattr(roster_applying, "_still_known", met)
