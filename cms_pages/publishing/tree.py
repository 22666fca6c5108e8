"""What is published now, as plain values: no page goes further than this file.

A page counts when it is live, not an alias, of the default language, and below pages that count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from activities.quiz.models import Question
from activities.quiz.models.questions import QuestionKind
from cms_pages.models import CoursePage, LessonPage, ModulePage, QuizPage
from courses.models import Activity, ActivityKind, Course, Module
from courses.rules import RuleKind

MINUTES_A_QUESTION = 1
TITLE_LENGTH = 200  # of courses and modules in the catalogue; pages may have more


@dataclass(frozen=True, slots=True)
class PublishedCourse:
    key: UUID
    code: str
    title: str
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class PublishedModule:
    key: UUID
    course_key: UUID
    code: str
    title: str
    position: int
    periods: int


@dataclass(frozen=True, slots=True)
class PublishedActivity:
    """`questions` and `attempt_limit` are a quiz's; `pass_mark_tenths` is its rule's too."""

    key: UUID
    module_key: UUID
    kind: str
    code: str
    title: str
    position: int
    minutes: int
    pass_mark_tenths: int | None = None
    attempt_limit: int | None = None
    questions: tuple[str, ...] = ()

    @property
    def rule_kind(self) -> str:
        return RuleKind.SCORE if self.kind == ActivityKind.QUIZ else RuleKind.VIEWED


@dataclass(slots=True)
class PublishedTree:
    """`waiting` says of live pages why they aren't registered; `waiting_keys` are theirs.

    What the catalogue already holds under such a key is left alone: a slip of an author must not
    drop a requirement.
    """

    courses: list[PublishedCourse] = field(default_factory=list)
    modules: list[PublishedModule] = field(default_factory=list)
    activities: list[PublishedActivity] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    waiting_keys: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Supposing:
    """Changes to imagine: branches (paths) shown or hidden, pages moved below another (keys)."""

    shown: Collection[int] = ()
    hidden: Collection[str] = ()
    moved: Mapping[str, str] = field(default_factory=dict)

    def path_of(self, path: str) -> str:
        for branch, parent in self.moved.items():
            if path.startswith(branch):
                return f"{parent}~{path[len(branch) - Page.steplen :]}"
        return path

    def hides(self, path: str) -> bool:
        return any(path.startswith(branch) for branch in self.hidden)


@dataclass(slots=True)
class _Reading:
    """The tree as far as it is read: which branches count, which codes are taken."""

    supposing: Supposing
    locale: Locale
    tree: PublishedTree = field(default_factory=PublishedTree)
    counting: dict[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


def published_tree(supposing: Supposing | None = None) -> PublishedTree:
    """Everything that the catalogue should hold (8 queries)."""
    reading = _Reading(supposing or Supposing(), Locale.get_default())
    _read_courses(reading)
    _read_modules(reading)
    _read_activities(reading)
    return reading.tree


def _read_courses(reading: _Reading) -> None:
    owners = dict(Course.objects.values_list("code", "key"))
    for path, row in _rows(reading, CoursePage, "validity_months"):
        if _accepts(reading, path, row, owners):
            reading.counting[path] = row
            reading.tree.courses.append(
                PublishedCourse(
                    row["translation_key"],
                    row["code"],
                    row["title"][:TITLE_LENGTH],
                    row["validity_months"],
                )
            )


def _read_modules(reading: _Reading) -> None:
    owners = dict(Module.objects.values_list("code", "key"))
    places: dict[str, int] = {}
    for path, row in _rows(reading, ModulePage, "periods"):
        parent = _parent(path)
        if not _follows(reading, path, row) or not _accepts(reading, path, row, owners):
            continue
        places[parent] = places.get(parent, 0) + 1
        reading.counting[path] = row
        reading.tree.modules.append(
            PublishedModule(
                key=row["translation_key"],
                course_key=reading.counting[parent]["translation_key"],
                code=row["code"],
                title=row["title"][:TITLE_LENGTH],
                position=places[parent],
                periods=row["periods"],
            )
        )


def _read_activities(reading: _Reading) -> None:
    owners = dict(
        Activity.objects.filter(is_published=True, block_key="").values_list("code", "page_key")
    )
    quiz_fields = ["bank", "question_codes", "pass_mark_tenths", "attempt_limit"]
    rows = [(ActivityKind.LESSON, *each) for each in _rows(reading, LessonPage, "reading_minutes")]
    rows += [(ActivityKind.QUIZ, *each) for each in _rows(reading, QuizPage, *quiz_fields)]
    banks = _banks()
    places: dict[str, int] = {}
    for kind, path, row in sorted(rows, key=lambda each: each[1]):
        parent = _parent(path)
        questions = _questions(row, banks) if kind == ActivityKind.QUIZ else ()
        if not _follows(reading, path, row) or not _accepts(reading, path, row, owners):
            continue
        if questions is None:
            _refuse(reading, path, row, _("bài kiểm tra chưa có câu hỏi, hoặc có mã câu hỏi lạ"))
            continue
        places[parent] = places.get(parent, 0) + 1
        reading.tree.activities.append(
            PublishedActivity(
                key=row["translation_key"],
                module_key=reading.counting[parent]["translation_key"],
                kind=kind,
                code=row["code"],
                title=row["title"],
                position=places[parent],
                minutes=row.get("reading_minutes", len(questions) * MINUTES_A_QUESTION),
                pass_mark_tenths=row.get("pass_mark_tenths"),
                attempt_limit=row.get("attempt_limit"),
                questions=questions,
            )
        )


def _rows(
    reading: _Reading, model: type[Page], *fields: str
) -> Iterable[tuple[str, dict[str, Any]]]:
    """Pages of the type that count by themselves, in the order of the tree: (path, row)."""
    pages = model._default_manager.filter(locale=reading.locale, alias_of=None)
    names = ["pk", "path", "live", "translation_key", "code", "title", *fields]
    found = []
    for row in pages.values(*names):
        is_shown = row["live"] or row["pk"] in reading.supposing.shown
        if is_shown and not reading.supposing.hides(row["path"]):
            found.append((reading.supposing.path_of(row["path"]), row))
    return sorted(found, key=lambda each: each[0])


def _parent(path: str) -> str:
    return path[: -Page.steplen].rstrip("~")


def _follows(reading: _Reading, path: str, row: dict[str, Any]) -> bool:
    """Whether the page above counts; below a refused page everything waits with it."""
    if _parent(path) in reading.refused:
        reading.refused.add(path)
        reading.tree.waiting_keys.add(row["translation_key"])
    return _parent(path) in reading.counting


def _accepts(reading: _Reading, path: str, row: dict[str, Any], owners: dict[str, UUID]) -> bool:
    """Whether the page has a code of its own; `owners` grows by it."""
    key, code = row["translation_key"], row["code"]
    if not code:
        _refuse(reading, path, row, _("trang chưa có mã riêng"))
        return False
    if owners.setdefault(code, key) != key:
        _refuse(reading, path, row, _("mã %(code)s đã thuộc về trang khác") % {"code": code})
        return False
    return True


def _refuse(reading: _Reading, path: str, row: dict[str, Any], reason: str) -> None:
    reading.refused.add(path)
    reading.tree.waiting_keys.add(row["translation_key"])
    reading.tree.waiting.append(f"{row['code'] or row['title']} (trang {row['pk']}): {reason}")


def _banks() -> dict[str, list[str]]:
    """Codes of the questions that can be asked, by bank, in order."""
    banks: dict[str, list[str]] = {}
    askable = Question.objects.filter(versions__kind__in=QuestionKind.values).distinct()
    for bank, code in askable.order_by("bank", "code").values_list("bank", "code"):
        banks.setdefault(bank, []).append(code)
    return banks


def _questions(row: dict[str, Any], banks: dict[str, list[str]]) -> tuple[str, ...] | None:
    """Those named on the page, or the whole bank; None if that is nothing that can be asked."""
    wanted = row["question_codes"] or banks.get(row["bank"], [])
    known = {code for codes in banks.values() for code in codes}
    return tuple(wanted) if wanted and set(wanted) <= known else None
