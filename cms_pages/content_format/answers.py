"""Reads options and key, by kind of question."""

import re
from collections.abc import Callable, Sequence
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TypedDict

from . import words
from .errors import LineError
from .lines import Line
from .model import (
    ItemContent,
    MatchingContent,
    OptionContent,
    OrderingContent,
    QuestionKind,
    option_id,
)
from .parts import Part, split_list

_OPTION = re.compile(r"- ([A-Za-z0-9]+)\. (\S.*)")
_PAIR = re.compile(r"([1-9])-([a-z])")
_NUMBERED = re.compile(r"- \d")
_DIGIT = re.compile(r"\d")


class Answer(TypedDict, total=False):
    """The fields of QuestionContent that depend on its kind."""

    options: tuple[OptionContent, ...]
    keep_order: bool
    matching: MatchingContent
    ordering: OrderingContent
    accepted: tuple[str, ...]


def folded(text: str) -> str:
    """How two spellings are compared: case, and outer and repeated blanks, don't count."""
    return " ".join(text.casefold().split())


def _single(code: str, stem: Part, key: Part) -> Answer:
    texts = _options(stem, lowest=4, highest=4)
    letters = _letters(key, within=len(texts))
    if len(letters) != 1:
        raise LineError(key.line, "Câu một lựa chọn có đúng một chữ cái ở đáp án.")
    return _choice(code, texts, letters)


def _multiple(code: str, stem: Part, key: Part) -> Answer:
    texts = _options(stem, lowest=4, highest=5)
    letters = _letters(key, within=len(texts))
    if list(letters) != sorted(letters):
        raise LineError(
            key.line, "Các chữ cái ở đáp án phải theo thứ tự; hãy xếp lại, ví dụ “A, C”."
        )
    if not 2 <= len(letters) < len(texts):
        raise LineError(
            key.line, "Câu nhiều lựa chọn có từ hai phương án đúng và ít nhất một phương án sai."
        )
    return _choice(code, texts, letters)


def _choice(code: str, texts: Sequence[str], right: Sequence[str]) -> Answer:
    return Answer(
        options=tuple(
            OptionContent(option_id(code, letter), text, letter in right)
            for letter, text in zip(ascii_uppercase, texts, strict=False)
        ),
        keep_order=all(_DIGIT.search(text) for text in texts),
    )


def _true_false(code: str, stem: Part, key: Part) -> Answer:
    _refuse_options(stem)
    right = key.only_text()
    if right not in (words.TRUE, words.FALSE):
        raise LineError(key.line, "Đáp án của câu Đúng/Sai là “Đúng” hoặc “Sai”.")
    return Answer(
        options=tuple(
            OptionContent(option_id(code, text), text, text == right)
            for text in (words.TRUE, words.FALSE)
        ),
        keep_order=True,
    )


def _matching(code: str, stem: Part, key: Part) -> Answer:
    split = sum(bool(_NUMBERED.match(line.text)) for line in stem.lines)
    left = _listed(stem, stem.lines[:split], digits[1:])
    right = _listed(stem, stem.lines[split:], ascii_lowercase)
    if len(left) < 2 or len(left) != len(right):
        raise LineError(
            stem.line,
            f"Câu ghép đôi có {len(left)} vế trái và {len(right)} vế phải; hai bên phải bằng nhau "
            "và có từ hai vế.",
        )
    matched = _pairs(key, len(left))
    left_items = _items(code, digits[1:], left)
    ids = {letter: option_id(code, letter) for letter in matched}
    pairs = tuple((item.id, ids[letter]) for item, letter in zip(left_items, matched, strict=True))
    return Answer(matching=MatchingContent(left_items, _items(code, ascii_lowercase, right), pairs))


def _pairs(key: Part, count: int) -> list[str]:
    """The right-hand letter of each left-hand number, in order of the numbers."""
    pairs = [_PAIR.fullmatch(pair) for pair in split_list(key.line, key.only_text())]
    numbers = [pair and pair[1] for pair in pairs]
    letters = [pair[2] for pair in pairs if pair]
    if numbers != list(digits[1 : count + 1]) or sorted(letters) != list(ascii_lowercase[:count]):
        raise LineError(
            key.line,
            "Đáp án ghép đôi phải nêu mỗi vế trái theo thứ tự và dùng mỗi vế phải một lần, ví dụ "
            "“1-c; 2-a; 3-b”.",
        )
    return letters


def _ordering(code: str, stem: Part, key: Part) -> Answer:
    texts = _options(stem, lowest=3, highest=9)
    letters = _letters(key, within=len(texts))
    if len(letters) != len(texts):
        raise LineError(key.line, "Đáp án sắp xếp phải nêu mọi chữ cái, mỗi chữ một lần.")
    if list(letters) == sorted(letters):
        raise LineError(
            stem.line, "Các bước đang viết sẵn theo thứ tự đúng; hãy xáo lại rồi sửa đáp án."
        )
    order = tuple(option_id(code, letter) for letter in letters)
    return Answer(ordering=OrderingContent(_items(code, ascii_uppercase, texts), order))


def _short_answer(code: str, stem: Part, key: Part) -> Answer:
    _refuse_options(stem)
    accepted = split_list(key.line, key.only_text(), " | ")
    if any("|" in spelling for spelling in accepted):
        raise LineError(key.line, "Cách các cách viết bằng “ | ”, có dấu cách hai bên.")
    _refuse_equal(key.line, accepted)
    return Answer(accepted=accepted)


# Each takes the question's code, the stem with the option lines below it, and the key.
ANSWER_READERS: dict[QuestionKind, Callable[[str, Part, Part], Answer]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ORDERING: _ordering,
    QuestionKind.SHORT_ANSWER: _short_answer,
}


def _options(stem: Part, *, lowest: int, highest: int) -> list[str]:
    texts = _listed(stem, stem.lines, ascii_uppercase)
    if not lowest <= len(texts) <= highest:
        wanted = str(lowest) if lowest == highest else f"từ {lowest} đến {highest}"
        raise LineError(stem.line, f"Câu này có {len(texts)} phương án; cần {wanted}.")
    return texts


def _listed(stem: Part, lines: Sequence[Line], marks: str) -> list[str]:
    """The texts of `- A. …` lines, marked in order without gaps and all different."""
    texts = []
    for line, mark in zip(lines, marks, strict=False):
        option = _OPTION.fullmatch(line.text)
        if not option or option[1] != mark:
            raise LineError(line.number, f"Dòng này phải bắt đầu bằng “- {mark}. ”.")
        texts.append(option[2])
    if len(lines) > len(marks):
        raise LineError(lines[len(marks)].number, f"Nhiều nhất {len(marks)} dòng; hãy bớt đi.")
    _refuse_equal(stem.line, texts)
    return texts


def _items(code: str, marks: str, texts: Sequence[str]) -> tuple[ItemContent, ...]:
    return tuple(
        ItemContent(option_id(code, mark), text) for mark, text in zip(marks, texts, strict=False)
    )


def _letters(key: Part, *, within: int) -> tuple[str, ...]:
    letters = split_list(key.line, key.only_text(), ", ")
    known = ascii_uppercase[:within]
    unknown = [letter for letter in letters if letter not in tuple(known)]
    if unknown:
        raise LineError(key.line, f"Đáp án “{unknown[0]}” không có trong các phương án {known}.")
    if len(set(letters)) < len(letters):
        raise LineError(key.line, "Một chữ cái bị lặp ở đáp án; hãy bỏ bớt.")
    return letters


def _refuse_options(stem: Part) -> None:
    if stem.lines:
        raise LineError(
            stem.lines[0].number, "Kiểu câu này không có phương án; hãy xóa các dòng này."
        )


def _refuse_equal(line: int, texts: Sequence[str]) -> None:
    seen: set[str] = set()
    for text in texts:
        if folded(text) in seen:
            raise LineError(line, f"“{text}” xuất hiện hai lần; hãy sửa hoặc bỏ một.")
        seen.add(folded(text))
