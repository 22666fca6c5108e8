"""A PostgreSQL cluster for one test run: in a temporary folder, on a free port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chromium import apt_install

# Thrown away at the end, so it needn't survive a power cut; concurrency is not affected.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@contextmanager
def own_cluster() -> Iterator[str]:
    """Yield its URL."""
    programs = find_programs() or install_programs()
    user = unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="lms-pg-", dir="/tmp") as folder:
        if user:
            shutil.chown(folder, user)
        cluster = Path(folder) / "cluster"
        _run(programs / "initdb", "--pgdata", cluster, "--username", "postgres", "--auth", "trust",
             "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", user=user)  # fmt: skip
        port = free_port()
        options = [f"-c {name}={value}" for name, value in SETTINGS.items()]
        try:
            _run(programs / "pg_ctl", "start", "--wait", "--pgdata", cluster,
                 "--log", Path(folder) / "log", "--options",
                 " ".join([f"-p {port} -k {folder}", *options]), user=user)  # fmt: skip
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "stop", "--wait", "--mode", "immediate",
                 "--pgdata", cluster, user=user)  # fmt: skip


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps each version's off PATH. The newest wins."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest_first = sorted(debian, key=lambda path: int(path.parts[-3]), reverse=True)
    on_path = [Path(path).resolve()] if (path := shutil.which("initdb")) else []
    return next((path.parent for path in [*newest_first, *on_path]), None)


def install_programs() -> Path:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            "The database tests need PostgreSQL, and none was found. Install it (on Debian:"
            " apt-get install postgresql), or name a server whose user may create databases:"
            " make test-pg TEST_DATABASE_URL=postgres://user:password@host/postgres"
        )
    print("Installing PostgreSQL for the database tests …", flush=True)
    apt_install("postgresql")
    return find_programs() or sys.exit("apt-get installed PostgreSQL, but initdb is not there.")


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; None if we aren't."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _run(program: Path, *arguments: str | Path, user: str | None) -> None:
    # Not a pipe: the server inherits it from pg_ctl, and reading would wait until the server ends.
    with tempfile.TemporaryFile("w+") as output:
        completed = subprocess.run(
            [program, *arguments], stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, cwd="/tmp", user=user, extra_groups=[] if user else None,
        )  # fmt: skip
        if completed.returncode:
            output.seek(0)
            sys.exit(f"{output.read()}\n{program.name} failed; no database to test on.")
