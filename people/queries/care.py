"""For whom a manager may act, and where that person counts."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef

from people.dates import held_on
from people.models import Membership, Person, Scope, Unit, User
from people.models.membership import MembershipQuerySet
from people.models.person import PersonQuerySet
from people.models.scope import reach
from people.stays import Stay


def in_care_of(viewer: User, *, on: date) -> PersonQuerySet:
    """People whom the viewer manages that day, and those who left from a unit that she manages and
    count nowhere since; never herself, but for administrators.

    So whoever ended a membership by mistake can take the person back. Made for asking about a few
    people: each is looked up.
    """
    if viewer.is_unlimited:
        return Person.objects.unmerged()
    hers = Membership.objects.filter(person=OuterRef("pk")).managed_by(viewer, on=on)
    is_here, has_gone = Exists(hers.filter(held_on(on))), Exists(has_left(hers, on=on))
    return Person.objects.filter(is_here | has_gone).exclude(user=viewer)


def has_left(memberships: MembershipQuerySet, *, on: date) -> MembershipQuerySet:
    """Of these the last primary membership of each who counts nowhere that day."""
    later = Membership.objects.filter(
        person=OuterRef("person"),
        is_primary=True,
        started_on__gt=OuterRef("started_on"),
        started_on__lte=on,
    )
    return memberships.filter(~Exists(later), is_primary=True, ended_on__lt=on)


def is_over(viewer: User, person: Person, *, on: date) -> bool:
    """Whether the viewer manages the person from a unit above hers: an office, not her school."""
    if viewer.is_unlimited:
        return True
    scopes = Scope.objects.granted_to(viewer).managing_people()
    hers = Membership.objects.filter(held_on(on), person=person)
    return hers.filter(reach(scopes, on=on, path="unit", strictly=True)).exists()


def stays_of(person: Person) -> list[Stay]:
    """Her primary memberships, by day."""
    rows = Membership.objects.filter(person=person, is_primary=True)
    return [
        Stay(
            unit=row.unit_code,
            staff_group=row.staff_group,
            position=row.position,
            position_title=row.position_title,
            status=row.status,
            started_on=row.started_on,
            ended_on=row.ended_on,
            pk=row.pk,
        )
        for row in rows.annotate(unit_code=F("unit__code")).order_by("started_on")
    ]


def codes_managed_by(viewer: User, codes: set[str], *, on: date) -> set[str]:
    """Of these units those for whose people the viewer may act."""
    units = Unit.objects.filter(code__in=codes).managed_by(viewer, on=on)
    return set(units.values_list("code", flat=True))
