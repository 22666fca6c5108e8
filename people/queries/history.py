"""What was done to a person's record, for those who may read it."""

from __future__ import annotations

from people.models import AuditAction, AuditEntry, Person

LOOKED_AT = (
    AuditAction.RECORD_VIEWED,
    AuditAction.CERTIFICATE_DOWNLOADED,
    AuditAction.VIEW_AS_STARTED,
    AuditAction.VIEW_AS_ENDED,
)


def changes_of(person: Person, *, limit: int) -> list[AuditEntry]:
    """The latest first, with who did each. Who merely looked is the person's own to know."""
    entries = AuditEntry.objects.about(person).exclude(action__in=LOOKED_AT)
    return list(entries.select_related("actor__person", "acting_as__person")[:limit])
