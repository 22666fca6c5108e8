"""Who may be one person twice, and who may make one of two."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left, Length
from django.utils.translation import gettext as _

from people.models import Person, PersonMerge, Scope, Unit, User
from people.models.merging import PersonMergeQuerySet
from people.models.person import PersonQuerySet
from people.models.scope import reach
from people.names import folded
from people.queries.accounts import may_open, standing_of
from people.queries.care import in_care_of
from people.queries.rights import accounts_of, reasons_not_to_act
from people.queries.unit_names import units_of

# The name as it is searched for: the search text without the code that ends it.
NAME = Left("search_text", Length("search_text") - Length("code") - 1)


@dataclass(frozen=True, slots=True)
class Namesakes:
    """People with one name and one birth date; `rows` by code, each with the unit where she counts
    (empty: nowhere now)."""

    name: str
    birth_date: date
    rows: list[tuple[Person, str]]


def duplicate_names(viewer: User, *, on: date) -> QuerySet[Person, Any]:
    """Names and birth dates that more than one person in the viewer's care bears, as `values`."""
    return (
        in_care_of(viewer, on=on)
        .filter(birth_date__isnull=False)
        .order_by()
        .annotate(name=NAME)
        .values("name", "birth_date")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
        .order_by("name", "birth_date")
    )


def namesakes(names: Collection[dict[str, Any]], viewer: User, *, on: date) -> list[Namesakes]:
    """The people of one page of `duplicate_names`, in its order (3 queries)."""
    found = in_care_of(viewer, on=on).annotate(name=NAME).order_by("code")
    alike = found.filter(
        name__in=[each["name"] for each in names],
        birth_date__in=[each["birth_date"] for each in names],
    )
    people = list(alike) if names else []
    units = units_of(people, on=on)
    grouped: dict[tuple[str, date | None], list[tuple[Person, str]]] = {}
    for person in people:
        same = (person.name, person.birth_date)
        grouped.setdefault(same, []).append((person, units.get(person.pk, "")))
    return [
        Namesakes(each["name"], each["birth_date"], grouped[each["name"], each["birth_date"]])
        for each in names
    ]


def possible_duplicates(person: Person, viewer: User, *, on: date) -> PersonQuerySet:
    """Others in the viewer's care with the same name and birth date."""
    same = Q(name=folded(person.full_name), birth_date=person.birth_date)
    others = in_care_of(viewer, on=on).annotate(name=NAME).exclude(pk=person.pk)
    return others.filter(same) if person.birth_date else others.none()


def merges_in_care_of(viewer: User, *, on: date) -> PersonMergeQuerySet:
    """Merges of people whom the viewer may act for."""
    return PersonMerge.objects.filter(kept__in=in_care_of(viewer, on=on).values("pk"))


def refusal_to_merge(viewer: User, people: Collection[Person], *, on: date) -> str:
    """Why the viewer may not make these one, in a sentence for her; empty where she may.

    Both are in her care: the caller has seen to it. `refusal_for_units` is the other half.
    """
    if any(person.pk == viewer.person_id for person in people):
        return _("Không tự gộp hồ sơ của mình: hãy nhờ người quản lý cấp trên.")
    if any(_is_closed_to(viewer, person, on=on) for person in people):
        return _(
            "Một trong hai hồ sơ có tài khoản do cấp trên hoặc quản trị hệ thống khóa: hãy nhờ họ "
            "gộp, hoặc mở tài khoản trước."
        )
    return _refusal_for_accounts(viewer, accounts_of(people).values(), on=on)


def _is_closed_to(viewer: User, person: Person, *, on: date) -> bool:
    """The other account would open in its stead what others have closed."""
    standing = standing_of(person)
    return standing.state == "closed" and not may_open(viewer, standing, on=on)


def refusal_for_units(viewer: User, units: Collection[int], *, on: date) -> str:
    """One scope of hers must reach every unit concerned: for two units that is an office's."""
    if viewer.is_unlimited:
        return ""
    wanted = Unit.objects.filter(pk__in=units)
    for scope in Scope.objects.granted_to(viewer).managing_people():
        mine = Scope.objects.filter(pk=scope.pk)
        if wanted.filter(reach(mine, on=on)).count() == len(units):
            return ""
    return _(
        "Việc này liên quan đến đơn vị ngoài phạm vi quản lý: hãy nhờ người quản lý cấp trên của "
        "mọi đơn vị liên quan."
    )


def refusal_to_undo(
    viewer: User, kept: Person, accounts: Collection[User], units: Collection[int], *, on: date
) -> str:
    """The same of taking a merge apart; `accounts` are those that it touched."""
    if kept.pk == viewer.person_id or any(each.pk == viewer.pk for each in accounts):
        return _("Không tự hoàn tác việc gộp hồ sơ của mình: hãy nhờ người quản lý cấp trên.")
    found = {each.pk: each for each in [*accounts, *accounts_of([kept]).values()]}
    return _refusal_for_accounts(viewer, found.values(), on=on) or refusal_for_units(
        viewer, units, on=on
    )


def _refusal_for_accounts(viewer: User, accounts: Iterable[User], *, on: date) -> str:
    return next(iter(reasons_not_to_act(viewer, accounts, on=on).values()), "")
