"""The sex of a person: in words, or by an "x" in a column of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from people.imports.columns import normalised
from people.imports.widgets import ChoiceWidget, day_in
from people.names import clean_name
from people.sheets import Cell

FEMALE, MALE = "Nữ", "Nam"
BOTH_MARKED = "Nam + Nữ"  # what `sex_by_marks` makes of marks in both columns
MARKED = {"x", "v", "1", "✓", "✔", "☑", "+", "*", "co", "true", "yes", "y"}
UNMARKED = {"", "0", "-", "khong", "false", "no", "n", "☐"}


class SexWidget(ChoiceWidget):
    """In words: which of 1 and 0 is a woman differs from list to list."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        text = clean_name(str(value))
        if text in ("0", "1", "2"):
            raise ValueError(
                _("“%(text)s” không cho biết là nam hay nữ: hãy ghi Nam, Nữ.") % {"text": text}
            )
        if text == BOTH_MARKED:
            raise ValueError(_("Đánh dấu cả Nam và Nữ: hãy để lại một dấu."))
        return super().clean(value, row)


def sex_by_marks(female: Cell, male: Cell | None) -> Cell:
    """The word for the sex that is marked; blank for none. Without a column for men, no mark in
    that for women says Nam. What is no mark is given back, to be refused."""
    is_female, is_male = _mark(female, "nu"), _mark(male or "", "nam")
    if is_female is None or is_male is None:
        return female if is_female is None else male or ""
    if is_female and is_male:
        return BOTH_MARKED
    if is_female:
        return FEMALE
    return MALE if is_male or male is None else ""


def _mark(cell: Cell, word: str) -> bool | None:
    """None for what is no mark. A day stands for one: lists write birth dates there."""
    text = clean_name(str(cell))
    name = normalised(text) or text
    if name in UNMARKED:
        return False
    if name in MARKED or name == word or day_in(cell) is not None:
        return True
    return False if name in ("nam", "nu") else None
