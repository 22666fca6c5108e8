"""Reading an export back before it is given to anybody: it must load, and say what was meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from cms_pages.content_format import ContentError, CourseContent, ModuleContent, load_course
from cms_pages.exporting.findings import Findings


def check_export(content: CourseContent, files: Mapping[str, str], findings: Findings) -> None:
    """Reads the files back: they must load, and say what was meant."""
    with TemporaryDirectory(prefix="export-") as folder:
        for name, text in files.items():
            (Path(folder) / name).write_bytes(text.encode())
        try:
            read = load_course(Path(folder))
        except ContentError as error:
            for problem in error.problems:
                place = _heading_above(files.get(problem.file, ""), problem.line) or problem.file
                findings.refuse(place, problem.message)
            return
    for meant, found in zip(content.modules, read.modules, strict=True):
        _compare_lessons(meant.content, found.content, findings)
        _compare_questions(meant.content, found.content, findings)
    if _without_questions(content) != _without_questions(read) and not findings.faults:
        findings.refuse(content.code, _misread())


def _compare_lessons(meant: ModuleContent, found: ModuleContent, findings: Findings) -> None:
    for lesson, other in zip(meant.lessons, found.lessons, strict=False):
        if lesson != other:
            findings.refuse(lesson.code, _misread())


def _compare_questions(meant: ModuleContent, found: ModuleContent, findings: Findings) -> None:
    for question, other in zip(meant.questions, found.questions, strict=False):
        if question.keep_order != other.keep_order:
            findings.lose(question.code, _("giữ hay xáo thứ tự phương án: tệp quyết theo chữ số"))
        if replace(question, keep_order=other.keep_order) != other:
            findings.refuse(question.code, _misread())


def _without_questions(course: CourseContent) -> CourseContent:
    modules = [
        replace(module, content=replace(module.content, questions=())) for module in course.modules
    ]
    return replace(course, modules=tuple(modules))


def _misread() -> str:
    return _("có chữ mà tệp hiểu khác, như “; ” trong một ý; hãy viết lại")


def _heading_above(text: str, line: int) -> str:
    """The code of the lesson or question around that line."""
    headings = [each for each in text.split("\n")[:line] if each.startswith("#")]
    return headings[-1].lstrip("# ").split(" ")[0].rstrip(".") if headings else ""
