"""A small course of two modules, loaded; people who have begun it and people who are through."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page

from cms_pages.loading import load_course_pages
from cms_pages.models import LessonPage, ModulePage, QuizPage
from courses.models import (
    Activity,
    ActivityCompletion,
    Course,
    CourseCompletion,
    Evidence,
    ModuleCompletion,
)
from courses.services.evidence import record_evidence
from people.trainers import TRAINERS
from tests.factories import make_account, make_member, make_run

from .content_samples import SMALL_COURSE, SMALL_MODULE

EVERYONE = "required = [{}]"


def module_text(code: str) -> str:
    """A module with two lessons: the small one, its lesson twice."""
    head, rest = SMALL_MODULE.split("## KH9-B1.", 1)
    lesson, bank = rest.split("## KH9 –", 1)
    second = lesson.replace("Bài thứ nhất", "Bài thứ hai")
    whole = f"{head}## KH9-B1.{lesson}## KH9-B2.{second}## KH9 –{bank}"
    return whole.replace("KH9", code).replace("Chuyên đề thử", f"Chuyên đề {code}")


@pytest.fixture
def folder(tmp_path) -> Path:
    """Course THU with modules KH8 and KH9, required of everyone since 2016."""
    start = SMALL_COURSE.index("required = [")
    course = SMALL_COURSE[:start] + EVERYONE + SMALL_COURSE[SMALL_COURSE.index("\n", start) :]
    course = course.replace("effective_from = 2026-05-04", "effective_from = 2020-01-01")
    head, tail = course.split("[[modules]]", 1)
    module, tail = tail.split("[abbreviations]", 1)
    modules = "".join(
        f"[[modules]]{module}".replace("KH9", code).replace("kh9", code.lower())
        for code in ("KH8", "KH9")
    )
    (tmp_path / "course.toml").write_text(f"{head}{modules}[abbreviations]{tail}", encoding="utf-8")
    for code in ("KH8", "KH9"):
        (tmp_path / f"{code.lower()}.md").write_text(module_text(code), encoding="utf-8")
    return tmp_path


@pytest.fixture
def pages(db, folder) -> SimpleNamespace:
    load_course_pages(folder, at=timezone.now())
    ModulePage.objects.filter(code="KH9").update(always_shows_111=True)
    return SimpleNamespace(
        course=Course.objects.get(code="THU"),
        kh8=ModulePage.objects.get(code="KH8"),
        kh9=ModulePage.objects.get(code="KH9"),
        b1=LessonPage.objects.get(code="KH8-B1"),
        b2=LessonPage.objects.get(code="KH8-B2"),
        quiz=QuizPage.objects.get(code="KH8-KT"),
    )


@pytest.fixture
def run(pages, city):
    return make_run(
        pages.course, units=[city.root], opens_on=date(2020, 1, 1), closes_on=date(2199, 12, 31)
    )


@pytest.fixture
def trainer(pages, city):
    user = make_account(make_member(city.office, code="000190", group="officer"))
    user.groups.add(Group.objects.get(name=TRAINERS))
    return user


@pytest.fixture
def acting(django_capture_on_commit_callbacks):
    """`with acting():` what waits for the transaction's end happens at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def do(person, code: str):
    """The person reads the lesson, or passes the quiz, of that code."""
    activity = Activity.objects.get(code=code)
    is_quiz = activity.kind == "quiz"
    return record_evidence(
        person,
        activity=activity,
        kind="score" if is_quiz else "viewed",
        points=10 if is_quiz else None,
        possible=10 if is_quiz else None,
        evidence_id=uuid.uuid4(),
        received_at=timezone.now(),
    )


@pytest.fixture
def beginner(run, learner):
    """Has read KH8-B1 and nothing else."""
    do(learner, "KH8-B1")
    return learner


@pytest.fixture
def graduate(run, city):
    """Has completed everything."""
    person = make_member(city.school, code="000150")
    make_account(person)
    for activity in Activity.objects.filter(is_published=True).order_by("pk"):
        do(person, activity.code)
    assert CourseCompletion.objects.filter(enrolment__person=person).exists()
    return person


def records() -> dict[str, set]:
    """Everything that was ever recorded about anybody."""
    return {
        model.__name__: {str(row) for row in model.objects.values_list()}
        for model in (Evidence, ActivityCompletion, ModuleCompletion, CourseCompletion)
    }


@pytest.fixture
def whole_records(beginner, graduate, capsys):
    """Whatever the test does to pages: no record goes or changes, and both checks are clean."""
    before = records()
    yield
    after = records()
    for name, rows in before.items():
        assert rows <= after[name], f"{name} lost or changed rows"
    for command in ("sync_catalogue", "rebuild_completions"):
        try:
            call_command(command, check=True)
        except SystemExit:
            pytest.fail(f"{command} --check is not clean:\n{capsys.readouterr().out}")


def fresh(page: Page) -> Page:
    return type(page).objects.get(pk=page.pk)
