"""Reads a lesson from its section."""

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from . import words
from .errors import LineError
from .lines import Line
from .model import BodyBlock, Bullet, BulletList, CaseLevel, CaseScenario, LessonContent, Table
from .parts import Part, Section, parts_of, split_list

_PARTS = (
    words.OBJECTIVES,
    words.OPENING,
    words.BODY,
    words.CASE,
    words.HANDLING,
    words.PRACTICE,
    words.KEY_POINTS,
)
_BULLET = re.compile(r"- (\S.*)")
_ITEM = re.compile(r"  (\d+)\. (\S.*)")
_TABLE_RULE = re.compile(r"\|(---\|)+")
_KEY_POINTS_ALLOWED = (2, 3)


def read_lesson(section: Section, *, code: str, title: str) -> LessonContent:
    parts = parts_of(section, expected=_PARTS)
    objectives = parts[words.OBJECTIVES]
    for label in set(_PARTS) - {words.CASE}:
        refuse_note(parts[label])
    return LessonContent(
        code=code,
        title=title,
        objectives=split_list(objectives.line, objectives.only_text()),
        opening=parts[words.OPENING].only_text(),
        body=_body(parts[words.BODY].only_lines(colon=False)),
        case=_case(parts[words.CASE], parts[words.HANDLING]),
        practice=parts[words.PRACTICE].only_text(),
        key_points=_key_points(parts[words.KEY_POINTS]),
    )


def refuse_note(part: Part) -> None:
    if part.note is not None:
        raise LineError(part.line, f"Nhãn “{part.label}” không có phần trong ngoặc; hãy xóa đi.")


def _case(case: Part, handling: Part) -> CaseScenario:
    return CaseScenario(
        level=_case_level(case), text=case.only_text(), handling=handling.only_text()
    )


def _case_level(case: Part) -> CaseLevel:
    if case.note not in words.CASE_LEVELS:
        known = ", ".join(words.CASE_LEVELS)
        raise LineError(case.line, f"Tình huống phải ghi cấp trong ngoặc, là một trong: {known}.")
    return words.CASE_LEVELS[case.note]


def _key_points(part: Part) -> tuple[str, ...]:
    points = tuple(_bullet_text(line) for line in part.only_lines(colon=True))
    if len(points) not in _KEY_POINTS_ALLOWED:
        raise LineError(part.line, f"“{part.label}” có {len(points)} ý; hãy viết 2 hoặc 3 ý.")
    return points


def _bullet_text(line: Line) -> str:
    bullet = _BULLET.fullmatch(line.text)
    if not bullet:
        raise LineError(line.number, "Dòng này phải là một ý bắt đầu bằng “- ”.")
    return bullet[1]


def _body(lines: Iterable[Line]) -> tuple[BodyBlock, ...]:
    blocks: list[BodyBlock] = []
    for is_table, run in groupby(lines, key=lambda line: line.text.startswith("|")):
        read: Callable[[list[Line]], BodyBlock] = _table if is_table else _bullet_list
        blocks.append(read(list(run)))
    return tuple(blocks)


def _bullet_list(lines: list[Line]) -> BulletList:
    bullets: list[Bullet] = []
    for line in lines:
        item = _ITEM.fullmatch(line.text)
        if item and bullets:
            bullets[-1] = _with_item(bullets[-1], line, item)
        elif line.text.startswith("- "):
            bullets.append(Bullet(_bullet_text(line)))
        else:
            raise LineError(
                line.number,
                "Dòng này không phải ý (“- ”), ý con đánh số (hai dấu cách, “1. ”) hay bảng (“|”).",
            )
    return BulletList(tuple(bullets))


def _with_item(bullet: Bullet, line: Line, item: re.Match[str]) -> Bullet:
    number, text = item.groups()
    expected = len(bullet.items) + 1
    if number != str(expected):
        raise LineError(line.number, f"Ý con phải mang số {expected}, không phải {number}.")
    return Bullet(bullet.text, (*bullet.items, text))


def _table(lines: list[Line]) -> Table:
    if len(lines) < 3 or not _TABLE_RULE.fullmatch(lines[1].text):
        raise LineError(
            lines[0].number, "Bảng cần dòng tiêu đề, dòng “|---|---|” và ít nhất một dòng nội dung."
        )
    header, rule, *rows = lines
    width = rule.text.count("---")
    return Table(_cells(header, width), tuple(_cells(row, width) for row in rows))


def _cells(line: Line, width: int) -> tuple[str, ...]:
    if not (line.text.startswith("| ") and line.text.endswith(" |")):
        raise LineError(line.number, "Dòng của bảng phải có dạng “| ô | ô |”.")
    cells = split_list(line.number, line.text[2:-2], " | ")
    if len(cells) != width:
        raise LineError(line.number, f"Dòng này có {len(cells)} ô; bảng có {width} cột.")
    return cells
