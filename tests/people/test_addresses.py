"""Where a request may lead on to."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from people.addresses import local_address


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/my/record/?x=1", "/my/record/?x=1"),
        ("", ""),
        ("//example.com/", ""),
        ("/\\example.com/", ""),
        ("https://example.com/my/", ""),
        ("javascript:alert(1)", ""),
        ("my", ""),  # no path: `redirect` would take it for the name of a view
    ],
)
def test_stays_here(target, found):
    assert local_address(RequestFactory().get("/"), target) == found


@pytest.mark.django_db
def test_a_word_that_is_no_path_leads_home_and_to_no_error(client, learner):
    client.force_login(learner.user)
    response = client.post("/accounts/language/", {"language": "vi", "next": "my"})
    assert response.url == "/"
