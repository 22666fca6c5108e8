"""A module whose quiz has one question of each kind, in a run that holds the learner."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client

from courses.models import Activity
from people.models import Person
from tests.activities.quiz.builders import (
    NOW,
    make_multiple,
    make_quiz,
    make_single,
    make_true_false,
)
from tests.factories import make_course, make_module, make_run


@pytest.fixture
def ground(city) -> SimpleNamespace:
    """Course › KH1 › a lesson and a quiz of three questions, two attempts, pass mark 5,0."""
    course = make_course()
    module = make_module(course, "KH1", lessons=1, pass_mark_tenths=50)
    quiz = module.activities.get(kind="quiz")
    for make in (make_single, make_multiple, make_true_false):
        make()
    make_quiz(quiz, "KH1-C01", "KH1-C02", "KH1-C03")
    run = make_run(course, units=[city.root], grace_days=7)
    return SimpleNamespace(course=course, module=module, quiz=quiz, run=run)


@pytest.fixture
def quiz(ground) -> Activity:
    return ground.quiz


@pytest.fixture
def clock():
    """The server's clock stands at NOW until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(learner: Person, clock) -> Client:
    """The learner, signed in."""
    client = Client()
    client.force_login(learner.user)
    return client
