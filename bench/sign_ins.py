"""A sign-in storm: the evening before a deadline, everybody comes at once.

Eight sign in without a pause, over the web process as Procfile starts it, while two who are inside
open a page every half second. Once with our password hashing, once with Django's default. What
limits is the CPU: each sign-in is a hash and three short writes.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from demo_server import serving

ROOT = Path(__file__).resolve().parents[1]
CONCURRENCY, LEARNERS, ACCOUNTS = 8, 2, 200
SECONDS, WARM_UP, PAUSE = 15.0, 3.0, 0.5
LEAST = 3.0  # times as many sign-ins as by Django's default
LOGIN, PAGE = "/accounts/login/", "/my/"
PASSWORD = "bench-2026"
HASHERS = {
    "ours": ("lms.settings.dev", "people.hashers.BriskScryptPasswordHasher"),
    "Django's default": (
        "default_hasher_settings",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ),
}


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that answers took, and how long was measured."""

    taken: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.taken) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.taken)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000

    def __str__(self) -> str:
        p50, p95 = self.percentile(0.5), self.percentile(0.95)
        return f"{self.rate:7.1f} a second   p50 {p50:6.0f} ms   p95 {p95:6.0f} ms"


def sign_ins(_address: str) -> bool:
    print(f"\nSign-ins, {CONCURRENCY} at once, {os.cpu_count()} cores shared with the clients")
    rates = {}
    for name, (settings, hasher) in HASHERS.items():
        make_accounts(hasher)
        settings_of_server = {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": "bench"}
        with serving(web_command(), **settings_of_server) as address:
            calm = while_(SECONDS / 3, signing_in=0, address=address)["learners"]
            storm = while_(SECONDS, signing_in=CONCURRENCY, address=address)
        rates[name] = storm["sign-ins"].rate
        print(f"  {name}")
        print(f"    sign-ins          {storm['sign-ins']}")
        print(f"    pages meanwhile   {storm['learners']}")
        print(f"    pages in calm     {calm}")
    times = rates["ours"] / rates["Django's default"]
    kept = times >= LEAST
    print(f"  {times:.1f} times as many{'' if kept else f'   UNDER THE LIMIT OF {LEAST}'}")
    return kept


def make_accounts(hasher: str) -> None:
    """All with one hash: what is measured is checking it."""
    from django.contrib.auth.hashers import make_password
    from django.utils.module_loading import import_string

    from people.models import User

    hashed = make_password(PASSWORD, hasher=import_string(hasher)())
    names = [f"bench{number:04d}" for number in range(ACCOUNTS)]
    User.objects.bulk_create((User(username=name) for name in names), ignore_conflicts=True)
    User.objects.filter(username__in=names).update(password=hashed)


def web_command() -> str:
    """How a real office starts its web process."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return next(line.removeprefix("web:").strip() for line in lines if line.startswith("web:"))


def while_(seconds: float, *, signing_in: int, address: str) -> dict[str, Times]:
    """What each kind of visitor waited, after a while to warm up."""
    begins = time.perf_counter() + WARM_UP
    ends = begins + seconds
    numbers = count()

    def measured(visit: Callable[[], None], pause: float) -> list[float]:
        taken = []
        while (started := time.perf_counter()) < ends:
            visit()
            if started >= begins:
                taken.append(time.perf_counter() - started)
            time.sleep(pause)
        return taken

    with ThreadPoolExecutor(LEARNERS + signing_in) as pool:
        inside = [
            pool.submit(measured, Visitor(address).signed_in("bench0000").look, PAUSE)
            for _ in range(LEARNERS)
        ]
        outside = [
            pool.submit(measured, partial(Visitor(address).sign_in, numbers), 0)
            for _ in range(signing_in)
        ]
        found = {"learners": inside, "sign-ins": outside}
        return {
            name: Times([each for future in futures for each in future.result()], seconds)
            for name, futures in found.items()
        }


class Visitor:
    """A browser in the least: a connection that is kept, a CSRF cookie, a session if signed in."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(address.split("//")[1], timeout=60)
        self.token = self.session = ""
        self._ask("GET", LOGIN)

    def sign_in(self, numbers: Iterator[int]) -> None:
        """As somebody else each time, coming without a session."""
        self.session = ""
        self.signed_in(f"bench{next(numbers) % ACCOUNTS:04d}")

    def signed_in(self, username: str) -> Visitor:
        form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": self.token}
        status = self._ask("POST", LOGIN, urlencode(form))
        if status != 302 or not self.session:
            sys.exit(f"{username} could not sign in: {status}.")
        return self

    def look(self) -> None:
        if (status := self._ask("GET", PAGE)) != 200:
            sys.exit(f"{PAGE} answered {status}.")

    def _ask(self, method: str, path: str, body: str = "") -> int:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        cookies = {"csrftoken": self.token, "sessionid": self.session}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
        try:
            response = self._answer(method, path, body, headers)
        except ConnectionError:  # the server ends a connection that was idle; browsers try again
            self.connection.close()
            response = self._answer(method, path, body, headers)
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _sign, value = cookie.partition(";")[0].partition("=")
            if name == "csrftoken":
                self.token = value
            elif name == "sessionid":
                self.session = value
        return response.status

    def _answer(self, *request: Any) -> http.client.HTTPResponse:
        self.connection.request(*request)
        response = self.connection.getresponse()
        response.read()
        return response
