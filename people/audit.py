"""Writing the audit log. Whoever does something worth asking about later calls `record`:

    from people.audit import AuditAction, record

    record(AuditAction.CODE_ISSUED, actor=request.user, subject=person, detail={"reason": reason})

- Call it inside the transaction of the act, after the act: then both stand or neither.
- `actor` is `request.user`. While an administrator views as someone, that user carries her
  (`viewed_by`), and the entry names both; nothing special is to be done.
- `subject` is the **person** whenever the act concerns one, whatever else it concerns (put the
  certificate's number, the quiz's code, … in `detail`): a person is shown what was done to her
  record by `AuditEntry.objects.about(person)`, newest first, e.g. on `/my/record/`. Use
  `.select_related("actor__person", "acting_as__person")` and show `entry.at`,
  `entry.actor`, `entry.action_label` there; when an administrator viewed as her, that is the pair
  of `view-as.started` and `view-as.ended` with `detail["reason"]`.
- `detail` is small: codes, counts, a reason. No copies of personal data, no passwords or codes.
- A new kind of act is a line of `people.models.audit.AuditAction`; it needs no migration.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from people.models.audit import AuditAction, AuditEntry, reference_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User

__all__ = ["AuditAction", "record", "record_each"]

LONGEST_LABEL = 200


def record(
    action: AuditAction | str,
    *,
    actor: User | AnonymousUser | None,
    subject: models.Model | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """One line of the log; None as actor is the system. `ValueError` for an unknown action."""
    entry = _entry(action, actor, subject, detail)
    entry.save()
    return entry


def record_each(
    action: AuditAction | str,
    *,
    actor: User | AnonymousUser | None,
    subjects: Iterable[tuple[models.Model, dict[str, Any]]],
) -> None:
    """The same act on many, each with its detail: a line a subject, written at once."""
    entries = [_entry(action, actor, subject, detail) for subject, detail in subjects]
    AuditEntry.objects.bulk_create(entries)


def _entry(
    action: AuditAction | str,
    actor: User | AnonymousUser | None,
    subject: models.Model | None,
    detail: dict[str, Any] | None,
) -> AuditEntry:
    doer = actor if actor is not None and actor.is_authenticated else None
    administrator = getattr(doer, "viewed_by", None)
    return AuditEntry(
        action=AuditAction(action),
        actor_id=(administrator or doer).pk if doer else None,
        acting_as_id=doer.pk if doer and administrator else None,
        subject=reference_to(subject) if subject is not None else "",
        subject_label=str(subject)[:LONGEST_LABEL] if subject is not None else "",
        detail=detail or {},
    )
