"""Loading a course whole: site, pages, questions, requirements, the trainers' group."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from activities.quiz.models import QuestionKind
from activities.quiz.services.questions import save_question
from cms_pages.content_format import (
    CourseContent,
    CourseModule,
    QuestionContent,
    load_course,
    opened_folder,
    write_question,
)
from cms_pages.loading.pages import PageLoader
from cms_pages.loading.site import ensure_site
from cms_pages.loading.sources import course_source, lesson_source, module_source, quiz_source
from cms_pages.loading.trainers import ensure_trainers
from cms_pages.models import WaitingQuestion
from cms_pages.publishing import sync_catalogue
from cms_pages.publishing.syncing import decide_later
from courses.models import Course, Module
from courses.services.catalogue import set_requirement
from people.dates import start_of_day

CONTENT = Path(__file__).resolve().parents[1] / "content" / "bvte"


@dataclass(slots=True)
class Loaded:
    """`kept`: pages that a trainer changed, took down or deleted, and why they stay so.

    Questions are counted by module: those that can be asked, and those of kinds still to come.
    """

    course: Course
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    questions: dict[str, int] = field(default_factory=dict)
    waiting_questions: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def load_course_pages(folder: Path = CONTENT, *, at: datetime, overwrite: bool = False) -> Loaded:
    """Bring pages, questions and requirements to what the folder says.

    What a trainer has changed since the last load stays, unless `overwrite`. Raises `ContentError`
    for a folder, or a ZIP of one, that can't be read.
    """
    with opened_folder(folder) as opened:
        content = load_course(opened)
    loader = PageLoader(at=at, overwrite=overwrite)
    index = ensure_site(loader)
    ensure_trainers(index)
    questions = {module.code: _save_questions(module, at=at) for module in content.modules}
    _load_pages(loader, index, content, questions)
    sync_catalogue(at=at, new_modules_from=start_of_day(content.effective_from))
    _set_requirements(content)
    return Loaded(
        course=Course.objects.get(code=content.code),
        created=loader.created,
        updated=loader.updated,
        unchanged=loader.unchanged,
        kept=loader.kept,
        questions={code: len(codes) for code, codes in questions.items()},
        waiting_questions={
            module.code: len(module.content.questions) - len(questions[module.code])
            for module in content.modules
        },
    )


def _load_pages(
    loader: PageLoader, index: Any, content: CourseContent, questions: dict[str, list[str]]
) -> None:
    course = loader.load(index, course_source(content))
    for module in content.modules:
        page = loader.load(course, module_source(module, content))
        for lesson in module.content.lessons:
            loader.load(page, lesson_source(lesson, content))
        loader.load(page, quiz_source(module, questions[module.code]))


def _save_questions(module: CourseModule, *, at: datetime) -> list[str]:
    """Codes of the questions that can be asked by now."""
    supported = [each for each in module.content.questions if _is_supported(each)]
    for question in supported:
        save_question(
            question.code,
            bank=module.code,
            kind=question.kind,
            stem=question.stem,
            scenario=question.scenario or "",
            options=[(each.id, each.text, each.is_correct) for each in question.options],
            feedback=question.feedback,
            sources=question.sources,
            difficulty=question.difficulty,
            keep_order=question.keep_order,
            at=at,
        )
    _keep_waiting(module)
    return [question.code for question in supported]


def _keep_waiting(module: CourseModule) -> None:
    """As the file has them, for the day their kinds can be asked, and for an export till then."""
    waiting = [each for each in module.content.questions if not _is_supported(each)]
    for question in waiting:
        WaitingQuestion.objects.update_or_create(
            code=question.code,
            defaults={
                "bank": module.code,
                "kind": str(question.kind),
                "text": write_question(question),
            },
        )
    known = [question.code for question in waiting]
    WaitingQuestion.objects.filter(bank=module.code).exclude(code__in=known).delete()


def _is_supported(question: QuestionContent) -> bool:
    return question.kind in QuestionKind.values


def _set_requirements(content: CourseContent) -> None:
    changed = []
    modules = {module.code: module for module in Module.objects.filter(course__code=content.code)}
    for source in content.modules:
        module = modules.get(source.code)
        if module is None:  # its page was renamed or waits; the message is among those kept
            continue
        clauses = [_clause(required) for required in source.required]
        if set_requirement(module, clauses=clauses, started_on=content.required_from):
            changed.append(module.pk)
    decide_later(changed)


def _clause(required: Any) -> dict[str, list[str]]:
    """Only the keys that are given: one left out means any."""
    return {
        key: list(getattr(required, key))
        for key in ("groups", "positions", "kinds")
        if getattr(required, key) is not None
    }
