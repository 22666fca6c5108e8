"""Targets that coverage is measured against, and the reports that are sent about it."""

from reports.models.report import (
    Act,
    OutsideRow,
    Report,
    ReportAct,
    ReportKind,
    ReportSource,
    ReportState,
    Snapshot,
)
from reports.models.target import Target

__all__ = [
    "Act",
    "OutsideRow",
    "Report",
    "ReportAct",
    "ReportKind",
    "ReportSource",
    "ReportState",
    "Snapshot",
    "Target",
]
