"""Two rows side by side, and what a merge of them moved, for a reader."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from people.dates import local_day
from people.formats import local_days
from people.merging.facts import LABELS, shown
from people.merging.memberships import post_and_status
from people.merging.moves import values_from
from people.merging.plan import MergePlan
from people.models import Membership, Person, PersonMerge, User
from people.queries.own_record import memberships_of

# The row itself and what it could be signed in by are told apart from what moved.
NOT_TOLD = {"people.person", "people.accesscode"}


@dataclass(frozen=True, slots=True)
class Compared:
    """What each row says of one thing; several lines where there are several."""

    label: str
    ours: list[str]
    theirs: list[str]
    is_compared: bool = True

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return self.is_compared and bool(self.ours and self.theirs) and self.ours != self.theirs


def compared(plan: MergePlan) -> list[Compared]:
    kept, gone = (_said(person, local_day(plan.at)) for person in plan.both)
    return [
        Compared(label, ours, theirs, is_compared=label != _("Mã nhân sự"))
        for (label, ours), (_same, theirs) in zip(kept, gone, strict=True)
        if ours or theirs
    ]


def moved_in_words(merge: PersonMerge) -> list[tuple[str, int]]:
    """How many rows of each kind were moved, changed or made; the most first."""
    counts: Counter[str] = Counter()
    for move in merge.moves:
        if move["model"] not in NOT_TOLD:
            counts[move["model"]] += len(move["keys"])
    return [
        (str(apps.get_model(model)._meta.verbose_name), count)
        for model, count in counts.most_common()
    ]


def taken_over(merge: PersonMerge) -> list[tuple[str, str]]:
    """What the kept row has from the other one, as it was taken over: labels and words."""
    taken: dict[str, Any] = {}
    for move in merge.moves:
        if move["model"] == "people.person" and move["keys"] == [merge.kept_id]:
            taken |= move["after"]
    facts = {name: taken[name] for name in Person.RECORD if name in taken}
    like = Person(**values_from(Person, facts))
    said = [(str(label), shown(like, field)) for field, label in LABELS.items()]
    return [(label, words) for label, words in said if words]


def _said(person: Person, on: date) -> list[tuple[str, list[str]]]:
    lines = [
        (_("Mã nhân sự"), person.masked_code),
        *((str(label), shown(person, field)) for field, label in LABELS.items()),
        (_("Tài khoản"), _account(person)),
    ]
    said = [(label, [line] if line else []) for label, line in lines]
    stays = [_stay(each, on) for each in memberships_of(person)]
    return [*said, (_("Quá trình công tác"), stays)]


def _account(person: Person) -> str:
    account = User.objects.filter(person=person).first()
    if account is None:
        return ""
    return account.username if account.is_active else f"{account.username} ({_('đã khóa')})"


def _stay(row: Membership, on: date) -> str:
    days = local_days(row.started_on, row.ended_on, on=on)
    return f"{days}: {row.unit_name} · {post_and_status(row)}"  # type: ignore[attr-defined]
