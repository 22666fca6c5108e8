"""Writes a module in the course content format: the text that `parse_module` reads back equal."""

from collections.abc import Iterator, Sequence
from string import ascii_lowercase, ascii_uppercase, digits

from . import words
from .model import (
    BodyBlock,
    BulletList,
    ItemContent,
    LessonContent,
    MatchingContent,
    ModuleContent,
    OptionContent,
    OrderingContent,
    QuestionContent,
    QuestionKind,
    Table,
)

_KIND_LABELS = {kind: label for label, kind in words.KINDS.items()}
_LEVEL_LABELS = {level: label for label, level in words.CASE_LEVELS.items()}
_NOTICE_LABELS = {kind: label for label, kind in words.NOTICES.items()}
_DIFFICULTY_LABELS = {difficulty: label for label, difficulty in words.DIFFICULTIES.items()}


def write_module(module: ModuleContent) -> str:
    """The file's text, with one blank line between blocks and a line break at its end.

    Nothing is checked: text that the format can't hold is refused when it is read back.
    """
    blocks = [f"# {module.code}. {module.title}", _head(module)]
    for lesson in module.lessons:
        blocks.extend(_lesson(lesson))
    blocks.append(f"## {module.code} – {words.BANK}")
    blocks.extend(write_question(question) for question in module.questions)
    return "\n\n".join(blocks) + "\n"


def write_question(question: QuestionContent) -> str:
    """The question's part of the file, that `parse_question` reads back equal."""
    return "\n".join(_question(question))


def _head(module: ModuleContent) -> str:
    lines = [
        _labelled(words.DESCRIPTION, module.description),
        _labelled(words.OUTCOMES, "; ".join(module.outcomes)),
    ]
    if module.notice:
        lines.append(_labelled(_NOTICE_LABELS[module.notice.kind], module.notice.text))
    return "\n".join(lines)


def _lesson(lesson: LessonContent) -> Iterator[str]:
    yield f"## {lesson.code}. {lesson.title}"
    yield _labelled(words.OBJECTIVES, "; ".join(lesson.objectives))
    yield _labelled(words.OPENING, lesson.opening)
    yield "\n".join(
        [f"**{words.BODY}**", *(line for block in lesson.body for line in _body(block))]
    )
    case = _labelled(f"{words.CASE} ({_LEVEL_LABELS[lesson.case.level]})", lesson.case.text)
    yield "\n".join([case, _labelled(words.HANDLING, lesson.case.handling)])
    yield _labelled(words.PRACTICE, lesson.practice)
    yield "\n".join([f"**{words.KEY_POINTS}:**", *(f"- {point}" for point in lesson.key_points)])


def _body(block: BodyBlock) -> Iterator[str]:
    if isinstance(block, Table):
        yield _row(block.header)
        yield "|" + "---|" * len(block.header)
        yield from map(_row, block.rows)
    else:
        yield from _bullets(block)


def _bullets(block: BulletList) -> Iterator[str]:
    for bullet in block.bullets:
        yield f"- {bullet.text}"
        for number, item in enumerate(bullet.items, start=1):
            yield f"  {number}. {item}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _question(question: QuestionContent) -> Iterator[str]:
    has_scenario = question.scenario is not None
    yield f"#### {question.code} · {_KIND_LABELS[question.kind, has_scenario]}"
    if question.scenario is not None:
        yield _labelled(words.SCENARIO, question.scenario)
    yield _labelled(words.STEM, question.stem)
    options, key = _answer(question)
    yield from options
    yield _labelled(words.KEY, key)
    yield _labelled(words.FEEDBACK, question.feedback)
    yield _labelled(words.SOURCES, "; ".join(question.sources))
    yield _labelled(words.DIFFICULTY, _DIFFICULTY_LABELS[question.difficulty])


def _answer(question: QuestionContent) -> tuple[list[str], str]:
    """The option lines and the key."""
    if question.matching:
        return _matching(question.matching)
    if question.ordering:
        return _ordering(question.ordering)
    if question.accepted:
        return [], " | ".join(question.accepted)
    if question.kind == QuestionKind.TRUE_FALSE:
        return [], next(option.text for option in question.options if option.is_correct)
    return _choice(question.options)


def _choice(options: Sequence[OptionContent]) -> tuple[list[str], str]:
    right = [
        letter
        for letter, option in zip(ascii_uppercase, options, strict=False)
        if option.is_correct
    ]
    return _marked(ascii_uppercase, options), ", ".join(right)


def _matching(matching: MatchingContent) -> tuple[list[str], str]:
    lines = [*_marked(digits[1:], matching.left), *_marked(ascii_lowercase, matching.right)]
    mark_of = {
        item.id: mark
        for marks, side in ((digits[1:], matching.left), (ascii_lowercase, matching.right))
        for mark, item in zip(marks, side, strict=False)
    }
    return lines, "; ".join(f"{mark_of[left]}-{mark_of[right]}" for left, right in matching.pairs)


def _ordering(ordering: OrderingContent) -> tuple[list[str], str]:
    items = zip(ascii_uppercase, ordering.items, strict=False)
    letter_of = {item.id: letter for letter, item in items}
    key = ", ".join(letter_of[item_id] for item_id in ordering.order)
    return _marked(ascii_uppercase, ordering.items), key


def _marked(marks: str, items: Sequence[OptionContent | ItemContent]) -> list[str]:
    return [f"- {mark}. {item.text}" for mark, item in zip(marks, items, strict=False)]


def _labelled(label: str, text: str) -> str:
    return f"**{label}:** {text}"
