"""A real browser against the real pages, on the demo in small."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lms.demo.accounts import DEMO_PASSWORD

ROOT = Path(__file__).resolve().parents[2]

# Playwright's own event loop runs in this thread; Django would refuse the database for it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("No Chromium: run `make test`, which finds or installs one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory) -> Path:
    """A database with the demo in small, made once by the real commands."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}"}
    for command in (["migrate"], ["load_demo", "--people", "260"]):
        subprocess.run(
            [sys.executable, ROOT / "manage.py", *command, "--verbosity", "0"],
            env=environment,
            check=True,
            capture_output=True,
        )
    return file


@pytest.fixture
def district(transactional_db, demo_file) -> None:
    """Every test finds the demo as it was loaded."""
    connection.ensure_connection()
    source = connection.Database.connect(demo_file)
    source.backup(connection.connection)
    source.close()
    ContentType.objects.clear_cache()
    cache.clear()  # Wagtail keeps the paths of the sites there


class Visitor:
    """Someone at a browser; collects what the browser complains about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:", "about:")):
            self.foreign.append(url)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, username: str, *, lands_on: str = "/my/") -> Page:
        page = self.go("/accounts/login/")
        page.fill("#id_username", username)
        page.fill("#id_password", DEMO_PASSWORD)
        page.click("main button")
        page.wait_for_url(f"{self.address}{lands_on}")
        return page


@pytest.fixture
def visit(browser, live_server, settings):
    """`visit(WIDE, color_scheme="dark")` → a `Visitor`; every one is checked at the end."""
    settings.BASE_URL = live_server.url
    visitors: list[Visitor] = []

    def start(viewport=PHONE, **options) -> Visitor:
        context = browser.new_context(
            viewport=viewport, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options
        )
        context.set_default_timeout(10_000)
        visitors.append(Visitor(context, live_server.url))
        return visitors[-1]

    yield start
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
    assert [url for visitor in visitors for url in visitor.foreign] == []
