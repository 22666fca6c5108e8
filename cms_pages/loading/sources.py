"""What each page of a course should say, from the content files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from cms_pages.content_format import (
    Bullet,
    BulletList,
    CaseScenario,
    CourseContent,
    CourseModule,
    LegalBasis,
    LessonContent,
    Table,
    bases_of_lesson,
    bases_of_module,
    inline_html,
)
from cms_pages.loading.pages import PageSource, block_id
from cms_pages.models import CoursePage, LessonPage, ModulePage, QuizPage
from cms_pages.richtext import bullets, paragraph

CASE_QUESTION = "Nếu ở trong tình huống này, nên làm gì trước tiên?"

Block = dict[str, Any]


def course_source(content: CourseContent) -> PageSource:
    lapses = {} if content.validity_months is None else {"validity_months": content.validity_months}
    return PageSource(
        model=CoursePage,
        name=content.code,
        slug=content.code.lower(),
        fields={
            "title": content.title,
            "code": content.code,
            "summary": content.summary,
            "legal_bases": legal_bases(content.code, content.legal_bases),
            "reviewed_on": content.reviewed_on,
            **lapses,
        },
        beside={
            "effective_from": content.effective_from.isoformat(),
            "required_from": content.required_from.isoformat(),
            "abbreviations": [list(pair) for pair in content.abbreviations],
            "names": {each.document: list(each.names) for each in content.legal_bases},
        },
    )


def module_source(module: CourseModule, course: CourseContent) -> PageSource:
    content = module.content
    return PageSource(
        model=ModulePage,
        name=module.code,
        slug=module.code.lower(),
        fields={
            "title": content.title,
            "code": module.code,
            "description": paragraph(inline_html(content.description)),
            "outcomes": bullets(map(inline_html, sentences(content.outcomes))),
            "notice_kind": str(content.notice.kind) if content.notice else "",
            "notice": paragraph(inline_html(sentence(content.notice.text)))
            if content.notice
            else "",
            "periods": module.periods,
            "always_shows_111": module.always_shows_111,
            "legal_bases": legal_bases(module.code, bases_of_module(content, course.legal_bases)),
        },
        beside={
            "file": module.file,
            "outcomes": list(content.outcomes),
            "notice": content.notice.text if content.notice else "",
        },
    )


def lesson_source(lesson: LessonContent, course: CourseContent) -> PageSource:
    return PageSource(
        model=LessonPage,
        name=lesson.code,
        slug=lesson.code.lower(),
        fields={
            "title": lesson.title,
            "code": lesson.code,
            "objectives": bullets(map(inline_html, sentences(lesson.objectives))),
            "opening": paragraph(inline_html(lesson.opening)),
            "body": lesson_body(lesson),
            "takeaways": bullets(inline_html(point) for point in lesson.key_points),
            "legal_bases": legal_bases(lesson.code, bases_of_lesson(lesson, course.legal_bases)),
            "reviewed_on": course.reviewed_on,
        },
        beside={"objectives": list(lesson.objectives), "practice": lesson.practice},
    )


def quiz_source(module: CourseModule, question_codes: Sequence[str]) -> PageSource:
    return PageSource(
        model=QuizPage,
        name=f"{module.code}-KT",
        slug=f"{module.code.lower()}-kt",
        fields={
            "title": quiz_title(module.code),
            "code": f"{module.code}-KT",
            "bank": module.code,
            "question_codes": list(question_codes),
            "pass_mark_tenths": module.pass_mark_tenths,
            "attempt_limit": module.attempt_limit,
        },
    )


def quiz_title(module_code: str) -> str:
    return f"Bài kiểm tra {module_code}"


def legal_bases(code: str, bases: Sequence[LegalBasis]) -> list[Block]:
    """A stream of them for the page of that code."""
    return [
        _block("basis", basis_fields(basis), f"{code}/basis/{place}")
        for place, basis in enumerate(bases, start=1)
    ]


def basis_fields(basis: LegalBasis) -> dict[str, str]:
    return {
        "document": basis.document,
        "abbreviation": basis.abbreviation or "",
        "about": basis.about or "",
        "dates": basis.dates or "",
    }


def lesson_body(lesson: LessonContent) -> list[Block]:
    """The lesson as a stream, each block and list item with an id of its own."""
    count: Counter[str] = Counter()
    blocks = [_body_block(lesson.code, part, count) for part in lesson.body]
    blocks.append(_block("case", _case(lesson.case), f"{lesson.code}/case/1"))
    practice = paragraph(inline_html(sentence(lesson.practice)))
    blocks.append(_block("practice", practice, f"{lesson.code}/practice/1"))
    return blocks


def _body_block(code: str, part: BulletList | Table, count: Counter[str]) -> Block:
    kind = "bullets" if isinstance(part, BulletList) else "table"
    count[kind] += 1
    path = f"{code}/{kind}/{count[kind]}"
    if isinstance(part, Table):
        return _block(kind, _table(part, path), path)
    return _block(
        kind, _items((_bullet(each) for each in part.bullets), path, nested="items"), path
    )


def _bullet(bullet: Bullet) -> dict[str, Any]:
    return {
        "text": paragraph(inline_html(bullet.text)),
        "items": [paragraph(inline_html(item)) for item in bullet.items],
    }


def _table(table: Table, path: str) -> dict[str, Any]:
    rows = [
        _items((paragraph(inline_html(cell)) for cell in row), f"{path}/{place}")
        for place, row in enumerate(table.rows, start=1)
    ]
    return {
        "caption": "",
        "header": _items(table.header, f"{path}/header"),
        "rows": _items(rows, f"{path}/rows"),
    }


def _case(case: CaseScenario) -> dict[str, Any]:
    return {
        "level": str(case.level),
        "text": paragraph(inline_html(case.text)),
        "question": CASE_QUESTION,
        "handling": paragraph(inline_html(case.handling)),
    }


def _items(values: Iterable[Any], path: str, *, nested: str = "") -> list[Block]:
    """Children of a list block; `nested` names a key of each that is a list block itself."""
    items = []
    for place, value in enumerate(values, start=1):
        if nested:
            value = {**value, nested: _items(value[nested], f"{path}/{place}")}
        items.append(_block("item", value, f"{path}/item/{place}"))
    return items


def _block(kind: str, value: Any, path: str) -> Block:
    return {"type": kind, "value": value, "id": block_id(path)}


def sentences(texts: Iterable[str]) -> list[str]:
    """Fragments of one line of the file, each to be an item of its own."""
    return [sentence(text).rstrip(".") for text in texts]


def sentence(text: str) -> str:
    """What follows a label in the file begins with a small letter."""
    return text[:1].upper() + text[1:]
