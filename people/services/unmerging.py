"""Taking a merge back: every row as it was, while nothing has come to depend on it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction
from people.dates import local_day
from people.merging.moves import Move, changed_since, leaning_on
from people.merging.plan import Guard
from people.models import Membership, PersonMerge, PersonUnmerge, User
from people.queries.merging import refusal_to_undo
from people.services.merging import MergeError, held, log, written
from people.signals import memberships_changed


@transaction.atomic
def undo_merge(merge: PersonMerge, *, by: User, at: datetime, reason: str) -> PersonUnmerge:
    """Every row as it was before. Raises `MergeError`, and nothing is changed."""
    if not reason.strip():
        raise MergeError(_("Hãy ghi lý do hoàn tác."))
    held(merge.kept, merge.gone)
    merge = PersonMerge.objects.select_related("kept", "gone").get(pk=merge.pk)
    reasons = [undo_refusal(merge, by=by, at=at), *obstacles_to_undoing(merge)]
    if any(reasons):
        raise MergeError(" ".join(filter(None, reasons)))
    written(move.inverse for move in reversed(_moves(merge)))
    memberships_changed.send(sender=Membership, person_ids={merge.kept_id, merge.gone_id})
    undoing = PersonUnmerge.objects.create(
        merge=merge, undone_by=by, undone_at=at, reason=reason.strip()
    )
    log(AuditAction.PEOPLE_UNMERGED, merge, by=by, reason=undoing.reason)
    return undoing


def undo_refusal(merge: PersonMerge, *, by: User, at: datetime) -> str:
    """Why taking it back is not for this account; empty if it is."""
    touched = [key for move in _moves(merge) if move.model == "people.user" for key in move.keys]
    accounts = User.objects.filter(pk__in=touched)
    return refusal_to_undo(by, merge.kept, list(accounts), merge.units, on=local_day(at))


def obstacles_to_undoing(merge: PersonMerge) -> list[str]:
    """What depends on the merge by now, in sentences; empty if nothing does."""
    if hasattr(merge, "undoing"):
        return [_("Lần gộp này đã được hoàn tác.")]
    if merge.kept.merged_into_id is not None:
        return [_("Hồ sơ giữ lại đã được gộp tiếp vào hồ sơ khác: hãy hoàn tác lần gộp ấy trước.")]
    later = merge.kept.merges.standing().filter(pk__gt=merge.pk).select_related("gone").first()
    if later is not None:
        return [
            _("Sau đó đã gộp thêm hồ sơ mã %(code)s: hãy hoàn tác lần gộp ấy trước.")
            % {"code": later.gone.masked_code}
        ]
    moves = _moves(merge)
    return [*_changed(moves), *_leaning(moves), *_new_since(merge)]


def _moves(merge: PersonMerge) -> list[Move]:
    return [Move.from_json(each) for each in merge.moves]


def _changed(moves: list[Move]) -> list[str]:
    kinds = dict.fromkeys(_kind(row) for row in changed_since(moves))
    return [_("Đã thay đổi sau khi gộp: %(what)s.") % {"what": kind} for kind in kinds]


def _kind(row: models.Model | None) -> str:
    return _("dòng đã bị xóa") if row is None else str(row._meta.verbose_name)


def _leaning(moves: list[Move]) -> list[str]:
    return [
        _("Việc gộp đã đem lại %(kind)s: %(what)s. Bỏ việc gộp thì kết quả ấy không còn căn cứ.")
        % {"kind": _kind(row), "what": row}
        for row in leaning_on(moves)
    ]


def _new_since(merge: PersonMerge) -> list[str]:
    counts: Counter[str] = Counter()
    for guard in map(Guard.from_json, merge.guards):
        counts[guard.words] += guard.count_new()
    return [
        _("Sau khi gộp đã có thêm: %(what)s (%(count)s).") % {"what": _(words), "count": count}
        for words, count in counts.items()
        if count
    ]
