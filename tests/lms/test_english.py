"""In English no page shows a Vietnamese string of the interface."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from tests.lms.test_outsiders import address
from tests.lms.test_outsiders import hers as hers

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from catalogues import read  # noqa: E402

pytestmark = pytest.mark.django_db
CATALOGUE = ROOT / "lms" / "locale" / "en" / "LC_MESSAGES" / "django.po"
SEEN_BY = {
    "learner": ["reports:my", "people:password", "quiz:paper"],
    "principal": [
        "reports:unit",
        "reports:people",
        "reports:person",
        "courses:runs",
        "courses:run",
        "courses:run-edit",
        "quiz:grants",
        "quiz:grant",
    ],
}


class Text(HTMLParser):
    """What is read, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.pieces.add(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces |= {value for _, value in attrs if value}


def pieces_of(response) -> set[str]:
    assert response.status_code == 200
    text = Text()
    text.feed(response.content.decode())
    return text.pieces


@pytest.fixture(scope="module")
def vietnamese() -> set[str]:
    """Source strings that differ from their translation."""
    return {
        source
        for message in read(CATALOGUE)
        for source, target in [(message.id, message.string)]
        if isinstance(source, str) and source and source != target
    }


def english(user) -> Client:
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("who", "name"), [(who, name) for who, names in SEEN_BY.items() for name in names]
)
def test_to_who_signed_in(who, name, hers, learner, principal, vietnamese):
    client = english(learner.user if who == "learner" else principal)
    assert pieces_of(client.get(address(name, hers))) & vietnamese == set()


@pytest.mark.parametrize("path", ["/accounts/login/", "/verify/"])
def test_to_visitors(path, client, vietnamese):
    client.cookies["django_language"] = "en"
    assert pieces_of(client.get(path)) & vietnamese == set()


def test_the_same_pages_do_show_them_in_vietnamese(client, vietnamese):
    """Otherwise the tests above would prove nothing."""
    assert pieces_of(client.get("/accounts/login/")) & vietnamese
