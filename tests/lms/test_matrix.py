"""Every role at every named address of ours, reading and sending.

The table is `addresses.py`. Whoever may is let in, which proves that the address is the right one;
whoever may not finds nothing, changes nothing, and is logged. 404 is the answer for what lies
outside somebody's scope. 403 is only said where the account is shut out of the page whatever it is
about: of things that don't exist it says the same, so it tells nothing.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from lms.administration.read_only import LOGGING, reads
from people.models import AuditEntry, Person, User
from tests.lms.addresses import (
    ADDRESSES,
    EVERYBODY,
    OUT,
    READERS,
    SIGNED_IN,
    UNSCOPED,
    Address,
    every_name,
    path_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]

EVERY = [(name, address) for name, rows in ADDRESSES.items() for address in rows]
SHUT_OUT = UNSCOPED | {"aggregate", "monitor"}  # of pages whatever these are about
LISTS = [(name, address) for name, address in EVERY if address.shows is not None]
FEWEST_FILES = 10
# Files in which nobody is named but whoever takes them.
WITHOUT_PEOPLE = {"people:import-template", "people:record-json"}
# What somebody may try to see more by. The learner is called by her name without marks, so that a
# field which repeats what was asked doesn't look like an answer.
WIDER = (
    "?unit=TH1&q=tran+ngoc+hanh&person=tran+ngoc+hanh&state=&status=&group=teacher&sex=female",
    "?unit={unit}&as_of=2020-01-01&day=2020-01-01&on=01/01/2020",
    "?unit=TP&ordering=-code&sort=unit&order=name",
)


def test_every_address_is_placed():
    assert every_name() == set(ADDRESSES)


def test_every_role_of_the_table_is_in_the_cast(accounts):
    assert set(accounts) == EVERYBODY


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_every_address_answers_as_the_table_says(role, accounts, hers):
    session = Session(accounts[role])
    found = {}
    for name, address in EVERY:
        for method, allowed in (("get", address.reads), ("post", address.sends)):
            answer = session.ask(method, path_of(name, address, hers))
            if wrong := problems_of(answer, is_allowed=role in allowed, is_out=role in OUT):
                found[method, name, address.arguments] = wrong
    assert found == {}


@pytest.mark.parametrize("role", sorted(SHUT_OUT))
def test_forbidden_is_said_of_what_does_not_exist_too(role, accounts, hers):
    """Otherwise the answer would tell what exists."""
    session = Session(accounts[role])
    told = {}
    for name, [address, *_others] in ADDRESSES.items():
        if not address.arguments or role in address.reads | address.sends:
            continue
        answers = [
            session.ask("get", path).status
            for path in (path_of(name, address, hers), path_to_nothing(name, address))
        ]
        if len(set(answers)) > 1:
            told[name, address.arguments] = answers
    assert told == {}


class TestLists:
    @pytest.mark.parametrize("role", sorted(SIGNED_IN))
    def test_show_the_learner_to_whom_the_table_says(self, role, accounts, hers, learner):
        session = Session(accounts[role])
        wrong = {}
        for name, address in LISTS:
            if role in address.reads:
                is_shown = is_named(learner, session.ask("get", path_of(name, address, hers)).text)
                if is_shown != (role in address.shows):
                    wrong[name] = is_shown
        assert wrong == {}

    @pytest.mark.parametrize("role", sorted(SIGNED_IN - READERS - {"herself", "trainer"}))
    def test_show_no_more_by_any_parameter(self, role, accounts, hers, learner):
        """Nor does any other page that is about nobody: exports, figures, forms."""
        session, shown = Session(accounts[role]), []
        for name, address in EVERY:
            if role in address.reads and not address.arguments and not address.query:
                for query in WIDER:
                    path = path_of(name, address, hers) + query.format(unit=hers.unit_key)
                    if is_named(learner, session.ask("get", path).text):
                        shown.append(path)
        assert shown == []


def test_whoever_takes_a_file_along_is_logged(accounts, hers):
    taken, unlogged = [], []
    for name, address in EVERY:
        role = min(address.reads - OUT - UNSCOPED, default=None)
        if role is not None:
            answer = Session(accounts[role]).ask("get", path_of(name, address, hers))
            taken += [name] * answer.is_file
            if answer.is_file and not answer.acts - {"denied"} and name not in WITHOUT_PEOPLE:
                unlogged.append(name)
    assert len(set(taken)) >= FEWEST_FILES  # otherwise this looks at the wrong pages
    assert unlogged == []


@dataclass(frozen=True, slots=True)
class Answer:
    """`written`: statements that changed something, the log and the session apart; `acts`: what the
    log says of it."""

    status: int
    location: str
    text: str
    is_file: bool
    written: list[str]
    acts: set[str]
    denials: int

    @property
    def is_let_in(self) -> bool:
        """What is wrong with what was sent is said to whoever may send; signing out, too, leads to
        the sign-in page, but to nowhere next."""
        if self.status in (301, 302, 303):
            return "/accounts/login/" not in self.location or "next=" not in self.location
        return self.status not in (401, 403, 404, 405)


@dataclass(slots=True)
class Session:
    """A browser in which nothing stays: neither what was done in it nor how often."""

    account: User | None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    key: str = ""

    def __post_init__(self) -> None:
        if self.account is not None:
            self.client.force_login(self.account)
            self.key = self.client.cookies["sessionid"].value

    def ask(self, method: str, path: str) -> Answer:
        cache.clear()
        self.client.cookies.clear()
        if self.key:
            self.client.cookies["sessionid"] = self.key
        with transaction.atomic():
            with statements() as written:
                response = getattr(self.client, method)(path)
                text = text_of(response)
            acts = list(AuditEntry.objects.values_list("action", flat=True))
            transaction.set_rollback(True)
        return Answer(
            status=response.status_code,
            location=response.get("Location", ""),
            text=text,
            is_file="attachment" in response.get("Content-Disposition", ""),
            written=written,
            acts=set(acts),
            denials=acts.count("denied"),
        )


def problems_of(answer: Answer, *, is_allowed: bool, is_out: bool) -> list[str]:
    wrong = []
    if answer.status >= 500:
        wrong.append(f"fails: {answer.status}")
    if answer.is_let_in != is_allowed:
        wrong.append(f"answers {answer.status} {answer.location}")
    if not is_allowed and answer.written:
        wrong.append(f"writes {answer.written}")
    is_denial = not is_out and answer.status in (403, 404)
    if answer.denials != is_denial and not is_allowed:
        wrong.append(f"logs {answer.denials} denials of {answer.status}")
    return wrong


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is written meanwhile, but for the log and the session."""
    found: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not (reads(sql) or LOGGING.match(sql) or "django_session" in sql):
            found.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def path_to_nothing(name: str, address: Address) -> str:
    """The same address of things that nobody ever had."""
    rest = len(address.arguments) - 1
    for first in (999_999, "khong-co", uuid.UUID(int=1)):
        for other in (999_999, "new"):
            try:
                return reverse(name, args=[first, *[other] * rest])
            except NoReverseMatch:
                continue
    raise AssertionError(f"No address to nothing for {name}.")


def is_named(learner: Person, body: str) -> bool:
    return learner.full_name in body or learner.code in body


def text_of(response: HttpResponse) -> str:
    """Of workbooks all their parts."""
    content = b"".join(response) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(part).decode(errors="replace") for part in book.namelist())
