"""What waits for an answer, and who on a unit's roster can't sign in yet."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet

from people.models import (
    AccessCode,
    CorrectionRequest,
    Membership,
    Person,
    RosterRequest,
    Unit,
    User,
)


def open_requests(viewer: User, *, on: date) -> int:
    """How many requests of either kind wait for this viewer (1 query)."""
    listings = RosterRequest.objects.decidable_by(viewer, on=on).open()
    corrections = CorrectionRequest.objects.decidable_by(viewer, on=on).open()
    keys = [each.order_by().values("pk") for each in (listings, corrections)]
    return keys[0].union(keys[1], all=True).count()


def people_without_account(unit: Unit, viewer: User, *, on: date, at: datetime) -> QuerySet[Person]:
    """Of the people in the unit itself whom the viewer manages, those who can't sign in.

    Annotated with `has_live_code`: a slip was made for her already, and may be on its way.
    """
    here = Membership.objects.on(on).filter(unit=unit).managed_by(viewer, on=on)
    cannot = Q(user__isnull=True) | Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    live = AccessCode.objects.live_at(at).filter(person=OuterRef("pk"))
    return (
        Person.objects.filter(cannot, pk__in=here.values("person"))
        .exclude(user=viewer)
        .annotate(has_live_code=Exists(live))
    )
