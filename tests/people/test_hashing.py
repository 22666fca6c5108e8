"""Passwords as the office stores them; other tests use a hash that costs nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, ScryptPasswordHasher, make_password

from lms.settings import base
from people.models import User
from tests.people.signing_in import PASSWORD, type_password

pytestmark = pytest.mark.django_db
OLDER = [PBKDF2PasswordHasher(), ScryptPasswordHasher()]


@pytest.fixture(autouse=True)
def as_in_the_office(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS


def test_a_new_password_needs_sixteen_megabytes_to_check():
    algorithm, work_factor, _salt, block_size, lanes, _hash = make_password(PASSWORD).split("$")
    assert (algorithm, int(lanes)) == ("scrypt", 1)
    assert 128 * int(work_factor) * int(block_size) == 16 * 2**20  # bytes


@pytest.mark.parametrize("hasher", OLDER, ids=lambda hasher: hasher.algorithm)
def test_an_older_one_is_renewed_at_the_next_sign_in(client, learner, hasher):
    User.objects.filter(person=learner).update(password=make_password(PASSWORD, hasher=hasher))
    assert type_password(client, learner.user).url == "/my/"
    assert client.get("/my/").status_code == 200
    renewed = User.objects.get(person=learner).password
    assert renewed.startswith("scrypt$16384$")
    assert renewed.split("$")[4] == "1"
