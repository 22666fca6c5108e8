"""What she asked for and what came of it: hers to read, whichever row it was sent from."""

from __future__ import annotations

from people.merging.plan import MergePlan
from people.models import CorrectionRequest, RosterDecision


def plan_requests(plan: MergePlan) -> None:
    plan.handle("people.CorrectionRequest.person", "people.RosterDecision.person")
    for model in (CorrectionRequest, RosterDecision):
        plan.change(model.objects.filter(person=plan.gone), person_id=plan.kept.pk)
