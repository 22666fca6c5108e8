"""A server of ours on the demo, for whoever looks at pages: pictures and benchmarks."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]  # fmt: skip

COMMAND = "python -m gunicorn lms.wsgi --bind 127.0.0.1:$PORT --threads 4 --log-level warning"


def prepare(database: Path, *, keep: bool = False, people: int | None = None) -> None:
    """The demo in `database`, anew unless it is there and kept; Django here will use it."""
    from start import collect_static

    os.chdir(ROOT)
    os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    database.parent.mkdir(parents=True, exist_ok=True)
    collect_static()
    if not (keep and database.exists()):
        for stale in database.parent.glob(f"{database.name}*"):
            stale.unlink()
        manage("migrate", "--noinput", "--verbosity", "0")
        manage("load_demo", *(["--people", str(people)] if people else []))


def manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], check=True)


@contextmanager
def serving(command: str = COMMAND, **environment: str) -> Iterator[str]:
    """The address of a server on a free port; it ends with the block. `command` finds the port in
    PORT, and our Python first on the PATH."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    server = subprocess.Popen(
        ["sh", "-c", f"exec {command}"],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "PORT": str(port), "BASE_URL": address, **environment},
    )
    try:
        _wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("The server did not start.")


def signed_in(browser, address: str, who: str):
    """The cookies of a demo account, as Playwright's storage state."""
    from lms.demo.accounts import DEMO_PASSWORD

    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("#id_username", who)
    page.fill("#id_password", DEMO_PASSWORD)
    page.locator("main form button:not([type=button])").first.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    state = context.storage_state()
    context.close()
    return state
