"""Two rows side by side, and what a merge of them moved, for a reader."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.apps import apps
from django.utils.translation import gettext as _

from people.formats import local_date
from people.merging.plan import MergePlan
from people.models import Person, PersonMerge, User
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
    kept, gone = plan.both
    return [
        Compared(label, ours, theirs, is_compared=label != _("Mã nhân sự"))
        for (label, ours), (_same, theirs) in zip(_said(kept), _said(gone), strict=True)
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


def _said(person: Person) -> list[tuple[str, list[str]]]:
    lines = [
        (_("Mã nhân sự"), person.masked_code),
        (_("Họ và tên"), person.full_name),
        (_("Ngày sinh"), local_date(person.birth_date)),
        (_("Giới tính"), str(person.get_sex_display())),
        (_("Thư điện tử"), person.email),
        (_("Số điện thoại"), person.phone),
        (_("Tài khoản"), _account(person)),
    ]
    said = [(label, [line] if line else []) for label, line in lines]
    return [*said, (_("Quá trình công tác"), [_stay(each) for each in memberships_of(person)])]


def _account(person: Person) -> str:
    account = User.objects.filter(person=person).first()
    if account is None:
        return ""
    return account.username if account.is_active else f"{account.username} ({_('đã khóa')})"


def _stay(row: object) -> str:
    first, last = local_date(row.started_on), local_date(row.ended_on)  # type: ignore[attr-defined]
    words = f"{first} – {last or _('nay')}: {row.unit_name}"  # type: ignore[attr-defined]
    return f"{words}, {row.get_staff_group_display().lower()}"  # type: ignore[attr-defined]
