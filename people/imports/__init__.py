"""Lists that people bring: units and staff, as they stand on a day.

A list is read whole (`people.sheets`), each row parsed and checked (`*_rows`), reconciled with what
is known, and applied in one transaction or not at all.
"""
