"""Every named address of ours, tried by somebody signed out and by the principal of another school.

A new address fails `test_every_address_is_placed` until it is placed in the table below.
"""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from activities.quiz.models import Attempt
from certificates.services.issuing import issue_certificate
from courses.models import CourseCompletion, CourseRun, Enrolment, Evidence
from courses.services.evidence import record_evidence
from people.models import AccessCode
from reports.services.targets import ensure_targets
from tests.activities.quiz.builders import make_quiz, make_single
from tests.factories import make_account, make_course, make_member, make_module, make_run
from tests.people.requesting import make_correction, make_listing

pytestmark = pytest.mark.django_db

OURS = {"people", "courses", "quiz", "certificates", "reports", "administration"}

# Open to everybody, or to everybody for what is her own.
PUBLIC = {
    "people:login": [],
    "people:logout": [],
    "people:language": [],
    "people:activate": [],
    "people:activate-password": [],
    "people:forgotten": [],
    "people:not-listed": [],
    "people:not-listed-form": ["unit"],
    "people:not-listed-sent": [],
    "certificates:verify": [],
}
ONES_OWN = {
    "people:password": [],
    "people:record": [],
    "people:record-account": [],
    "people:record-correction": [],
    "people:record-json": [],
    "courses:evidence": [],
    "reports:my": [],
}
# Whose objects are shown: the argument is an attribute of `hers`.
HERS = {
    "administration:view-as": ["person"],
    "people:code": ["person"],
    "people:correction": ["correction"],
    "people:request": ["request"],
    "people:slips": ["unit"],
    "courses:run": ["run"],
    "courses:run-edit": ["run"],
    "courses:run-extend": ["run"],
    "courses:run-add": ["run"],
    "quiz:paper": ["attempt"],
    "quiz:answer": ["attempt", "position"],
    "quiz:submit": ["attempt"],
    "quiz:result": ["attempt"],
    "quiz:grant": ["enrolment", "quiz"],
    "certificates:download": ["certificate"],
    "reports:unit": ["unit"],
    "reports:unit-csv": ["unit"],
    "reports:people": ["unit"],
    "reports:person": ["person"],
    "reports:run-progress": ["run"],
    "reports:run-person": ["run", "person"],
    "reports:run-results": ["run"],
    "reports:run-csv": ["run"],
    "reports:run-xlsx": ["run"],
}
# For whoever learns or manages anything; what they show is tested where they are made.
LISTS = {
    "administration:audit": [],
    "administration:stop-viewing": [],
    "people:requests": [],
    "courses:lesson-read": ["lesson"],
    "courses:runs": [],
    "courses:run-new": [],
    "quiz:start": ["quiz"],
    "quiz:grants": [],
    "reports:index": [],
}
PRIVATE = {**ONES_OWN, **HERS, **LISTS}


def names_of(patterns: list, namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names_of(pattern.url_patterns, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern) and pattern.name and namespace in OURS:
            found.add(f"{namespace}:{pattern.name}")
    return found


@pytest.fixture
def hers(city, learner, principal) -> SimpleNamespace:
    """What the learner did in a run of her school, by the arguments that addresses take."""
    module = make_module(make_course(), "KH1", lessons=1, pass_mark_tenths=50)
    lesson, quiz = module.activities.all()
    make_single()
    version = make_quiz(quiz, "KH1-C01")
    ensure_targets(module.course)
    today = timezone.localdate()
    run = make_run(module.course, units=[city.school], opens_on=today, closes_on=today)
    evidence = record_evidence(
        learner,
        activity=lesson,
        kind="viewed",
        evidence_id=uuid.uuid4(),
        received_at=timezone.now(),
    ).evidence
    attempt = Attempt.objects.create(
        enrolment=evidence.enrolment,
        activity=quiz,
        quiz_version=version,
        number=1,
        started_at=timezone.now(),
    )
    completion = CourseCompletion.objects.create(
        enrolment=evidence.enrolment, completed_at=timezone.now(), modules=["KH1"]
    )
    certificate = issue_certificate(completion, at=timezone.now())
    return SimpleNamespace(
        run=run.code,
        attempt=attempt.pk,
        position=1,
        enrolment=evidence.enrolment_id,
        quiz=quiz.pk,
        lesson=lesson.pk,
        certificate=certificate.pk,
        unit=city.school.code,
        person=learner.pk,
        request=make_listing(city.school).pk,
        correction=make_correction(learner).pk,
    )


def address(name: str, hers: SimpleNamespace) -> str:
    return reverse(name, args=[getattr(hers, argument) for argument in PRIVATE[name]])


def rows() -> list[int]:
    return [
        model.objects.count() for model in (Attempt, Evidence, Enrolment, CourseRun, AccessCode)
    ]


def test_every_address_is_placed():
    assert names_of(get_resolver().url_patterns) == {*PUBLIC, *PRIVATE}


@pytest.mark.parametrize("name", PRIVATE)
def test_signed_out_nothing_is_shown_and_nothing_done(name, hers):
    client, before = Client(), rows()
    for response in (client.get(address(name, hers)), client.post(address(name, hers))):
        asked_to_sign_in = response.status_code == 302 and "/accounts/login/" in response.url
        assert asked_to_sign_in or response.status_code in (401, 404, 405)
    assert rows() == before


@pytest.mark.parametrize("name", HERS)
def test_the_principal_of_another_school_finds_nothing_of_hers(name, hers, outsider):
    client, before = Client(), rows()
    client.force_login(outsider)
    for response in (client.get(address(name, hers)), client.post(address(name, hers))):
        assert response.status_code in (404, 405)
    assert rows() == before


@pytest.mark.parametrize("name", HERS)
def test_a_colleague_without_a_scope_finds_nothing_of_hers(name, hers, city):
    client, before = Client(), rows()
    client.force_login(make_account(make_member(city.school)))
    for response in (client.get(address(name, hers)), client.post(address(name, hers))):
        assert response.status_code in (403, 404, 405)
    assert rows() == before


def test_they_do_open_for_whoever_may_see_them(hers, learner, principal):
    """Otherwise the tests above would prove nothing."""
    readers = {
        learner.user: ["quiz:paper", "certificates:download"],
        principal: [
            "courses:run",
            "courses:run-edit",
            "reports:run-progress",
            "reports:run-person",
            "reports:run-results",
            "reports:run-csv",
            "reports:run-xlsx",
            "quiz:grant",
            "certificates:download",
            "reports:unit",
            "reports:unit-csv",
            "reports:people",
            "reports:person",
            "people:code",
            "people:correction",
            "people:request",
            "people:slips",
        ],
    }
    for user, names in readers.items():
        client = Client()
        client.force_login(user)
        for name in names:
            assert client.get(address(name, hers)).status_code == 200, name
