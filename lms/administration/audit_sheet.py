"""The audit log as the rows of a table to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone, translation
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


def sheet_rows(entries: QuerySet[AuditEntry], *, language: str) -> Iterator[Sequence[Value]]:
    """One row an entry. In the language named: rows are written after the view has returned, when
    nobody's language is chosen any more."""
    read = entries.iterator(chunk_size=BATCH)
    while batch := list(islice(read, BATCH)):
        with translation.override(language):
            rows = [_row(entry) for entry in batch]
        yield from rows


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
