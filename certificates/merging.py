"""The certificates of two rows that are one person: all stay, and all are hers.

What a certificate says is a copy and never changes; only whose it is. So all of them can still be
checked, also two that record the same paper twice.
"""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_noop, ngettext

from certificates.models import Certificate
from courses.merging import touched_enrolments
from people.merging.plan import MergePlan
from people.signals import people_merging

ISSUED = gettext_noop("giấy chứng nhận mới cấp từ các đợt này")
REPLACED = gettext_noop("giấy chứng nhận cấp lại")


@receiver(people_merging, dispatch_uid="certificates.plan_certificates")
def plan_certificates(plan: MergePlan, **_kwargs: Any) -> None:
    plan.handle("certificates.Certificate.person", "certificates.Certificate.merged_from")
    held = list(Certificate.objects.filter(person=plan.gone))
    first_time = [each for each in held if each.merged_from_id is None]
    plan.change(first_time, person_id=plan.kept.pk, merged_from_id=plan.gone.pk)
    plan.change((each for each in held if each.merged_from_id is not None), person_id=plan.kept.pk)
    _guard(plan, held)
    if held:
        plan.tell(
            ngettext(
                "%(count)s giấy chứng nhận chuyển sang hồ sơ giữ lại, vẫn có giá trị và kiểm tra "
                "được như trước; lời ghi trên giấy không đổi.",
                "%(count)s giấy chứng nhận chuyển sang hồ sơ giữ lại, vẫn có giá trị và kiểm tra "
                "được như trước; lời ghi trên giấy không đổi.",
                len(held),
            )
            % {"count": len(held)}
        )


def _guard(plan: MergePlan, held: list[Certificate]) -> None:
    """A replacement bears the name of the person it was issued to; a certificate of merged work
    could not be hers alone."""
    plan.guard(Certificate, ISSUED, completion__enrolment__in=touched_enrolments(plan))
    plan.guard(Certificate, REPLACED, replaces__in=[str(each.pk) for each in held])
