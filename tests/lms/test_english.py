"""In English no page shows a Vietnamese string of the interface.

What authors and the state wrote stays Vietnamese, within elements that say so (`lang="vi"`).
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from tests.cms_pages.conftest import beginner as beginner
from tests.cms_pages.conftest import folder as folder
from tests.cms_pages.conftest import pages as pages
from tests.cms_pages.conftest import run as run
from tests.cms_pages.test_serving import path_of
from tests.factories import make_account, make_member
from tests.lms.addresses import ADDRESSES, first_path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from catalogues import read  # noqa: E402
from unwrapped import VIETNAMESE  # noqa: E402

pytestmark = pytest.mark.django_db
CATALOGUE = ROOT / "lms" / "locale" / "en" / "LC_MESSAGES" / "django.po"

FILLED_IN = re.compile(r"%\(\w+\)[a-z]|%%|<[^>]+>|&\w+;|\{\w*\}")
TELLING = 12  # letters: a shorter fragment may stand in somebody's name
EMPTY = {"br", "hr", "img", "input", "link", "meta", "wbr", "source", "col"}
NOT_PAGES = {  # sent by POST, downloaded, or leading elsewhere
    "administration:stop-viewing",
    "api:api-root",
    "api:root",
    "certificates:download",
    "reports:report-docx",
    "reports:report-pdf",
    "courses:evidence",
    "courses:lesson-read",
    "people:activate-password",
    "people:import-columns",  # of a list that waits for it: this one is compared already
    "people:import-current",
    "people:import-progress",
    "people:import-template",
    "people:import-undo",  # of a list that counts
    "people:language",
    "people:logout",
    "people:record-json",
    "people:second-step",  # between the password and the session
    "quiz:answer",
    "quiz:result",  # of a submitted attempt: below
    "quiz:start",
    "quiz:submit",
    "reports:index",
    "reports:run-csv",
    "reports:run-xlsx",
    "reports:sharing-file",
    "reports:unit-csv",
}


class Interface(HTMLParser):
    """What is read outside the elements that are marked as Vietnamese, piece by piece.

    What the whole page says of itself doesn't count: a Vietnamese page shows what it shows.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.languages = [""]
        self.pieces: set[str] = set()
        self.feed(page)

    def handle_data(self, data: str) -> None:
        if self.languages[-1] != "vi":
            self.pieces.add(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        language = "" if tag == "html" else dict(attrs).get("lang") or self.languages[-1]
        if language != "vi":
            self.pieces |= {value for _, value in attrs if value}
        if tag not in EMPTY:
            self.languages.append(language)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.languages.pop()

    def handle_endtag(self, tag: str) -> None:
        self.languages.pop()


class Catalogue(NamedTuple):
    """Source strings that differ from their translation, and what is fixed in them."""

    whole: set[str]
    fragments: set[str]

    def left_in(self, response) -> set[str]:
        pieces = Interface(response.content.decode()).pieces
        text = "\n".join(pieces)
        return (pieces & self.whole) | {each for each in self.fragments if each in text}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    sources = {
        source
        for message in read(CATALOGUE)
        for source in forms(message.id)
        if source and source not in forms(message.string)
    }
    fragments = {
        fragment.strip()
        for source in sources
        if FILLED_IN.search(source)
        for fragment in FILLED_IN.split(source)
        if len(fragment.strip()) >= TELLING and VIETNAMESE.search(fragment)
    }
    return Catalogue(sources, fragments)


def forms(words: str | tuple[str, ...]) -> tuple[str, ...]:
    """One, or one of each number."""
    return (words,) if isinstance(words, str) else words


def english(user: User | None = None) -> Client:
    """Of somebody who chose English; without a user, of a visitor."""
    client = Client(raise_request_exception=False)
    if user is None:
        client.cookies["django_language"] = "en"
        return client
    user.language = "en"
    user.save()
    client.force_login(user)
    return client


def is_page(response) -> bool:
    return response.status_code == 200 and response["Content-Type"].startswith("text/html")


def test_every_address_to_the_first_who_is_shown_it(hers, learner, principal, catalogue):
    system = User.objects.create_superuser("quantri", password=None)
    readers = [english(), english(learner.user), english(principal), english(system)]
    left: dict[str, set[str]] = {}
    unseen = set()
    for name in ADDRESSES:
        path = first_path(name, hers)
        shown = next((page for each in readers if is_page(page := each.get(path))), None)
        if shown is None:
            unseen.add(name)
        elif found := catalogue.left_in(shown):
            left[name] = found
    assert left == {}
    files = {name for name in ADDRESSES if name.endswith(("-csv", "-xlsx", "-json"))}
    buttons = {name for name, rows in ADDRESSES.items() if not any(row.reads for row in rows)}
    assert unseen - files - buttons - NOT_PAGES == set()


def test_the_pages_of_a_course(pages, beginner, catalogue):
    visitor, learner = english(), english(beginner.user)
    public = ["/", path_of(pages.kh8.get_parent()), path_of(pages.kh8), path_of(pages.kh9)]
    own = [*public, path_of(pages.b1), path_of(pages.b2), path_of(pages.quiz), "/my/"]
    for client, paths in ((visitor, public), (learner, own)):
        for path in paths:
            response = client.get(path)
            assert is_page(response), path
            assert catalogue.left_in(response) == set(), path


def test_a_quiz_from_its_start_to_its_result(pages, beginner, catalogue):
    client = english(beginner.user)
    paper = client.get(path_of(pages.quiz))
    started = client.post(reverse("quiz:start", args=[paper.context["activity"].pk]))
    paper = client.get(started.url)
    questions = paper.context["questions"]
    answers = {f"q{each.position}": each.options[0].key for each in questions}
    submitted = client.post(f"{started.url}submit/", answers)
    result = client.get(submitted.url)
    assert "quiz/result.html" in [template.name for template in result.templates]
    assert catalogue.left_in(paper) == catalogue.left_in(result) == set()


def test_what_is_handed_to_others_stays_vietnamese(hers, city, principal):
    newcomer = make_member(city.school, code="000777")
    client = english(principal)
    form = client.get(reverse("courses:run-new")).context["form"]
    assert form["title"].value().startswith("Bồi dưỡng từ tháng")
    slips = client.post(reverse("people:slips", args=[hers.unit]), {"person": [newcomer.pk]})
    assert "Ghi hai mã ở trên." in slips.content.decode()
    assert "Ghi hai mã ở trên." not in Interface(slips.content.decode()).pieces


@pytest.mark.parametrize(
    "path", ["/no-such-page/", "/verify/00000000-0000-4000-8000-000000000000/", "/support/"]
)
def test_what_is_not_there_and_whom_to_ask(path, catalogue):
    assert catalogue.left_in(english().get(path)) == set()


def test_refusals(learner, catalogue):
    client = english(learner.user)
    refused = [client.get("/manage/"), client.get("/styleguide/"), client.get("/manage/requests/")]
    assert [response.status_code for response in refused] == [403, 403, 403]
    assert [catalogue.left_in(response) for response in refused] == [set(), set(), set()]


def test_a_form_that_is_too_old(learner, catalogue):
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    response = client.post("/accounts/login/")
    assert response.status_code == 403
    assert catalogue.left_in(response) == set()


def test_the_style_guide(city, catalogue):
    author = make_account(is_superuser=True)
    response = english(author).get("/styleguide/")
    assert is_page(response)
    assert catalogue.left_in(response) == set()


def test_the_same_pages_do_show_them_in_vietnamese(pages, client, hers, principal, catalogue):
    """Otherwise the tests above would prove nothing."""
    client.force_login(principal)
    for path in ("/", "/support/", path_of(pages.kh8), first_path("courses:run", hers)):
        assert len(catalogue.left_in(client.get(path))) > 3, path


def test_whole_strings_and_fragments_count_unless_they_are_marked():
    catalogue = Catalogue({"Đăng nhập"}, {"chuyên đề còn lại"})
    page = '<html lang="en"><p>{}</p><p lang="vi">Đăng nhập<b lang="en">Sign in</b></p></html>'
    seen = [
        catalogue.left_in(type("Page", (), {"content": page.format(words).encode()}))
        for words in (
            "Sign in",
            "Đăng nhập",
            "3 chuyên đề còn lại<br>",
            '<i title="Đăng nhập"></i>',
        )
    ]
    assert seen == [set(), {"Đăng nhập"}, {"chuyên đề còn lại"}, {"Đăng nhập"}]
