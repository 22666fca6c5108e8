"""Rows of a list that are about nobody: section titles, totals, signatures, numbers of columns.

They are passed over only where no person can be meant: whoever were passed over by mistake would
count as having left. What speaks of somebody (a name in its column, a birth date, a sex) makes a
row one of hers, to be read or rejected in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from people.imports.columns import SEXES, STAFF_GROUPS, STATUSES, normalised
from people.imports.positions import group_implied
from people.imports.widgets import day_in
from people.names import clean_name
from people.sheets import Cell, SheetRow

# Compared with their marks: "Tổng cộng" is no Tống, "Tổ" no Tô.
TOTAL = re.compile(
    r"(tổng cộng|tổng số|cộng chung)\b|(tổng|cộng)\s*([:.]|\d|$)"
    r"|(danh sách|bảng)\b.*\b(có|gồm|này)\b.*\d"
)
SECTION = re.compile(
    r"(tổ|khối|bộ phận|ban giám hiệu|ban lãnh đạo|bgh|ban|nhóm|phòng|cán bộ|cbql|giáo viên|gv"
    r"|nhân viên|nv|văn phòng|hành chính|hợp đồng|biên chế|viên chức|điểm trường|phân hiệu|cơ sở)"
    r"(\s|:|$)"
)
UNIT = re.compile(r"(trường|mầm non|mẫu giáo|tiểu học|thcs|thpt|trung tâm|đơn vị)(\s|:)")
# From here on stand those who sign, who are nobody on the list.
SIGNATURE = re.compile(
    r"người lập|lập (biểu|bảng|danh sách)|(phó )?hiệu trưởng$|thủ trưởng|giám đốc$"
    r"|kế toán( trưởng)?$|trưởng phòng$|xác nhận|phê duyệt|duyệt|kt\.|tm\.|tl\.|\(?ký\b|nơi nhận"
    r"|(ghi chú|lưu ý)\s*:|(.{0,40}, ?)?ngày\b.{0,12}\btháng\b.{0,12}\bnăm\b"
)
FOOTERS = re.compile(f"(?:{TOTAL.pattern})|(?:{SIGNATURE.pattern})")
TITLES = re.compile(f"{FOOTERS.pattern}|(?:{SECTION.pattern})|(?:{UNIT.pattern})")
INDEX = re.compile(r"\A([ivx]+|[a-zđ]|\d{1,3})\s*[.):/-]+\s*")
ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9,
          "x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14}  # fmt: skip
COUNT = re.compile(r"\(?\d{1,4}[.)]?|[A-ZĐ]")  # of people, or the number of a row or column
FEWEST_COUNTED = 3
NAMES = ("full_name", "family_and_middle_name", "given_name")
DAYS = ("birth_date", "started_on", "ended_on")
MARKS_SET = {"x": "", "v": "", "nu": "", "nam": ""}
WORDS = {"sex": SEXES, "status": STATUSES, "staff_group": STAFF_GROUPS,
         "female_mark": MARKS_SET, "male_mark": MARKS_SET}  # fmt: skip


class Asides:
    """Asked of every row below the header in the file's order: what stands above counts.

    Of lists of other things than people, only footers and what is said of columns is passed over.
    """

    def __init__(
        self, columns: Mapping[int, str], header: Sequence[SheetRow], *, of_people: bool
    ) -> None:
        self._of_people = of_people
        self._places = {field: place for place, field in columns.items()}
        self._read = tuple(columns)
        self._headers = [[str(cell) for cell in row.cells] for row in header]
        self._is_beginning = True
        self._has_people = self._is_signed = self._is_apart = False
        self._sections = 0
        self._units: dict[int, str] = {}

    @property
    def units(self) -> dict[int, str]:
        """Titles that name units, by row, where they set people apart and no column does."""
        is_apart = self._is_apart or len(set(self._units.values())) > 1
        return self._units if is_apart and "unit_code" not in self._places else {}

    def holds(self, row: SheetRow) -> bool:
        """Whether nobody is meant by this row."""
        cells = row.cells
        place, label = _label(cells)
        if self._repeats_header(cells, place):
            self._is_signed = False
            return True
        if self._is_beginning and _counts_columns(cells):
            return True
        self._is_beginning = False
        if place < 0:
            return self._is_empty(cells)
        words = INDEX.sub("", label, count=1)
        if not self._of_people:
            return FOOTERS.match(words) is not None and self._is_alone(cells, place)
        is_title = self._is_next_section(cells, place, label) or bool(TITLES.match(words))
        if not is_title and not self._is_signed:
            self._has_people = True
            return False
        if self._speaks_of_somebody(cells, place, words):
            self._has_people, self._is_signed = True, False
            return False
        self._note_title(row.number, words, is_alone=self._is_alone(cells, place))
        return True

    def _note_title(self, number: int, words: str, *, is_alone: bool) -> None:
        if SIGNATURE.match(words):
            self._is_signed = True
        elif UNIT.match(words) and is_alone and not self._is_signed:
            self._units[number] = words
            self._is_apart = self._is_apart or self._has_people

    def _is_empty(self, cells: list[Cell]) -> bool:
        """Rows numbered in advance, with nobody in them."""
        return not any(str(cells[p]).strip() for p in self._read if p < len(cells))

    def _repeats_header(self, cells: list[Cell], place: int) -> bool:
        """As at the top of every printed page."""
        for header in self._headers:
            if 0 <= place < len(header) and header[place] == cells[place]:
                filled = [(p, str(c)) for p, c in enumerate(cells) if p in self._read and c != ""]
                if filled and all(p < len(header) and header[p] == text for p, text in filled):
                    return True
        return False

    def _is_next_section(self, cells: list[Cell], place: int, label: str) -> bool:
        """ "II. Ngữ văn", alone in its row and after "I": numbers of people aren't Roman."""
        found = INDEX.match(label)
        before = next((str(cell) for cell in reversed(cells[: max(place, 0)]) if cell != ""), "")
        numeral = ROMANS.get(found[1] if found else before.strip(" .)").casefold())
        if numeral != self._sections + 1 or not self._is_alone(cells, place):
            return False
        self._sections = numeral
        return True

    def _is_alone(self, cells: list[Cell], place: int) -> bool:
        others = [str(cell).strip() for p, cell in enumerate(cells) if p != place and cell != ""]
        return all(
            not text or COUNT.fullmatch(text) or text.casefold() in ROMANS for text in others
        )

    def _speaks_of_somebody(self, cells: list[Cell], place: int, words: str) -> bool:
        """Besides by its title. Among those who sign, a name alone is nobody of the list."""
        return any(
            _is_hers(field, cells[each], is_total=TOTAL.match(words) is not None)
            for field, each in self._places.items()
            if each != place
            and each < len(cells)
            and cells[each] != ""
            and not (self._is_signed and field in NAMES)
        )


def _is_hers(field: str, cell: Cell, *, is_total: bool) -> bool:
    """Whether the cell of this column can only be about a person."""
    text = clean_name(str(cell))
    if field == "person_code" and text and not is_total:
        return any(c.isdigit() for c in text)
    if not text or COUNT.fullmatch(text):
        return False
    if field in NAMES:
        return TITLES.match(text.casefold()) is None
    if field in DAYS:
        return day_in(cell) is not None
    if field == "position":
        return group_implied(text) != "" and SIGNATURE.match(text.casefold()) is None
    if field in WORDS:
        return normalised(text) in WORDS[field]
    return any(c.isdigit() or c == "@" for c in text)


def _label(cells: list[Cell]) -> tuple[int, str]:
    """The first words of the row, behind its number, and where they stand; -1 if there are none."""
    for place, cell in enumerate(cells):
        if isinstance(cell, int) or cell == "":
            continue
        text = clean_name(str(cell))
        if text and not COUNT.fullmatch(text) and text.casefold().strip(".)") not in ROMANS:
            return place, text.casefold()
    return -1, ""


def _counts_columns(cells: list[Cell]) -> bool:
    """ "1 | 2 | 3 | 4" or "A | B | 1 | 2" below the header."""
    texts = [str(cell).strip() for cell in cells if cell != ""]
    numbers = [int(text.strip("()")) for text in texts if text.strip("()").isdecimal()]
    return (
        len(texts) >= FEWEST_COUNTED
        and all(COUNT.fullmatch(text) for text in texts)
        and len(set(numbers)) == len(numbers)
        and numbers == sorted(numbers)
    )
