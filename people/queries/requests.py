"""What waits for an answer, and who on a unit's roster can't sign in yet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from people.dates import held_on
from people.models import (
    AccessCode,
    CorrectionRequest,
    Membership,
    Person,
    RosterRequest,
    Unit,
    UnitVersion,
    User,
)
from people.queries.signing_in import cannot_sign_in


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
    live = AccessCode.objects.live_at(at).filter(person=OuterRef("pk"))
    return (
        Person.objects.filter(cannot_sign_in(), pk__in=here.values("person"))
        .exclude(user=viewer)
        .annotate(has_live_code=Exists(live))
    )


def units_without_accounts(unit: Unit, viewer: User, *, on: date) -> QuerySet[Membership, Any]:
    """Of the units below, each with how many of its people can't sign in: rows with `unit__code`,
    `unit_name` and `count`, by name (1 query)."""
    version = UnitVersion.objects.filter(held_on(on), unit=OuterRef("unit"))
    below = Membership.objects.on(on).below(unit, on=on).exclude(unit=unit)
    return (
        below.managed_by(viewer, on=on)
        .filter(cannot_sign_in("person__"))
        .annotate(unit_name=Subquery(version.values("name")[:1]))
        .order_by()
        .values("unit__code", "unit_name")
        .annotate(count=Count("person", distinct=True))
        .order_by("unit_name", "unit__code")
    )
