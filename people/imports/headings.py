"""Finding the header of a list below its titles, and telling what each heading means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from people.imports.columns import PREFERRED, PRIVATE, normalised
from people.names import clean_name
from people.sheets import SheetRow

FURTHEST = 40  # rows that may stand above the header
SOUGHT = 300  # rows among which a header is found again
FEWEST = 2  # columns that a header names, else it is a title
SAMPLED = 30  # rows whose content helps to tell what a heading means
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
MARKS = {"nam": "male_mark", "nữ": "female_mark"}  # exact: "năm" is a year


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's own heading, and the one that spans it and its neighbours."""

    own: str
    above: str = ""

    @property
    def text(self) -> str:
        return " – ".join(filter(None, [self.above, self.own]))


@dataclass(frozen=True, slots=True)
class Found:
    row: int
    rows: int
    columns: dict[int, str]


def find_headings(rows: Sequence[SheetRow], names: Mapping[str, str]) -> Found:
    """The arrangement that names most columns; of equals the first, and the one of fewer rows."""
    found = [each for index in range(min(len(rows), FURTHEST)) for each in _at(rows, index, names)]
    if not found:
        return Found(1, 1, {})
    best = max(found, key=lambda each: (len(set(each.columns.values())), -each.rows))
    return best if len(best.columns) >= FEWEST else found[0]


def header_of(
    rows: Sequence[SheetRow], number: int, count: int
) -> tuple[list[SheetRow], list[Heading]]:
    """The one or two rows from this number on, and what they say of each column."""
    header = [row for row in rows[:SOUGHT] if number <= row.number < number + count]
    if not header or header[0].number != number:
        return [], []
    return header, _headings(header[0], header[1] if len(header) > 1 else None)


def field_named(heading: Heading, names: Mapping[str, str]) -> str:
    """What the heading means by itself, as our name of the column; blank for nothing."""
    mark = MARKS.get(heading.own.casefold().strip(" .:*"))
    if mark and "female_mark" in names.values():
        return mark
    own = _named(heading.own, names)
    if own or not heading.above:
        return own
    return _named(f"{heading.above} {heading.own}", names)


def _at(rows: Sequence[SheetRow], index: int, names: Mapping[str, str]) -> list[Found]:
    top = rows[index]
    body = rows[index + 1 :]
    found = [Found(top.number, 1, _columns(_headings(top, None), names, body))]
    if body and _is_second_line(top, body[0]):
        columns = _columns(_headings(top, body[0]), names, body[1:])
        found.append(Found(top.number, 2, columns))
    return found


def _texts(row: SheetRow) -> list[str]:
    return [clean_name(str(cell)) for cell in row.cells]


def _headings(top: SheetRow, below: SheetRow | None) -> list[Heading]:
    above = _texts(top)
    if below is None:
        return [Heading(text) for text in above]
    own = _texts(below)
    width = max(len(above), len(own))
    above += [""] * (width - len(above))
    own += [""] * (width - len(own))
    headings, spanning = [], ""
    for text, below_it in zip(above, own, strict=True):
        spanning = text or spanning
        headings.append(Heading(below_it, spanning) if below_it else Heading(text))
    return headings


def _is_second_line(top: SheetRow, below: SheetRow) -> bool:
    """Words stand only under headings that span several columns."""
    above, own = _texts(top), _texts(below)
    above += [""] * (len(own) + 1 - len(above))
    if below.number != top.number + 1 or not any(own):
        return False
    return all(
        not text
        or (not any(c.isdigit() for c in text) and any(above[: place + 1])
            and (not above[place] or not above[place + 1]))
        for place, text in enumerate(own)
    )  # fmt: skip


def _columns(
    headings: list[Heading], names: Mapping[str, str], body: Sequence[SheetRow]
) -> dict[int, str]:
    named = {place: field_named(heading, names) for place, heading in enumerate(headings)}
    columns = {place: field for place, field in named.items() if field}
    if "full_name" in names.values():
        _settle_names(columns, headings, body[:SAMPLED])
        _settle_sexes(columns)
        _settle_units(columns, headings, body[:SAMPLED])
    _settle_rivals(columns, headings)
    return columns


def _named(text: str, names: Mapping[str, str]) -> str:
    """Personal numbers and the like are never read unless somebody says so."""
    whole = normalised(text)
    if PRIVATE.search(whole):
        return ""
    return names.get(whole) or names.get(normalised(BRACKETS.sub(" ", text)), "")


def _settle_names(
    columns: dict[int, str], headings: list[Heading], body: Sequence[SheetRow]
) -> None:
    """ "Tên" is the given name beside "Họ đệm", else all of it. A heading may span both."""
    has = set(columns.values())
    for place, field in list(columns.items()):
        if field == "given_name" and "family_and_middle_name" not in has:
            if "full_name" in has:
                del columns[place]
            else:
                columns[place] = "full_name"
        elif field == "full_name" and _is_split(place, columns, headings, body):
            columns[place], columns[place + 1] = "family_and_middle_name", "given_name"
        elif field == "family_and_middle_name" and "given_name" not in has:
            del columns[place]
    if {"full_name", "given_name"} <= set(columns.values()):
        for place, field in list(columns.items()):
            if field in ("given_name", "family_and_middle_name"):
                del columns[place]


def _is_split(
    place: int, columns: dict[int, str], headings: list[Heading], body: Sequence[SheetRow]
) -> bool:
    """ "Họ và tên" stands over two columns, the second of single words."""
    if place + 1 in columns or place + 1 >= len(headings) or headings[place + 1].text:
        return False
    people = [texts for texts in map(_texts, body) if len(list(filter(None, texts))) >= FEWEST + 1]
    pairs = [texts[place : place + 2] for texts in people if len(texts) > place + 1]
    pairs = [pair for pair in pairs if not pair[0].isdecimal()]  # of the columns, numbered
    given = [second for first, second in pairs if first and second]
    return len(given) > len(pairs) / 2 and all(_is_a_name(text) for text in given)


def _is_a_name(text: str) -> bool:
    """Of one word, and no mark or sex in a column without a heading."""
    return text.isalpha() and len(text) > 1 and normalised(text) not in ("nam", "nu", "co")


def _settle_sexes(columns: dict[int, str]) -> None:
    """Marks count where no column says the sex in words; "Nam" alone means nothing."""
    has = set(columns.values())
    for place, field in list(columns.items()):
        if field in MARKS.values() and ("sex" in has or "female_mark" not in has):
            del columns[place]


def _settle_units(
    columns: dict[int, str], headings: list[Heading], body: Sequence[SheetRow]
) -> None:
    """Under "Đơn vị" stand codes, or names, which are no codes."""
    for place, field in list(columns.items()):
        if field != "unit_code" or normalised(headings[place].own).startswith("ma "):
            continue
        texts = [_texts(row)[place] for row in body if place < len(row.cells)]
        if any(" " in text for text in texts):
            del columns[place]


def _settle_rivals(columns: dict[int, str], headings: list[Heading]) -> None:
    """Of several columns for one field, the best heading wins; equals are left to people."""
    for field, ranks in PREFERRED.items():
        places = [place for place, each in columns.items() if each == field]
        if len(places) < 2:
            continue
        order = {p: _rank(headings[p].own, ranks) for p in places}
        best = min(order.values())
        for place in places:
            if order[place] > best:
                del columns[place]


def _rank(text: str, ranks: Sequence[Sequence[str]]) -> int:
    name = normalised(BRACKETS.sub(" ", text))
    for rank, equals in enumerate(ranks):
        if name in equals or normalised(text) in equals:
            return rank
    return len(ranks)
