"""Targets that coverage is measured against, and to whom figures are given."""

from reports.models.sharing import (
    Cadence,
    ExportSchedule,
    FileKind,
    Share,
    SharedFile,
    SharedWhat,
    SharingToken,
    TokenState,
)
from reports.models.target import Target

__all__ = [
    "Cadence",
    "ExportSchedule",
    "FileKind",
    "Share",
    "SharedFile",
    "SharedWhat",
    "SharingToken",
    "Target",
    "TokenState",
]
