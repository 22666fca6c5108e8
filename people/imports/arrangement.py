"""From the columns that a staff list has to those that are read: one name, one sex, one unit."""

from __future__ import annotations

from collections.abc import Mapping

from people.imports.layout import Layout
from people.imports.marks import FEMALE, sex_by_marks
from people.imports.reading import Values
from people.imports.widgets import day_in

# What is made of several columns is called by one of them.
CALLED = (("full_name", "given_name"), ("sex", "female_mark"), ("staff_group", "position"))


class Arrangement:
    """From the columns of the file to those of `RosterResource`."""

    def __init__(self, layout: Layout, default_unit: str) -> None:
        fields = set(layout.columns.values())
        self.default_unit = default_unit
        self.is_split = "full_name" not in fields
        self.is_marked = "sex" not in fields
        self.has_birth_by_sex = self.is_marked and "birth_date" not in fields

    def __call__(self, values: Values) -> Values:
        if self.default_unit and not str(values.get("unit_code", "")).strip():
            values["unit_code"] = self.default_unit
        if self.is_split:
            parts = [values.pop("family_and_middle_name"), values.pop("given_name")]
            values["full_name"] = " ".join(str(part) for part in parts)
        if self.is_marked:
            self._read_marks(values)
        return values

    def _read_marks(self, values: Values) -> None:
        female, male = values.pop("female_mark", None), values.pop("male_mark", None)
        if self.has_birth_by_sex:
            days = [cell for cell in (female, male) if cell and day_in(cell) is not None]
            values["birth_date"] = days[0] if len(days) == 1 else ""
        if female is None:
            values["sex"] = sex_by_marks("", male or "") or FEMALE
        else:
            values["sex"] = sex_by_marks(female, male)


def headers_of(headers: Mapping[str, str]) -> dict[str, str]:
    """How the file calls our columns."""
    named = dict(headers)
    for ours, theirs in CALLED:
        if ours not in named and theirs in named:
            named[ours] = named[theirs]
    return named
