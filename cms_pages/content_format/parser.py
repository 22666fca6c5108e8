"""Reads one module from its file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from . import words
from .errors import LineError, Problems
from .lessons import read_lesson, refuse_note
from .lines import read_lines
from .model import LessonContent, ModuleContent, Notice, QuestionContent
from .parts import Part, Section, parts_of, split_list, split_sections
from .questions import read_question

_MODULE = re.compile(r"# (?P<module>KH[1-9]\d*)\. (?P<title>\S.*)")
_LESSON = re.compile(r"## (?P<module>KH[1-9]\d*)-B(?P<number>[1-9]\d*)\. (?P<title>\S.*)")
_BANK = re.compile(rf"## (?P<module>KH[1-9]\d*) – {words.BANK}")
_QUESTION = re.compile(r"#### (?P<module>KH[1-9]\d*)-C(?P<number>\d\d) · (?P<kind>\S.*)")
# In the order in which they must come.
_HEADINGS = (_MODULE, _LESSON, _BANK, _QUESTION)
_NAMES = ("chuyên đề", "bài học", "ngân hàng câu hỏi", "câu hỏi")
_ONLY_ONCE = (_MODULE, _BANK)


def parse_module(text: str, *, file: str) -> ModuleContent:
    """The module that `text` holds; raises ContentError with the faults found.

    A fault of a character or a heading hides those of the lessons and questions below it.
    `file` is only the name to give in messages.
    """
    problems = Problems(file)
    lines = read_lines(text, problems)
    problems.raise_if_any()
    with problems.noted():
        headed = [_headed(section) for section in split_sections(lines)]
        _check_outline(headed, last_line=text.count("\n") + 1)
    problems.raise_if_any()
    module = _read_module(headed, problems)
    problems.raise_if_any()
    return module


def parse_question(text: str, *, file: str) -> QuestionContent:
    """The one question that `text` holds; raises ContentError."""
    problems = Problems(file)
    lines = read_lines(text, problems)
    problems.raise_if_any()
    sections = problems.each(split_sections, [lines])
    headed = problems.each(_headed, sections[0][:1] if sections else [])
    questions = problems.each(_question, headed)
    problems.raise_if_any()
    return questions[0]


@dataclass(frozen=True, slots=True)
class _Headed:
    """A section whose heading is understood; `form` is one of `_HEADINGS`."""

    section: Section
    form: re.Pattern[str]
    heading: re.Match[str]

    @property
    def line(self) -> int:
        return self.section.heading.number

    @property
    def rank(self) -> int:
        return _HEADINGS.index(self.form)


def _headed(section: Section) -> _Headed:
    for form in _HEADINGS:
        heading = form.fullmatch(section.heading.text)
        if heading:
            return _Headed(section, form, heading)
    raise LineError(
        section.heading.number,
        "Tiêu đề không đúng mẫu; dùng “# KHn. …”, “## KHn-Bk. …”, "
        f"“## KHn – {words.BANK}” hoặc “#### KHn-Cxx · kiểu câu”.",
    )


def _check_outline(headed: Sequence[_Headed], *, last_line: int) -> None:
    for form, name in zip(_HEADINGS, _NAMES, strict=True):
        if not any(one.form is form for one in headed):
            raise LineError(last_line, f"Thiếu tiêu đề {name}; hãy thêm vào.")
    for before, after in pairwise(headed):
        if after.rank < before.rank:
            raise LineError(
                after.line,
                "Tiêu đề đặt sai chỗ; thứ tự là chuyên đề, các bài học, ngân hàng câu hỏi, các "
                "câu hỏi.",
            )
        if after.form is before.form and after.form in _ONLY_ONCE:
            raise LineError(after.line, "Tiêu đề này chỉ có một lần trong tệp; hãy bỏ một.")


def _read_module(headed: Sequence[_Headed], problems: Problems) -> ModuleContent:
    lessons = [one for one in headed if one.form is _LESSON]
    questions = [one for one in headed if one.form is _QUESTION]
    for check in (_check_module_code, _check_bank_is_bare):
        problems.each(check, [headed])
    problems.each(_check_numbering, [lessons, questions])
    heads = problems.each(_head, headed[:1])
    read_lessons = problems.each(_lesson, lessons)
    read_questions = problems.each(_question, questions)
    problems.raise_if_any()
    return replace(heads[0], lessons=tuple(read_lessons), questions=tuple(read_questions))


def _check_module_code(headed: Sequence[_Headed]) -> None:
    code = headed[0].heading["module"]
    for one in headed:
        if one.heading["module"] != code:
            raise LineError(one.line, f"Mã phải bắt đầu bằng {code} như tiêu đề đầu tệp.")


def _check_bank_is_bare(headed: Sequence[_Headed]) -> None:
    for one in headed:
        if one.form is _BANK and one.section.lines:
            raise LineError(
                one.section.lines[0].number,
                "Dòng không thuộc mục nào; dưới tiêu đề ngân hàng chỉ có các câu hỏi.",
            )


def _check_numbering(headed: Sequence[_Headed]) -> None:
    for expected, one in enumerate(headed, start=1):
        number = int(one.heading["number"])
        if number != expected:
            raise LineError(
                one.line,
                f"Số thứ tự là {number}, phải là {expected}; hãy đánh số liên tục từ 1, không lặp.",
            )


def _head(headed: _Headed) -> ModuleContent:
    """The module without its lessons and questions."""
    labels = (words.DESCRIPTION, words.OUTCOMES, *words.NOTICES)
    parts = parts_of(headed.section, expected=labels, optional=tuple(words.NOTICES))
    for part in parts.values():
        refuse_note(part)
    outcomes = parts[words.OUTCOMES]
    return ModuleContent(
        code=headed.heading["module"],
        title=headed.heading["title"],
        description=parts[words.DESCRIPTION].only_text(),
        outcomes=split_list(outcomes.line, outcomes.only_text()),
        notice=_notice([parts[label] for label in words.NOTICES if label in parts]),
        lessons=(),
        questions=(),
    )


def _notice(parts: Sequence[Part]) -> Notice | None:
    if len(parts) > 1:
        raise LineError(parts[1].line, "Một chuyên đề chỉ có một lưu ý hoặc cảnh báo; hãy gộp lại.")
    if not parts:
        return None
    return Notice(words.NOTICES[parts[0].label], parts[0].only_text())


def _lesson(headed: _Headed) -> LessonContent:
    heading = headed.heading
    code = f"{heading['module']}-B{heading['number']}"
    return read_lesson(headed.section, code=code, title=heading["title"])


def _question(headed: _Headed) -> QuestionContent:
    heading = headed.heading
    code = f"{heading['module']}-C{heading['number']}"
    return read_question(headed.section, code=code, kind_label=heading["kind"])
