"""Reads a question from its section."""

import re

from . import words
from .answers import ANSWER_READERS
from .errors import LineError
from .lessons import refuse_note
from .model import Difficulty, QuestionContent
from .parts import Part, Section, parts_of, split_list

_PARTS = (
    words.SCENARIO,
    words.STEM,
    words.KEY,
    words.FEEDBACK,
    words.SOURCES,
    words.DIFFICULTY,
)
_NAMES_A_LETTER = re.compile(r"\b(?:phương án|đáp án|lựa chọn|câu|ý) [A-E]\b", re.IGNORECASE)


def read_question(section: Section, *, code: str, kind_label: str) -> QuestionContent:
    if kind_label not in words.KINDS:
        known = "; ".join(words.KINDS)
        raise LineError(section.heading.number, f"Không có kiểu câu “{kind_label}”; dùng: {known}.")
    kind, has_scenario = words.KINDS[kind_label]
    parts = parts_of(section, expected=_PARTS if has_scenario else _PARTS[1:])
    for part in parts.values():
        refuse_note(part)
    sources = parts[words.SOURCES]
    return QuestionContent(
        code=code,
        kind=kind,
        scenario=parts[words.SCENARIO].only_text() if has_scenario else None,
        stem=parts[words.STEM].text_before_lines(),
        feedback=_feedback(parts[words.FEEDBACK]),
        sources=split_list(sources.line, sources.only_text()),
        difficulty=_difficulty(parts[words.DIFFICULTY]),
        **ANSWER_READERS[kind](code, parts[words.STEM], parts[words.KEY]),
    )


def _feedback(part: Part) -> str:
    text = part.only_text()
    if _NAMES_A_LETTER.search(text):
        raise LineError(
            part.line,
            "Phản hồi gọi phương án bằng chữ cái, nhưng thứ tự phương án được xáo; hãy nhắc lại "
            "nội dung phương án.",
        )
    return text


def _difficulty(part: Part) -> Difficulty:
    try:
        return words.DIFFICULTIES[part.only_text()]
    except KeyError:
        raise LineError(part.line, "Độ khó là một trong: dễ, vừa, khó.") from None
