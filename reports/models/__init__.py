"""Targets that coverage is measured against, reports about it, and to whom figures are given."""

from reports.models.reminder import Reminder, ReminderMail
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
from reports.models.target import Target, TargetChange

__all__ = [
    "Act",
    "Cadence",
    "ExportSchedule",
    "FileKind",
    "OutsideRow",
    "Reminder",
    "ReminderMail",
    "Report",
    "ReportAct",
    "ReportKind",
    "ReportSource",
    "ReportState",
    "Share",
    "SharedFile",
    "SharedWhat",
    "SharingToken",
    "Snapshot",
    "Target",
    "TargetChange",
    "TokenState",
]
