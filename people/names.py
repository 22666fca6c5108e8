"""Vietnamese names: parts, order and search.

The given name is the last word and leads the order of official lists. Sort keys are ASCII, so that
every database sorts alike whatever its collation.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Letters in the order of the Vietnamese alphabet; tones break ties (huyền before hỏi before ngã …).
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: index for index, letter in enumerate(_ALPHABET)}
_TONE_RANK = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# After the blank that ends a part, before any letter: "Thị" comes before "Thị Ngọc".
_WORD_BREAK = "!"
SORT_KEY_LENGTH = 500
LETTERS = re.compile(r"[^\W\d_]+")
_SHAPE_MARKS = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: part of the letter


class NameParts(NamedTuple):
    """Họ, tên đệm, tên. A one-word name is all given name."""

    family: str
    middle: str
    given: str


def clean_name(text: str) -> str:
    """NFC, single blanks, no blanks around, no invisible characters; letter case as written."""
    if text.isascii():
        return " ".join(text.split())
    if not text.isprintable():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFC", text).split())


def capitalised(name: str) -> str:
    """ "nguyễn thị MINH thư" → "Nguyễn Thị Minh Thư". A word of both cases is as it is written."""
    return " ".join(_capitalised(word) for word in name.split(" "))


def _capitalised(word: str) -> str:
    if word.islower():
        return word[:1].upper() + word[1:]
    if word.isupper():
        return LETTERS.sub(lambda run: run[0][0] + run[0][1:].lower(), word)
    return word


def split_name(full_name: str) -> NameParts:
    """Split at the first and the last blank: "Nguyễn Thị Ngọc Ánh" → Nguyễn, Thị Ngọc, Ánh."""
    words = clean_name(full_name).split(" ")
    if len(words) == 1:
        return NameParts("", "", words[0])
    return NameParts(words[0], " ".join(words[1:-1]), words[-1])


def sort_key(parts: NameParts) -> str:
    """ASCII key: given name first, then family, then middle; in each đ after d, and tones last.

    So all called Hà stand together, before Hả and Hạ, whatever their family names; a name comes
    before the longer one that it begins.
    """
    ordered = [parts.given, parts.family, parts.middle]
    key = " ".join(f"{_letters(part)} {_tones(part)}" for part in ordered)
    return key[:SORT_KEY_LENGTH]


def title_key(text: str) -> str:
    """ASCII key of a name read from its first word on, as of a unit; otherwise as `sort_key`."""
    return f"{_letters(text)} {_tones(text)}"


def folded(text: str) -> str:
    """Lower case without marks, đ → d: what a search compares ("an toan" finds "An Toàn")."""
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join([c for c in decomposed if not unicodedata.combining(c)]).split())


@lru_cache(maxsize=4096)  # parts of names are few; a list of a city's people is long
def _letters(text: str) -> str:
    """Two characters a letter, so that ă stands between a and b."""
    return "".join(_letter_code(letter) for letter, _ in _decompose(text))


def _letter_code(letter: str) -> str:
    rank = _LETTER_RANK.get(letter)
    if letter == " ":
        return _WORD_BREAK
    if rank is None:
        return letter if letter.isascii() else ""
    base = letter if letter.isascii() else folded(letter)[:1]
    return base + str(rank - _LETTER_RANK[base])


@lru_cache(maxsize=4096)
def _tones(text: str) -> str:
    return "".join(str(tone) for _, tone in _decompose(text))


def _decompose(text: str) -> list[tuple[str, int]]:
    """Letters of the alphabet (ă, đ, ơ whole) with the rank of their tone."""
    letters: list[tuple[str, int]] = []
    for char in unicodedata.normalize("NFD", text.casefold()):
        if char in _TONE_RANK and letters:
            letters[-1] = (letters[-1][0], _TONE_RANK[char])
        elif char in _SHAPE_MARKS and letters:
            letter, tone = letters[-1]
            letters[-1] = (unicodedata.normalize("NFC", letter + char), tone)
        elif not unicodedata.combining(char):
            letters.append((char, 0))
    return letters
