"""Granting another attempt beyond the limit: a named act with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.quiz.models import Attempt, AttemptGrant
from activities.quiz.queries import attempts_allowed, attempts_left, latest_quiz_version
from courses.models import Activity, Enrolment
from courses.services.evidence import lock_enrolment
from people.audit import AuditAction, record
from people.models import User


class GrantRefusedError(Exception):
    """Another attempt would change nothing, or lacks its reason; the message says which."""


@transaction.atomic
def grant_attempt(
    enrolment: Enrolment, activity: Activity, *, by: User, reason: str, at: datetime
) -> AttemptGrant:
    """One more attempt in that run, for a learner who has none left.

    One at a time, so that a double click grants one. Raises `GrantRefusedError`.
    """
    if not reason.strip():
        raise GrantRefusedError(_("Hãy ghi lý do cấp thêm lượt."))
    lock_enrolment(enrolment.pk)
    if not needs_grant(enrolment, activity):
        raise GrantRefusedError(_("Học viên vẫn còn lượt làm bài nên chưa cần cấp thêm."))
    grant = AttemptGrant.objects.create(
        enrolment=enrolment,
        activity=activity,
        granted_by=by,
        granted_at=at,
        reason=reason.strip(),
    )
    record(
        AuditAction.ATTEMPT_GRANTED,
        actor=by,
        subject=enrolment.person,
        detail={"quiz": activity.code, "run": enrolment.run.code, "reason": grant.reason},
    )
    return grant


def needs_grant(enrolment: Enrolment, activity: Activity) -> bool:
    """Whether every attempt is used up and submitted."""
    version = latest_quiz_version(activity)
    if version is None:
        return False
    attempts = Attempt.objects.filter(enrolment=enrolment, activity=activity)
    granted = enrolment.attempt_grants.filter(activity=activity).count()
    left = attempts_left(attempts_allowed(version, granted=granted), used=attempts.count())
    return left == 0 and not attempts.filter(submitted_at=None).exists()
