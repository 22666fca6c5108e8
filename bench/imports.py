"""A city's staff list: 100,000 people from a workbook while others learn, on both databases.

What it takes is held against reading the sheet and a bare `bulk_create` of the same people in the
same run; what a learner's submission takes meanwhile is measured over HTTP.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pg_tests import a_server, drop_databases, maintenance_connection, with_database
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "var" / "bench" / "imports"
STEPS = ROOT / "bench" / "imports_steps.py"
PEOPLE, UNITS = 100_000, 2_000
MOST_TIMES, MOST_MB, MOST_MS = 4.0, 500, 2_000
WARMING = 5  # seconds in which the server answers its first requests
SEED = 20261122
HEADER = ["Mã nhân sự", "Họ và tên", "Giới tính", "Ngày sinh", "Mã đơn vị", "Loại cán bộ",
          "Chức vụ", "Trạng thái", "Từ ngày", "Đến ngày", "Email", "Số điện thoại"]  # fmt: skip


def imports() -> bool:
    """Whether all limits are kept on every database there is."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    book = PLACE / "list.xlsx"
    _write_list(book)
    print(f"\n{PEOPLE:,} people × {len(HEADER)} columns in {UNITS:,} units, from XLSX "
          f"({book.stat().st_size / 1e6:.1f} MB)")  # fmt: skip
    kept = []
    for database in (_sqlite, _postgresql):
        with database() as (name, urls):
            kept.append(_bench(name, book, urls))
    shutil.rmtree(PLACE)
    return all(kept)


def _bench(name: str, book: Path, urls: dict[str, str]) -> bool:
    bare = _step(urls["bare"], "bare", book)
    plan = PLACE / f"{name}.json"
    plan.write_text(urls["plan"])
    done = PLACE / f"{name}.done"
    with _serving(urls["work"]) as port, _learning(port, plan, done) as learner:
        time.sleep(WARMING)
        began = time.time()
        brought = _step(urls["work"], "bring", book)
        ended = time.time()
        done.touch()
        learnt = json.loads(learner.communicate()[0])
    assert brought["state"] == "applied", brought
    assert brought["people"] == brought["memberships"] == PEOPLE == bare["people"], brought
    waits = sorted(ms for at, ms in learnt["taken"] if began <= at <= ended)
    return _told(name, bare, brought, waits, learnt["refused"])


def _told(name: str, bare: Any, brought: Any, waits: list[float], refused: list[str]) -> bool:
    limit, seconds = bare["read"] + bare["create"], brought["seconds"]
    total = seconds["upload"] + seconds["check"] + seconds["apply"]
    print(f"\n{name}")
    print(f"  bare: read {bare['read']:.1f} s + bulk_create {bare['create']:.1f} s "
          f"= {limit:.1f} s")  # fmt: skip
    print(f"  import: upload {seconds['upload']:.1f} s + check {seconds['check']:.1f} s "
          f"+ apply {seconds['apply']:.1f} s (the flip itself {seconds['flip']:.1f} s) "
          f"= {total:.1f} s")  # fmt: skip
    kept = [
        _line("times the bare work", total / limit, MOST_TIMES, "{:.2f}"),
        _line("MB at most", brought["peak_mb"], MOST_MB, "{:.0f}"),
        _line("ms, slowest of the learners' submissions", waits[-1], MOST_MS, "{:.0f}"),
    ]
    print(f"    of {len(waits)} submissions: median {_share(waits, 0.5):.0f} ms, "
          f"p99 {_share(waits, 0.99):.0f} ms; refused: {refused or 'none'}")  # fmt: skip
    return all(kept) and not refused


def _line(words: str, value: float, limit: float, form: str) -> bool:
    mark = "" if value <= limit else "   OVER THE LIMIT"
    print(f"  {form.format(value):>6} {words} (limit {limit:g}){mark}")
    return value <= limit


def _share(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def _write_list(book: Path) -> None:
    """Invented people, the same ones every time."""
    from lms.demo.names import draw_name
    from people.sheets.writing import write_xlsx

    drawing = random.Random(SEED)
    groups = ["Giáo viên"] * 8 + ["Nhân viên", "Cán bộ quản lý"]

    def rows() -> Iterator[list[Any]]:
        for number in range(PEOPLE):
            sex = drawing.choice(["female", "male"])
            yield [
                f"79{number:08d}", " ".join(draw_name(drawing, sex)),
                "Nữ" if sex == "female" else "Nam",
                date(1962, 1, 1) + timedelta(days=drawing.randrange(14_600)),
                f"TH{number % UNITS:05d}", drawing.choice(groups),
                drawing.choice(["Giáo viên", "Tổ trưởng", "Kế toán", ""]), "Đang làm việc",
                date(2010, 8, 15) + timedelta(days=drawing.randrange(5_000)), None,
                f"nguoi{number}@vi.du", f"09{number:08d}",
            ]  # fmt: skip

    with book.open("wb") as file:
        write_xlsx(HEADER, rows(), to=file, sheet="Danh sách")


@contextmanager
def _sqlite() -> Iterator[tuple[str, dict[str, str]]]:
    work, bare = PLACE / "work.sqlite3", PLACE / "bare.sqlite3"
    url = f"sqlite:///{work}"
    plan = _prepare(url)
    subprocess.run([sys.executable, "-c", _CHECKPOINT, str(work)], check=True)
    shutil.copy(work, bare)
    yield "SQLite", {"work": url, "bare": f"sqlite:///{bare}", "plan": plan}


_CHECKPOINT = """
import sys
from lms.sqlite import prefer_bundled_sqlite
prefer_bundled_sqlite()
import sqlite3
sqlite3.connect(sys.argv[1]).execute("PRAGMA wal_checkpoint(TRUNCATE)")
"""


@contextmanager
def _postgresql() -> Iterator[tuple[str, dict[str, str]]]:
    prefix = f"bench_{os.getpid()}"
    with ExitStack() as stack:
        server = stack.enter_context(a_server())
        stack.callback(drop_databases, server, prefix=prefix)
        work, bare = f"{prefix}_work", f"{prefix}_bare"
        _create(server, work)
        plan = _prepare(with_database(server, work))
        _create(server, bare, template=work)
        urls = {"work": with_database(server, work), "bare": with_database(server, bare)}
        yield "PostgreSQL", {**urls, "plan": plan}


def _create(server: str, name: str, *, template: str = "template0") -> None:
    with maintenance_connection(server) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _prepare(url: str) -> str:
    manage = [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"]
    subprocess.run(manage, check=True, cwd=ROOT, env=_environment(url))
    return json.dumps(_step(url, "prepare", UNITS))


def _step(url: str, *arguments: object) -> Any:
    command = [sys.executable, STEPS, *map(str, arguments)]
    done = subprocess.run(command, check=True, cwd=ROOT, env=_environment(url), stdout=-1)
    return json.loads(done.stdout)


@contextmanager
def _learning(port: int, plan: Path, done: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, str(STEPS), "learn", str(port), str(plan), str(done)]
    learner = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        yield learner
    finally:
        learner.kill()
        learner.wait()


@contextmanager
def _serving(url: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "lms.wsgi", "--bind", f"127.0.0.1:{port}",
         "--threads", "4", "--log-level", "warning"],
        cwd=ROOT, env=_environment(url),
    )  # fmt: skip
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30)
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("The server did not start.")


def _environment(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
        "MEDIA_ROOT": str(PLACE / "media"),
        "PYTHONPATH": str(ROOT),
    }
