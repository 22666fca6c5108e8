"""A module's page, with its lessons and questions, as the content format has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.models import Page

from cms_pages.content_format import CourseModule, ModuleContent, Notice, NoticeKind, RequiredOf
from cms_pages.exporting.findings import Findings
from cms_pages.exporting.lessons import lesson_content
from cms_pages.exporting.questions import bank_content
from cms_pages.exporting.text import PageText, as_written, line_as_written
from cms_pages.loading.sources import quiz_title
from cms_pages.models import LessonPage, ModulePage, QuizPage


@dataclass(frozen=True, slots=True)
class Loads:
    """What the files said beside the pages when they were loaded, by page key."""

    beside: Mapping[UUID, Mapping[str, Any]]

    def of(self, page: Page) -> Mapping[str, Any]:
        return self.beside.get(page.translation_key, {})


def module_content(
    page: ModulePage,
    *,
    lessons: Sequence[LessonPage],
    quizzes: Sequence[QuizPage],
    clauses: Sequence[Mapping[str, Any]],
    loads: Loads,
    findings: Findings,
) -> CourseModule:
    text, beside = PageText(page.code or page.title, findings), loads.of(page)
    quiz = _quiz(page, quizzes, findings)
    content = ModuleContent(
        code=page.code,
        title=text.plain(page.title),
        description=text.line(page.description),
        outcomes=as_written(text.items(page.outcomes), beside.get("outcomes")),
        notice=_notice(page, text, beside.get("notice")),
        lessons=tuple(
            lesson_content(lesson, beside=loads.of(lesson), findings=findings) for lesson in lessons
        ),
        questions=bank_content(quiz, findings),
    )
    return CourseModule(
        file=beside.get("file") or f"{page.code.lower()}.md",
        periods=page.periods,
        pass_mark_tenths=quiz.pass_mark_tenths,
        attempt_limit=quiz.attempt_limit,
        required=tuple(_clause(clause) for clause in clauses),
        content=content,
        always_shows_111=page.always_shows_111,
    )


def _quiz(page: ModulePage, quizzes: Sequence[QuizPage], findings: Findings) -> QuizPage:
    if not quizzes:
        findings.refuse(page.code, _("chưa có bài kiểm tra được xuất bản; hãy thêm"))
        return QuizPage(bank=page.code, code=page.code)
    for other in quizzes[1:]:
        findings.lose(other.code, _("bài kiểm tra thứ hai của chuyên đề"))
    quiz = quizzes[0]
    if quiz.bank != page.code:
        findings.lose(
            quiz.code, _("ngân hàng %(bank)s: trong tệp là của chuyên đề") % {"bank": quiz.bank}
        )
    if quiz.title != quiz_title(page.code):
        findings.lose(
            quiz.code, _("tên riêng của bài kiểm tra: “%(title)s”") % {"title": quiz.title}
        )
    if PageText(quiz.code, Findings()).items(quiz.intro):
        findings.lose(quiz.code, _("lời giới thiệu của bài kiểm tra"))
    return quiz


def _notice(page: ModulePage, text: PageText, known: str | None) -> Notice | None:
    line = text.line(page.notice)
    if not line:
        return None
    if not page.notice_kind:
        text.findings.lose(text.page, _("lưu ý chưa chọn kiểu được xuất là lưu ý y tế"))
    return Notice(NoticeKind(page.notice_kind or NoticeKind.MEDICAL), line_as_written(line, known))


def _clause(clause: Mapping[str, Any]) -> RequiredOf:
    return RequiredOf(**{key: tuple(values) for key, values in clause.items()})
