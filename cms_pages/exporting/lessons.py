"""A lesson's page as the content format has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cms_pages.content_format import (
    BodyBlock,
    Bullet,
    BulletList,
    CaseLevel,
    CaseScenario,
    LessonContent,
    Table,
)
from cms_pages.exporting.findings import Findings
from cms_pages.exporting.text import PageText, as_written, line_as_written
from cms_pages.loading.sources import CASE_QUESTION
from cms_pages.models import LessonPage

_ORDER = {"bullets": 0, "table": 0, "case": 1, "practice": 2}


def lesson_content(
    page: LessonPage, *, beside: Mapping[str, Any], findings: Findings
) -> LessonContent:
    """What a lesson must have and has not is noted as a fault; what has no place, as a loss."""
    text = PageText(page.code or page.title, findings)
    parts = _parts(page, text)
    practice = text.line(_only(parts["practice"], text, _("thực hành"), ""))
    return LessonContent(
        code=page.code,
        title=text.plain(page.title),
        objectives=as_written(
            _needed(text.items(page.objectives), text, _("mục tiêu")), beside.get("objectives")
        ),
        opening=text.line(page.opening),
        body=_merged(_needed(parts["body"], text, _("nội dung chính")), text),
        case=_case(_only(parts["case"], text, _("tình huống"), None), text),
        practice=line_as_written(practice, beside.get("practice")),
        key_points=tuple(_needed(text.items(page.takeaways), text, _("ghi nhớ"))),
    )


def _parts(page: LessonPage, text: PageText) -> dict[str, list[Any]]:
    parts: dict[str, list[Any]] = {"body": [], "case": [], "practice": []}
    places = []
    for child in page.body:
        if child.block_type not in _ORDER:
            message = _("khối “%(label)s”") % {"label": child.block.label}
            text.findings.lose(text.page, message)
            continue
        places.append(_ORDER[child.block_type])
        if child.block_type == "bullets":
            parts["body"].append(_bullets(child.value, text))
        elif child.block_type == "table":
            parts["body"].append(_table(child.value, text))
        elif child.block_type == "case":
            parts["case"].append(child.value)
        else:
            parts["practice"].append(child.value.source)
    if places != sorted(places):
        text.findings.lose(text.page, _("thứ tự khối: tệp luôn để tình huống rồi thực hành ở cuối"))
    return parts


def _bullets(value: Any, text: PageText) -> BulletList:
    return BulletList(
        tuple(
            Bullet(
                text.line(each["text"].source),
                tuple(text.line(item.source) for item in each["items"]),
            )
            for each in value
        )
    )


def _table(value: Any, text: PageText) -> Table:
    if value["caption"]:
        text.findings.lose(text.page, _("tên bảng “%(name)s”") % {"name": value["caption"]})
    return Table(
        tuple(text.plain(cell) for cell in value["header"]),
        tuple(tuple(text.line(cell.source) or "—" for cell in row) for row in value["rows"]),
    )


def _merged(blocks: Sequence[BodyBlock], text: PageText) -> tuple[BodyBlock, ...]:
    """Lists that follow each other are one list in the file."""
    merged: list[BodyBlock] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if isinstance(last, BulletList) and isinstance(block, BulletList):
            merged[-1] = BulletList(last.bullets + block.bullets)
        else:
            if isinstance(last, Table) and isinstance(block, Table):
                text.findings.refuse(text.page, _("hai bảng liền nhau; hãy đặt một ý ở giữa"))
            merged.append(block)
    return tuple(merged)


def _case(value: Any, text: PageText) -> CaseScenario:
    if value is None:
        return CaseScenario(CaseLevel.PRIMARY, "", "")
    if value["question"] != CASE_QUESTION:
        text.findings.lose(
            text.page, _("câu hỏi riêng của tình huống: “%(text)s”") % {"text": value["question"]}
        )
    return CaseScenario(
        level=CaseLevel(value["level"]),
        text=text.line(value["text"].source),
        handling=text.line(value["handling"].source),
    )


def _only(found: Sequence[Any], text: PageText, name: str, missing: Any) -> Any:
    """The first; any other has no place in the file."""
    for _other in found[1:]:
        text.findings.lose(text.page, _("khối “%(label)s” thứ hai") % {"label": name})
    return found[0] if _needed(found, text, name) else missing


def _needed(found: Sequence[Any], text: PageText, name: str) -> Sequence[Any]:
    if not found:
        text.findings.refuse(text.page, _("thiếu %(part)s; hãy viết thêm") % {"part": name})
    return found
