"""Writes `course.toml`: the text that `load_course` reads back equal."""

import json
from collections.abc import Iterator, Sequence

from .model import CourseContent, CourseModule, LegalBasis, RequiredOf

_HEADER = "# The course itself: everything that is not inside a module. See docs/content-format.md."
_LONGEST_LINE = 100


def write_course(course: CourseContent) -> str:
    blocks = [[_HEADER], list(_course(course))]
    blocks += [list(_module(module)) for module in course.modules]
    blocks.append(
        [
            "# Abbreviations used in **Nguồn:** lines.",
            "[abbreviations]",
            *(f"{_text(short)} = {_text(long)}" for short, long in course.abbreviations),
        ]
    )
    blocks += [list(_legal_basis(basis)) for basis in course.legal_bases]
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _course(course: CourseContent) -> Iterator[str]:
    yield f"code = {_text(course.code)}"
    yield f"title = {_text(course.title)}"
    yield f"summary = {_text(course.summary)}"
    yield f"effective_from = {course.effective_from.isoformat()}"
    yield f"reviewed_on = {course.reviewed_on.isoformat()}"
    yield f"required_from = {course.required_from.isoformat()}"
    if course.validity_months is not None:
        yield f"validity_months = {course.validity_months}"


def _module(module: CourseModule) -> Iterator[str]:
    yield "[[modules]]"
    yield f"code = {_text(module.code)}"
    yield f"file = {_text(module.file)}"
    yield f"periods = {module.periods}"
    yield f"pass_mark_tenths = {module.pass_mark_tenths}"
    if module.attempt_limit is not None:
        yield f"attempt_limit = {module.attempt_limit}"
    if module.always_shows_111:
        yield "always_shows_111 = true"
    yield from _required(module.required)


def _required(clauses: Sequence[RequiredOf]) -> Iterator[str]:
    tables = [_clause(clause) for clause in clauses]
    line = f"required = [{', '.join(tables)}]"
    if len(line) <= _LONGEST_LINE:
        yield line
        return
    yield from ("required = [", *(f"    {table}," for table in tables), "]")


def _clause(clause: RequiredOf) -> str:
    given = [
        f"{key} = {_list(values)}"
        for key in ("groups", "positions", "kinds")
        if (values := getattr(clause, key)) is not None
    ]
    return f"{{ {', '.join(given)} }}" if given else "{}"


def _legal_basis(basis: LegalBasis) -> Iterator[str]:
    yield "[[legal_bases]]"
    for key in ("abbreviation", "document", "about", "dates"):
        if (value := getattr(basis, key)) is not None:
            yield f"{key} = {_text(value)}"
    if basis.names:
        yield f"names = {_list(basis.names)}"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """JSON strings are TOML's basic strings."""
    return json.dumps(value, ensure_ascii=False)
