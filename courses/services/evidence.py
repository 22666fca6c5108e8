"""Receiving evidence: which run it belongs to, written once, decided at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Activity, CourseRun, Enrolment, Evidence
from courses.queries import open_runs, takes_evidence
from courses.rules import Decisions, EvidenceKind
from courses.services.decisions import decide_after
from people.models import Person


class NoOpenRunError(Exception):
    """No run that is open today holds the person, so that nothing can be recorded."""


class MergedMeanwhileError(NoOpenRunError):
    """The person was merged into another row of hers this moment: sent again, it arrives there."""


class ForeignEvidenceError(Exception):
    """The id is already that of other evidence: another person's, or of something else."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a piece of evidence. `is_new` is False when it had been received before."""

    evidence: Evidence
    is_new: bool
    decisions: Decisions | None


def record_evidence(
    person: Person,
    *,
    activity: Activity,
    kind: str,
    evidence_id: UUID,
    received_at: datetime,
    points: int | None = None,
    possible: int | None = None,
    is_reported: bool = False,
    happened_at: datetime | None = None,
    enrolment: Enrolment | None = None,
) -> Receipt:
    """Write evidence once and decide what it completes, all or nothing.

    Sending the same `evidence_id` again changes nothing and returns the first receipt, and so does
    viewing again what was viewed in the run: it would prove nothing new. Without an
    `enrolment` the run is found: the one that is open, holds the person and ends first.

    Raises `NoOpenRunError`, `MergedMeanwhileError`, and `ForeignEvidenceError` when the id is taken
    by other evidence.
    """
    with transaction.atomic():
        known = _known(evidence_id, person, activity)
        if known is not None:
            return Receipt(known, is_new=False, decisions=None)
        if enrolment is None:
            enrolment = find_enrolment(person, activity, at=received_at)
        elif not takes_evidence(enrolment, at=received_at):
            raise _no_open_run()
        # Locked before the row is written: a re-sent copy waits here and then finds it.
        lock_enrolment(enrolment.pk)
        known = _known(evidence_id, person, activity) or _seen(enrolment, activity, kind)
        if known is not None:
            return Receipt(known, is_new=False, decisions=None)
        evidence = Evidence.objects.create(
            id=evidence_id,
            enrolment=enrolment,
            activity=activity,
            kind=kind,
            points=points,
            possible=possible,
            is_reported=is_reported,
            received_at=received_at,
            happened_at=happened_at,
        )
        return Receipt(evidence, is_new=True, decisions=decide_after(evidence))


def lock_enrolment(key: int) -> Enrolment:
    """Nobody else writes to the enrolment until the transaction ends.

    Raises `MergedMeanwhileError`: what somebody sends while two rows of her are made one would be
    left behind with the row that goes.
    """
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("person")
    enrolment = rows.get(pk=key)
    if enrolment.person.merged_into_id is not None:
        raise MergedMeanwhileError(_("Hồ sơ vừa được gộp: hãy tải lại trang rồi gửi lại."))
    return enrolment


def find_enrolment(person: Person, activity: Activity, *, at: datetime) -> Enrolment:
    """The person's enrolment in the run that takes her evidence now; begun if need be.

    Raises `NoOpenRunError`.
    """
    runs = open_runs(person, at=at, course=activity.module.course, module=activity.module)
    if not runs:
        raise _no_open_run()
    return begin(person, runs[0].run, at=at)


def begin(person: Person, run: CourseRun, *, at: datetime) -> Enrolment:
    enrolment, _is_new = Enrolment.objects.get_or_create(
        person=person, run=run, defaults={"began_at": at}
    )
    return enrolment


def _known(evidence_id: UUID, person: Person, activity: Activity) -> Evidence | None:
    evidence = Evidence.objects.select_related("enrolment__run").filter(pk=evidence_id).first()
    if evidence is None:
        return None
    if evidence.enrolment.person_id != person.pk or evidence.activity_id != activity.pk:
        raise ForeignEvidenceError(_("Mã ghi nhận đã thuộc về việc khác: hãy tải lại trang."))
    return evidence


def _seen(enrolment: Enrolment, activity: Activity, kind: str) -> Evidence | None:
    if kind != EvidenceKind.VIEWED:
        return None
    return enrolment.evidence.filter(activity=activity, kind=kind).first()


def _no_open_run() -> NoOpenRunError:
    return NoOpenRunError(
        _(
            "Hiện không có đợt bồi dưỡng nào đang mở, nên kết quả chưa được ghi nhận. "
            "Vẫn có thể đọc bài; hãy hỏi người quản lý đơn vị về đợt sắp tới."
        )
    )
