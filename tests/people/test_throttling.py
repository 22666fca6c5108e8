"""How often, and who is one sender."""

from __future__ import annotations

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import RequestFactory

from people.throttling import is_too_often, sender_of

pytestmark = pytest.mark.usefixtures("nobody_was_counted_before")


class TestTooOften:
    def test_is_one_more_than_the_limit(self):
        tries = [is_too_often("guess", "her", limit=2) for _ in range(3)]
        assert tries == [False, False, True]

    def test_counts_each_sender_and_each_act_apart(self):
        assert not is_too_often("guess", "her", limit=1)
        assert not is_too_often("guess", "him", limit=1)
        assert not is_too_often("ask", "her", limit=1)

    def test_is_over_when_the_period_is(self):
        with time_machine.travel("2026-07-15 10:00", tick=False) as clock:
            assert [is_too_often("guess", "her", limit=1, period=60) for _ in "12"] == [False, True]
            clock.shift(61)
            assert not is_too_often("guess", "her", limit=1, period=60)


def request(nearest: str, forwarded: str | None = None):
    header = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=nearest, **header)


class TestSender:
    @pytest.fixture(autouse=True)
    def behind_our_proxy(self, settings):
        settings.TRUSTED_PROXIES = ["127.0.0.1", "::1"]

    @pytest.mark.parametrize(
        ("nearest", "forwarded", "sender"),
        [
            ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
            ("::1", "2001:db8::7", "2001:db8::7"),
            ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # the first one is made up
            ("127.0.0.1", "<script>", "127.0.0.1"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", None, "127.0.0.1"),
            ("9.9.9.9", "1.2.3.4", "9.9.9.9"),  # no proxy of ours: all of it is made up
        ],
    )
    def test_is_the_last_hop_before_our_proxy(self, nearest, forwarded, sender):
        assert sender_of(request(nearest, forwarded)) == sender

    def test_is_whoever_connects_where_no_proxy_is_trusted(self, settings):
        settings.TRUSTED_PROXIES = []
        assert sender_of(request("127.0.0.1", "1.2.3.4")) == "127.0.0.1"

    @pytest.mark.django_db
    def test_is_who_sign_in_counts_too(self, client, settings):
        settings.AXES_ENABLED = True
        client.post(
            "/accounts/login/",
            {"username": "000101", "password": "sai"},
            REMOTE_ADDR="127.0.0.1",
            HTTP_X_FORWARDED_FOR="6.6.6.6, 1.2.3.4",
        )
        assert AccessAttempt.objects.get().ip_address == "1.2.3.4"

    @pytest.mark.django_db
    def test_two_behind_one_proxy_are_two(self, client, city):
        path = f"/accounts/not-listed/{city.school.code}/"
        for number in range(11):
            form = {
                "key": f"00000000-0000-4000-8000-{number:012d}",
                "full_name": "Phạm Thị Lan",
                "birth_date": f"{number + 1:02d}/05/1990",
                "sex": "female",
                "staff_group": "teacher",
                "phone": "0900000001",
            }
            response = client.post(path, form, HTTP_X_FORWARDED_FOR=f"1.2.3.{number % 2}")
        assert response.status_code == 302
