"""What the room asks of the records below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar

from certificates.models import Certificate
from certificates.rules import Standing, standing_on
from people.models import Membership, UnitVersion

Dated = TypeVar("Dated", Membership, UnitVersion)


def standing_of(certificate: Certificate, *, on: date) -> Standing:
    """Two queries at most, none when `revocation` and `replaced_by` were selected with it."""
    revocation = getattr(certificate, "revocation", None)
    return standing_on(
        on,
        valid_until=certificate.valid_until,
        revoked_from=revocation and revocation.effective_on,
        is_replaced=getattr(certificate, "replaced_by", None) is not None,
    )


def unit_names(days: Collection[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """Where each person worked on a day, under the unit's name of that day, in two queries.

    Asked by (person's key, day); empty for whoever had no primary membership then.
    """
    memberships: dict[int, list[Membership]] = defaultdict(list)
    people = {person for person, _ in days}
    for row in Membership.objects.filter(person__in=people, is_primary=True):
        memberships[row.person_id].append(row)
    units = {each.unit_id for several in memberships.values() for each in several}
    versions: dict[int, list[UnitVersion]] = defaultdict(list)
    for version in UnitVersion.objects.filter(unit__in=units).order_by("started_on"):
        versions[version.unit_id].append(version)

    names = {}
    for person, day in days:
        where = _held(memberships[person], day)
        called = versions[where.unit_id] if where else []
        # Outside the unit's life the nearest name known, as in `Unit.name_on`.
        known = _held(called, day) or (called[-1] if called else None)
        names[person, day] = known.name if known else ""
    return names


def _held(rows: Iterable[Dated], day: date) -> Dated | None:
    return next(
        (
            row
            for row in rows
            if row.started_on <= day and (row.ended_on is None or row.ended_on >= day)
        ),
        None,
    )
