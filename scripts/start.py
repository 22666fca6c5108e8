"""`make run`: from a bare checkout to a running demo. Only the standard library until the end."""

import errno
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from fingerprint import Stamp, fingerprint
from install import PYTHON, ROOT, install

VAR = ROOT / "var"
ROOMS = ["lms", "people", "courses", "activities", "certificates", "reports", "cms_pages"]


def main() -> None:
    os.chdir(ROOT)
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    refuse_bad_port(host, port)
    install()
    prepare()
    announce(host, port)
    serve(host, port)


def refuse_bad_port(host: str, port: str) -> None:
    """Before anything else, because installing for a minute only to fail is rude."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            sys.exit(_why_not(error, host=host, port=port))


def _why_not(error: OSError, *, host: str, port: str) -> str:
    if error.errno == errno.EADDRINUSE:
        spare = int(port) + 1 if int(port) < 65535 else 8000
        return (
            f"Port {port} on {host} is in use by another program."
            f" Stop that program, or choose another port: make run PORT={spare}"
        )
    return f"Can't listen on {host} port {port}: {error.strerror}."


def prepare() -> None:
    """Database, static files and, in a database that is new, the demo."""
    # Wanted until loaded: a first start that was interrupted goes on with the demo next time, and
    # a database that was here before `make run` is never filled with invented people.
    wanted = VAR / "demo-wanted"
    if is_new_database():
        VAR.mkdir(exist_ok=True)
        wanted.touch()
    manage("migrate", "--noinput", "--verbosity", "0", saying="Bringing the database up to date …")
    collect_static()
    if wanted.exists():
        manage("load_demo", saying="Loading the demo, once …")
        wanted.unlink()


def is_new_database() -> bool:
    """Whether nothing was ever migrated; an empty file is what `make check` leaves behind."""
    if not os.environ.get("DATABASE_URL"):
        return not has_migrations(VAR / "lms.sqlite3")
    plan = manage("showmigrations", "--plan", capture=True, saying="Asking the database …")
    return "[X]" not in plan


def has_migrations(database: Path) -> bool:
    """Asked of the file itself: starting Django to ask would cost every start a second."""
    if not database.exists():
        return False
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        tables = "SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'"
        return connection.execute(tables).fetchone() is not None


def collect_static() -> None:
    """Hashing every file takes seconds, so only when one of them has changed."""
    folders = [folder for room in ROOMS for folder in Path(room).rglob("static")]
    inputs = [*folders, Path("lms/settings"), Path("requirements.txt"), Path("package-lock.json")]
    settings = os.environ["DJANGO_SETTINGS_MODULE"]
    stamp = Stamp(VAR / "static" / ".collected", fingerprint(inputs, also=settings))
    if stamp.is_current:
        return
    stamp.withdraw()
    manage("collectstatic", "--noinput", "--verbosity", "0", saying="Collecting static files …")
    stamp.set()


def announce(host: str, port: str) -> None:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", "[::]"} else host
    rule = "─" * 72
    print(f"\n{rule}\n  http://{shown}:{port}/    Ctrl-C stops everything\n{rule}", flush=True)
    manage("demo_accounts")
    print(rule, flush=True)


def serve(host: str, port: str) -> None:
    """Web and worker of the Procfile; this process becomes their supervisor."""
    os.environ.update(
        HOST=host,
        PORT=port,
        PATH=f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
        PYTHONUNBUFFERED="1",
        GRACEFUL_TIMEOUT="3",  # seconds; the supervisor itself waits for five
    )
    os.execv(PYTHON, [str(PYTHON), "scripts/supervise.py"])


def manage(*arguments: str, saying: str = "", capture: bool = False) -> str:
    """Run a command of ours; stop, with its own message above, when it fails."""
    if saying:
        print(saying, flush=True)
    completed = subprocess.run(
        [PYTHON, "manage.py", *arguments], text=True, stdout=subprocess.PIPE if capture else None
    )
    if completed.returncode:
        sys.exit(f"manage.py {arguments[0]} failed, see above. Nothing is running.")
    return completed.stdout or ""


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next `make run` goes on from here.")
