"""Reads a course from its folder: `course.toml` and the module files that it names."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .errors import ContentError, LineError, Problem, Problems
from .fields import Fields, KeyLines, key_lines
from .lines import character_faults, read_text
from .model import CourseContent, CourseModule, LegalBasis, RequiredOf
from .parser import parse_module

COURSE_FILE = "course.toml"
# The roster's words, repeated because this package knows no models; a test holds them equal.
STAFF_GROUPS = ("manager", "teacher", "support", "carer", "officer", "collaborator")
POSITIONS = (
    "principal",
    "vice_principal",
    "team_leader",
    "teacher",
    "young_pioneers_leader",
    "health_staff",
    "other",
)
UNIT_KINDS = (
    "city",
    "district",
    "commune",
    "office",
    "preschool",
    "primary",
    "lower_secondary",
    "upper_secondary",
    "multi_level",
    "continuing_education",
    "special_education",
    "social_facility",
    "other",
)
_GROUP = re.compile("|".join(STAFF_GROUPS))
_KIND = re.compile("|".join(UNIT_KINDS))
_POSITION = re.compile("|".join(POSITIONS))
_NAME = re.compile(r"\S+( \S+)*")
_COURSE_CODE = re.compile(r"[A-Z][A-Z0-9]*")
# A name and no path, so that nothing outside the folder is read.
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.md")
_DECODE_ERROR_LINE = re.compile(r"at line (\d+)")


def load_course(folder: Path) -> CourseContent:
    """The course with its modules, in the order of `course.toml`.

    Raises ContentError: with the faults of `course.toml`, or else with those of all module files.
    Groups, positions and kinds must be known, or a slip of the pen would excuse everybody.
    """
    problems = Problems(COURSE_FILE)
    with problems.noted():
        tables = _read_tables(folder / COURSE_FILE)
    problems.raise_if_any()
    entries = problems.each(_entry, tables["modules"])
    bases = problems.each(_legal_basis, tables["legal_bases"])
    abbreviations = problems.each(_abbreviations, tables["abbreviations"])
    courses = problems.each(_course, tables[""])
    problems.raise_if_any()
    with problems.noted():
        _check_entries(entries, folder)
        _check_bases(bases, dict(abbreviations[0]))
    problems.raise_if_any()
    return replace(
        courses[0],
        abbreviations=abbreviations[0],
        legal_bases=tuple(basis for _, basis in bases),
        modules=_modules(folder, entries),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A module's table in `course.toml`."""

    line: int
    code: str
    file: str
    periods: int
    pass_mark_tenths: int
    attempt_limit: int | None
    required: tuple[RequiredOf, ...]
    always_shows_111: bool


def _read_tables(path: Path) -> dict[str, list[Fields]]:
    """The tables of the file by name, each list in the order of the file; "" is the top."""
    text = read_text(path)
    for number, line in enumerate(text.split("\n"), start=1):
        for message in character_faults(line):
            raise LineError(number, message)
    try:
        top = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _DECODE_ERROR_LINE.search(str(error))
        raise LineError(int(place[1]) if place else 1, f"Không đọc được TOML: {error}.") from None
    return _tables(top, key_lines(text))


def _tables(top: dict[str, Any], lines: KeyLines) -> dict[str, list[Fields]]:
    course = Fields(top, lines["", 0])
    named = {
        "modules": course.tables("modules"),
        "legal_bases": course.tables("legal_bases"),
        "abbreviations": [course.value("abbreviations", dict, "một bảng")],
    }
    return {
        "": [course],
        **{
            name: [
                Fields(table, lines.get((name, place), lines["", 0]))
                for place, table in enumerate(tables)
            ]
            for name, tables in named.items()
        },
    }


def _course(fields: Fields) -> CourseContent:
    """The course without what has tables of its own."""
    course = CourseContent(
        code=fields.matching_text("code", _COURSE_CODE),
        title=fields.text("title"),
        summary=fields.text("summary"),
        effective_from=fields.day("effective_from"),
        reviewed_on=fields.day("reviewed_on"),
        required_from=fields.day("required_from"),
        validity_months=fields.optional_whole("validity_months", lowest=1, highest=600),
        abbreviations=(),
        legal_bases=(),
        modules=(),
    )
    fields.refuse_unknown()
    return course


def _abbreviations(fields: Fields) -> tuple[tuple[str, str], ...]:
    return tuple((key, fields.text(key)) for key in fields.names)


def _legal_basis(fields: Fields) -> tuple[int, LegalBasis]:
    basis = LegalBasis(
        document=fields.text("document"),
        abbreviation=fields.optional_text("abbreviation"),
        about=fields.optional_text("about"),
        dates=fields.optional_text("dates"),
        names=fields.optional_names("names", _NAME) or (),
    )
    fields.refuse_unknown()
    return fields.line, basis


def _entry(fields: Fields) -> _Entry:
    entry = _Entry(
        line=fields.line,
        code=fields.text("code"),
        file=fields.matching_text("file", _FILE_NAME),
        periods=fields.whole("periods", lowest=1, highest=200),
        pass_mark_tenths=fields.whole("pass_mark_tenths", lowest=1, highest=100),
        attempt_limit=fields.optional_whole("attempt_limit", lowest=1, highest=100),
        required=tuple(_required_of(clause) for clause in fields.subtables("required")),
        always_shows_111=fields.flag("always_shows_111"),
    )
    fields.refuse_unknown()
    return entry


def _required_of(fields: Fields) -> RequiredOf:
    clause = RequiredOf(
        groups=fields.optional_names("groups", _GROUP),
        positions=fields.optional_names("positions", _POSITION),
        kinds=fields.optional_names("kinds", _KIND),
    )
    fields.refuse_unknown()
    return clause


def _check_entries(entries: Sequence[_Entry], folder: Path) -> None:
    if not entries:
        raise LineError(1, "Khóa chưa có chuyên đề; hãy thêm bảng [[modules]].")
    for place, entry in enumerate(entries):
        earlier = entries[:place]
        if any(other.code == entry.code or other.file == entry.file for other in earlier):
            raise LineError(
                entry.line, f"Mã {entry.code} hoặc tệp {entry.file} bị lặp; hãy bỏ một."
            )
    undeclared = {path.name for path in folder.glob("*.md")} - {entry.file for entry in entries}
    if undeclared:
        names = ", ".join(sorted(undeclared))
        raise LineError(1, f"Chưa khai trong [[modules]]: {names}; hãy khai hoặc chuyển tệp đi.")


def _check_bases(bases: Iterable[tuple[int, LegalBasis]], abbreviations: dict[str, str]) -> None:
    taken: set[str] = set()
    for line, basis in bases:
        repeated = taken & set(basis.all_names)
        if repeated:
            raise LineError(line, f"“{min(repeated)}” đã chỉ một văn bản khác; hãy bỏ một.")
        taken |= set(basis.all_names)
        if basis.abbreviation is not None and basis.abbreviation not in abbreviations:
            raise LineError(
                line, f"“{basis.abbreviation}” chưa có trong [abbreviations]; hãy thêm vào."
            )


def _modules(folder: Path, entries: Iterable[_Entry]) -> tuple[CourseModule, ...]:
    modules: list[CourseModule] = []
    found: list[Problem] = []
    for entry in entries:
        try:
            modules.append(_module(folder, entry))
        except ContentError as error:
            found.extend(error.problems)
    if found:
        raise ContentError(found)
    return tuple(modules)


def _module(folder: Path, entry: _Entry) -> CourseModule:
    problems = Problems(entry.file)
    with problems.noted():
        content = parse_module(read_text(folder / entry.file), file=entry.file)
        if content.code != entry.code:
            raise LineError(1, f"Chuyên đề là {content.code}, {COURSE_FILE} ghi {entry.code}.")
    problems.raise_if_any()
    return CourseModule(
        file=entry.file,
        periods=entry.periods,
        pass_mark_tenths=entry.pass_mark_tenths,
        attempt_limit=entry.attempt_limit,
        required=entry.required,
        content=content,
        always_shows_111=entry.always_shows_111,
    )
