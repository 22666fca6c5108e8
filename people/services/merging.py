"""Making one person of two: a named act with a reason. `unmerging` takes it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction, record_each
from people.dates import local_day
from people.merging.accounts import plan_account
from people.merging.facts import plan_facts, plan_tombstone
from people.merging.memberships import plan_memberships
from people.merging.moves import ChangedMeanwhileError, Move, apply, differences
from people.merging.plan import MergePlan
from people.merging.requests import plan_requests
from people.models import Membership, Person, PersonMerge, User
from people.queries.merging import refusal_for_units, refusal_to_merge
from people.signals import memberships_changed, people_locking, people_merged, people_merging


class MergeError(Exception):
    """Nothing was merged, or taken apart; the message says why and what to do."""


class AlreadyMergedError(MergeError):
    """One of them is part of somebody already."""


def plan_merge(
    kept: Person, gone: Person, *, choices: Mapping[str, str], at: datetime
) -> MergePlan:
    """What it would come to; writes nothing. The caller has seen to whose people they are."""
    plan = MergePlan(kept=kept, gone=gone, at=at, choices=choices)
    plan_facts(plan)
    plan_memberships(plan)
    plan_account(plan)
    plan_requests(plan)
    people_merging.send(sender=Person, plan=plan)
    plan_tombstone(plan)
    return plan


def refusal(plan: MergePlan, *, by: User) -> str:
    """Why this plan is not the actor's to carry out; empty if it is."""
    day = local_day(plan.at)
    return refusal_to_merge(by, plan.both, on=day) or refusal_for_units(by, plan.units, on=day)


@transaction.atomic
def merge_people(
    kept: Person,
    gone: Person,
    *,
    choices: Mapping[str, str],
    by: User,
    at: datetime,
    reason: str,
    expected: str = "",
) -> PersonMerge:
    """`gone` becomes part of `kept`. `expected` is the `digest` of the plan that was shown.

    Raises `MergeError`, and nothing is changed: while a question is open, for people or units that
    are not the actor's, for somebody merged already, when things changed since the plan.
    """
    if not reason.strip():
        raise MergeError(_("Hãy ghi lý do gộp."))
    if kept.pk == gone.pk:
        raise MergeError(_("Hai mã là của cùng một hồ sơ: hãy chọn hồ sơ khác."))
    kept, gone = held(kept, gone)
    if kept.merged_into_id or gone.merged_into_id:
        raise _already(gone if gone.merged_into_id else kept)
    plan = plan_merge(kept, gone, choices=choices, at=at)
    _refuse(plan, by=by, expected=expected)
    merge = PersonMerge.objects.create(
        kept=kept,
        gone=gone,
        merged_by=by,
        merged_at=at,
        reason=reason.strip(),
        choices={question.key: question.chosen for question in plan.questions},
        moves=[move.as_json() for move in _written(plan)],
        guards=[guard.with_keys().as_json() for guard in plan.guards],
        units=sorted(plan.units),
    )
    log(AuditAction.PEOPLE_MERGED, merge, by=by, reason=merge.reason)
    return merge


def held(*people: Person) -> list[Person]:
    """As they are now, locked: two clicks, or two managers, take turns.

    First against whoever changes them, then what learners write to, then against new rows of
    theirs: who writes evidence holds the enrolment before the certificate needs its person.
    """
    keys = [person.pk for person in people]
    rows = Person.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(no_key=True))
    people_locking.send(sender=Person, people=keys)
    list(User.objects.filter(person__in=keys).order_by("pk").select_for_update())
    found = {row.pk: row for row in rows.select_for_update()}
    return [found[key] for key in keys]


def written(moves: Iterable[Move]) -> list[Move]:
    """The moves with the keys of what they made. Raises `MergeError`, and none is written."""
    try:
        with transaction.atomic():
            return [apply(move) for move in moves]
    except (ChangedMeanwhileError, IntegrityError) as error:
        raise MergeError(
            _("Dữ liệu vừa thay đổi, nên chưa làm gì. Hãy mở lại trang rồi thử lại.")
        ) from error


def log(action: AuditAction, merge: PersonMerge, *, by: User, reason: str) -> None:
    """On both records: if they turn out to be two people after all, each reads it."""
    people = (merge.kept, merge.gone)
    record_each(
        action,
        actor=by,
        subjects=[(person, {"merge": merge.pk, "reason": reason}) for person in people],
    )


def _already(merged: Person) -> AlreadyMergedError:
    return AlreadyMergedError(
        _("Hồ sơ mã %(code)s đã được gộp trước đó: không gộp lần nữa.")
        % {"code": merged.masked_code}
    )


def _refuse(plan: MergePlan, *, by: User, expected: str) -> None:
    if words := refusal(plan, by=by):
        raise MergeError(words)
    if plan.open_questions:
        raise MergeError(
            _("Chưa gộp: còn chỗ hai hồ sơ khác nhau cần chọn (%(what)s).")
            % {"what": " ".join(question.label for question in plan.open_questions)}
        )
    if expected and expected != plan.digest:
        raise MergeError(
            _("Dữ liệu của hai hồ sơ vừa thay đổi, nên chưa gộp. Hãy xem lại rồi xác nhận.")
        )


def _written(plan: MergePlan) -> list[Move]:
    """The plan's moves and what followed from them, in the order in which they were written."""
    moves = written(plan.moves)
    before = [_rows(rows) for rows in plan.watched]
    people_merged.send(sender=Person, plan=plan)
    memberships_changed.send(sender=Membership, person_ids={person.pk for person in plan.both})
    for rows, was in zip(plan.watched, before, strict=True):
        moves += differences(was, _rows(rows))
    return moves


def _rows(rows: models.QuerySet[Any]) -> dict[Any, models.Model]:
    return {row.pk: row for row in rows.all()}
