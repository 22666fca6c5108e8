"""What `bench/imports.py` runs, each step in a process of its own so that its memory is its own.

    python bench/imports_steps.py prepare|bare|bring|learn … (see each)

Each prints one JSON object. The database is DATABASE_URL's.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts"), str(ROOT / "bench")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")

AS_OF = date.today()
LEARNERS, LESSONS = 40, 60
PAUSE = 0.02  # seconds between two submissions
TOKEN = "b" * 32  # what the browser's cookie and its header both say


def prepare(units: str) -> dict[str, Any]:
    """Units of the list, and learners of another school with lessons to read; gives their
    sessions and the keys of the lessons."""
    from people.models import Unit, UnitVersion
    from people.services.units import rebuild_closure
    from tests.factories import make_course, make_module, make_run, make_unit

    root = make_unit("TP", kind="city")
    school = make_unit("HV", parent=root)
    opened = date(2015, 1, 1)
    rows = [Unit(code=f"TH{n:05d}", opened_on=opened) for n in range(int(units))]
    for unit in Unit.objects.bulk_create(rows):
        UnitVersion(unit=unit, started_on=opened, name=unit.code, kind="primary",
                    sector="education", parent=root).save()  # fmt: skip
    rebuild_closure()
    course = make_course()
    module = make_module(course, "KH1", lessons=LESSONS)
    make_run(course, units=[school], opens_on=AS_OF - timedelta(days=30),
             closes_on=AS_OF + timedelta(days=30))  # fmt: skip
    return {
        "sessions": [_session(school, number) for number in range(LEARNERS)],
        "lessons": list(module.activities.values_list("pk", flat=True)),
    }


def _session(school: Any, number: int) -> tuple[str, str]:
    from django.contrib.sessions.backends.db import SessionStore

    from tests.factories import make_account, make_member

    account = make_account(make_member(school, code=f"HV{number:04d}"))
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = "people.backends.IdentifierBackend"
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session.save()
    return account.username, str(session.session_key)


def bare(path: str) -> dict[str, Any]:
    """Reading the sheet with calamine and `bulk_create` of its people into the empty tables; what
    lies between, from cells to rows, is not counted."""
    from python_calamine import CalamineWorkbook

    from people.models import Membership, Person

    read, cells = _timed(lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())
    people, memberships = _rows(cells[1:])

    def create() -> None:
        for person, membership in zip(
            Person.objects.bulk_create(people, batch_size=1000), memberships, strict=True
        ):
            membership.person = person
        Membership.objects.bulk_create(memberships, batch_size=1000)

    create_seconds, _none = _timed(create)
    return {
        "read": read,
        "create": create_seconds,
        "people": Person.objects.filter(code__startswith="79").count(),
    }


def _rows(cells: list[list[Any]]) -> tuple[list[Any], list[Any]]:
    from people.models import Membership, Person, Unit
    from people.names import split_name

    units = dict(Unit.objects.values_list("code", "pk"))
    people, memberships = [], []
    for code, name, sex, born, unit, _group, title, _status, _start, _end, email, phone in cells:
        family, middle, given = split_name(name)
        person = Person(code=code, family_name=family, middle_name=middle, given_name=given,
                        sex={"Nam": "male"}.get(sex, "female"), birth_date=born, email=email,
                        phone=phone)  # fmt: skip
        person.derive()
        people.append(person)
        memberships.append(Membership(unit_id=units[unit], staff_group="teacher",
                                      position="teacher", position_title=title, status="working",
                                      started_on=AS_OF))  # fmt: skip
    return people, memberships


def bring(path: str) -> dict[str, Any]:
    """The file through every step from upload to applied, as screen and worker do it."""
    from django.utils import timezone

    from people.imports.layout import Layout
    from people.models import Membership, Person, User
    from people.services import roster_applying, roster_imports

    seconds: dict[str, float] = {}
    at = timezone.now
    office = User.objects.create(username="office", is_superuser=True)
    content = Path(path).read_bytes()
    flip = roster_applying.put_in_force

    def flipping(*args: Any, **kwargs: Any) -> None:
        seconds["flip"], _none = _timed(lambda: flip(*args, **kwargs))

    roster_applying.put_in_force = flipping  # type: ignore[assignment]
    seconds["upload"], brought = _timed(
        lambda: roster_imports.upload_list(
            content, name="a.xlsx", unit=None, as_of=AS_OF, is_partial=False, by=office,
            at=at(),
        )
    )  # fmt: skip
    # The steps themselves: their tasks would run in a worker of their own.
    roster_imports.choose_layout(brought, Layout.from_json(brought.layout), at=at())
    seconds["check"], _none = _timed(lambda: roster_imports.check(brought, at=at()))
    roster_imports.confirm(brought, by=office, at=at(), skips_rejected=False)
    seconds["apply"], _none = _timed(lambda: roster_imports.apply(brought, at=at()))
    brought.refresh_from_db()
    return {
        "seconds": seconds,
        "state": brought.state,
        "problem": brought.problem,
        "counts": brought.counts,
        "people": Person.objects.filter(code__startswith="79").count(),
        "memberships": Membership.objects.filter(unit__code__startswith="TH").count(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def learn(port: str, prepared: str, until: str) -> dict[str, Any]:
    """Submits lessons one after another until the file `until` is there; milliseconds of each."""
    plan = json.loads(Path(prepared).read_text())
    taken: list[tuple[float, float]] = []
    refused: list[str] = []
    began = time.time()
    for lesson in plan["lessons"]:
        for code, session in plan["sessions"]:
            if Path(until).exists():
                return {"taken": taken, "refused": refused[:3], "began": began}
            started = time.perf_counter()
            answer = _submit(int(port), code, session, lesson)
            taken.append((time.time(), (time.perf_counter() - started) * 1000))
            if '"recorded"' not in answer:
                refused.append(answer[:200])
            time.sleep(PAUSE)
    return {"taken": taken, "refused": refused[:3], "began": began}


def _submit(port: int, code: str, session: str, lesson: int) -> str:
    event = {"id": str(uuid.uuid4()), "activity": lesson, "kind": "viewed"}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(
        "POST",
        "/evidence/",
        json.dumps({"learner": code, "events": [event]}),
        {
            "Content-Type": "application/json",
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        },
    )
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = act()
    return time.perf_counter() - started, found


STEPS = {"prepare": prepare, "bare": bare, "bring": bring, "learn": learn}


def main(name: str, *arguments: str) -> None:
    if name != "learn":
        from lms.sqlite import prefer_bundled_sqlite

        prefer_bundled_sqlite()
        import django

        django.setup()
    print(json.dumps(STEPS[name](*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
