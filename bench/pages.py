"""The four pages that a teacher sees most, and how to open them signed in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from demo_server import QUIET, signed_in
from playwright.sync_api import Browser, sync_playwright

TEACHER = "giaovien"


def learner_pages() -> dict[str, str]:
    """Name → path."""
    from cms_pages.models import LessonPage, QuizPage

    return {
        "home": "/",
        "lesson": LessonPage.objects.get(code="KH1-B1").url,
        "quiz": QuizPage.objects.order_by("path").first().url,
        "my training": "/my/",
    }


def lesson_paths() -> list[str]:
    from cms_pages.models import LessonPage

    return [page.url for page in LessonPage.objects.order_by("path")[:2]]


def chromium() -> str:
    return shutil.which(os.environ.get("CHROMIUM", "chromium")) or "chromium"


@contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield browser
        browser.close()


def cookie_header(browser: Browser, address: str) -> str:
    state = signed_in(browser, address, TEACHER)
    return "; ".join(f"{each['name']}={each['value']}" for each in state["cookies"])
