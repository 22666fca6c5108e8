"""What the one person is called, and by what she can be reached."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.utils.translation import gettext as _

from people.formats import local_date
from people.merging.plan import GONE, KEPT, MergePlan
from people.models import Person

NAMES = ("family_name", "middle_name", "given_name")


def plan_facts(plan: MergePlan) -> None:
    """Blanks are filled; where both say something, the kept row's holds unless chosen otherwise."""
    changed: dict[str, Any] = {}
    if _chosen(plan, "full_name", _("Họ và tên")) == GONE:
        changed |= {name: getattr(plan.gone, name) for name in NAMES}
    for field, label in (
        ("sex", _("Giới tính")),
        ("birth_date", _("Ngày sinh")),
        ("email", _("Thư điện tử")),
        ("phone", _("Số điện thoại")),
    ):
        if _chosen(plan, field, label) == GONE:
            changed[field] = getattr(plan.gone, field)
    for flag in ("is_core_trainer", "is_core_teacher"):
        if getattr(plan.gone, flag) and not getattr(plan.kept, flag):
            changed[flag] = True
    if changed:
        plan.change([plan.kept], **changed, **_derived(plan.kept, changed))


def plan_tombstone(plan: MergePlan) -> None:
    """The row that goes points to the one that is kept, and so do those that pointed to it."""
    # The journals of lists and of merges name whom they named; mail that waits finds nobody.
    plan.handle(
        "people.Person.merged_into",
        "people.PersonMerge.kept",
        "people.PersonMerge.gone",
        "people.RosterChange.person",
        "people.CodeMail.person",
    )
    plan.change(plan.gone.merged_people.all(), merged_into_id=plan.kept.pk)
    plan.change([plan.gone], merged_into_id=plan.kept.pk)
    plan.tell(
        _(
            "Hồ sơ mã %(code)s không còn hiện ở danh sách nào; gặp mã này trong tệp hay khi tra "
            "cứu, hệ thống hiểu là mã %(kept)s."
        )
        % {"code": plan.gone.masked_code, "kept": plan.kept.masked_code}
    )


def _chosen(plan: MergePlan, field: str, label: str) -> str:
    ours, theirs = _shown(plan.kept, field), _shown(plan.gone, field)
    if ours == theirs or not theirs:
        return KEPT
    if not ours:
        return GONE
    return plan.ask(field, label, [(KEPT, ours), (GONE, theirs)], default=KEPT)


def _shown(person: Person, field: str) -> str:
    if field == "sex":
        return str(person.get_sex_display())
    if field == "birth_date":
        return local_date(person.birth_date)
    return str(getattr(person, field))


def _derived(kept: Person, changed: dict[str, Any]) -> dict[str, str]:
    like = copy(kept)
    for name, value in changed.items():
        setattr(like, name, value)
    like.derive()
    return {name: getattr(like, name) for name in Person.DERIVED}
