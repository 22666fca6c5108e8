"""What the one person is called, and by what she can be reached."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.formats import local_date
from people.merging.plan import GONE, KEPT, MergePlan
from people.models import Person

NAMES = ("family_name", "middle_name", "given_name")
LABELS = {
    "full_name": gettext_lazy("Họ và tên"),
    "sex": gettext_lazy("Giới tính"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "email": gettext_lazy("Thư điện tử"),
    "phone": gettext_lazy("Số điện thoại"),
}


def plan_facts(plan: MergePlan) -> None:
    """Blanks are filled; where both say something, the kept row's holds unless chosen otherwise."""
    changed: dict[str, Any] = {}
    if _chosen(plan, "full_name") == GONE:
        changed |= {name: getattr(plan.gone, name) for name in NAMES}
    for field in ("sex", "birth_date", "email", "phone"):
        if _chosen(plan, field) == GONE:
            changed[field] = getattr(plan.gone, field)
    for flag, title in (
        ("is_core_trainer", _("giảng viên nguồn")),
        ("is_core_teacher", _("giáo viên nòng cốt")),
    ):
        if getattr(plan.gone, flag) and not getattr(plan.kept, flag):
            changed[flag] = True
            plan.tell(_("Danh hiệu %(what)s lấy từ hồ sơ trùng.") % {"what": title})
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


def _chosen(plan: MergePlan, field: str) -> str:
    label = str(LABELS[field])
    ours, theirs = shown(plan.kept, field), shown(plan.gone, field)
    if ours == theirs or not theirs:
        return KEPT
    if not ours:
        plan.tell(_("%(what)s lấy từ hồ sơ trùng: %(words)s.") % {"what": label, "words": theirs})
        return GONE
    return plan.ask(field, label, [(KEPT, ours), (GONE, theirs)], default=KEPT)


def shown(person: Person, field: str) -> str:
    """What a row says of her, for a reader; `field` is one of `LABELS`."""
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
