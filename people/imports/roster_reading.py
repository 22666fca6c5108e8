"""A sheet read as a staff list: its rows, and what is wrong with them before anything is known."""

from __future__ import annotations

from datetime import date

from people.imports.arrangement import Arrangement, headers_of
from people.imports.layout import Layout, problems_by_field, suggest_layout
from people.imports.list_checks import check_fonts, check_people, is_of_several_units
from people.imports.reading import Reading, Table, empty_file, fill
from people.imports.roster_rows import RosterResource, RosterRow
from people.sheets import Sheet


def read_roster(
    sheet: Sheet, *, as_of: date, layout: Layout | None = None, default_unit: str = ""
) -> Reading[RosterRow]:
    """Rows in the file's order; rows rejected here may be among them, so ask `rejected`.

    `layout` is the suggested one unless given; `default_unit` is the code of the unit that rows
    mean which name none.
    """
    if not sheet.rows:
        return empty_file()
    layout = layout or suggest_layout(sheet)
    table = Table(sheet, layout.header_row, layout.header_rows, layout.columns, of_people=True)
    reading: Reading[RosterRow] = Reading(headers_of(table.headers))
    for field, message in problems_by_field(layout, has_default_unit=bool(default_unit)):
        reading.reject(layout.header_row, field, message)
    if reading.rejected:
        reading.rejected.sort()
        return reading
    resource = RosterResource()
    fill(reading, resource, table, Arrangement(layout, default_unit))
    if is_of_several_units(table.asides.units, reading):
        return reading
    check_people(reading, as_of)
    check_fonts(reading, old_names=resource.fields["full_name"].widget.old_names)
    reading.rejected.sort()
    return reading
