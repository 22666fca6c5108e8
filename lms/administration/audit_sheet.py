"""The audit log as the rows of a table to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import AuditEntry
from people.sheets.writing import Value

BATCH = 1000  # entries in memory at once


def headings() -> list[str]:
    return [
        _("Ngày"),
        _("Giờ"),
        _("Người thực hiện"),
        _("Đang xem như"),
        _("Việc"),
        _("Về ai"),
        _("Chi tiết"),
    ]


def sheet_rows(entries: QuerySet[AuditEntry]) -> Iterator[Sequence[Value]]:
    """One row an entry, in the reader's language."""
    return (_row(entry) for entry in entries.iterator(chunk_size=BATCH))


def _row(entry: AuditEntry) -> list[Value]:
    at = timezone.localtime(entry.at)
    return [
        at.date(),
        f"{at:%H:%M:%S}",
        str(entry.actor or _("Hệ thống")),
        str(entry.acting_as or ""),
        entry.action_label,
        entry.subject_label,
        "; ".join(f"{each.label}: {each.words}" for each in entry.details),
    ]
