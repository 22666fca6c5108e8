"""Questions: coverage, and the people behind it."""

from reports.queries.coverage import NO_ROSTER, UNIT_NOT_OPEN, RootUnitError, coverage_by

__all__ = ["NO_ROSTER", "UNIT_NOT_OPEN", "RootUnitError", "coverage_by"]
