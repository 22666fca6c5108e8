"""Of whom a module is required, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from people.models import Position, StaffGroup, UnitKind

Clause = Mapping[str, Collection[str]]

# As they stand within a sentence.
GROUPS = {
    StaffGroup.MANAGER: gettext_lazy("cán bộ quản lý"),
    StaffGroup.TEACHER: gettext_lazy("giáo viên"),
    StaffGroup.SUPPORT: gettext_lazy("nhân viên"),
    StaffGroup.CARER: gettext_lazy("nhân viên chăm sóc, nuôi dưỡng"),
    StaffGroup.OFFICER: gettext_lazy("công chức, cán bộ không chuyên trách"),
    StaffGroup.COLLABORATOR: gettext_lazy("cộng tác viên"),
}
POSITIONS = {
    Position.PRINCIPAL: gettext_lazy("hiệu trưởng"),
    Position.VICE_PRINCIPAL: gettext_lazy("phó hiệu trưởng"),
    Position.TEAM_LEADER: gettext_lazy("tổ trưởng chuyên môn"),
    Position.TEACHER: gettext_lazy("giáo viên"),
    Position.YOUNG_PIONEERS_LEADER: pgettext_lazy("plural", "Tổng phụ trách Đội"),
    Position.HEALTH_STAFF: gettext_lazy("nhân viên y tế"),
    Position.OTHER: gettext_lazy("vị trí khác"),
}
KINDS = {
    UnitKind.PRESCHOOL: gettext_lazy("mầm non"),
    UnitKind.PRIMARY: gettext_lazy("tiểu học"),
    UnitKind.LOWER_SECONDARY: gettext_lazy("trung học cơ sở"),
    UnitKind.UPPER_SECONDARY: gettext_lazy("trung học phổ thông"),
    UnitKind.MULTI_LEVEL: gettext_lazy("phổ thông nhiều cấp"),
    UnitKind.CONTINUING_EDUCATION: gettext_lazy("giáo dục thường xuyên"),
    UnitKind.SPECIAL_EDUCATION: gettext_lazy("giáo dục chuyên biệt"),
    UnitKind.SOCIAL_FACILITY: gettext_lazy("cơ sở bảo trợ xã hội"),
    UnitKind.CITY: gettext_lazy("thành phố"),
    UnitKind.DISTRICT: gettext_lazy("huyện"),
    UnitKind.COMMUNE: gettext_lazy("xã, thị trấn"),
    UnitKind.OFFICE: gettext_lazy("phòng, ban"),
    UnitKind.OTHER: gettext_lazy("đơn vị khác"),
}


def required_in_words(clauses: Sequence[Clause]) -> str:
    """ "Bắt buộc với: giáo viên (tiểu học, trung học cơ sở); nhân viên y tế." """
    phrases = [clause_in_words(clause) for clause in clauses]
    if not phrases:
        return _("Không bắt buộc với ai.")
    if not all(clause for clause in clauses):
        return _("Bắt buộc với mọi người.")
    return _("Bắt buộc với: %(whom)s.") % {"whom": "; ".join(phrases)}


def clause_in_words(clause: Clause) -> str:
    """ "giáo viên (tiểu học, trung học cơ sở)"; "mọi người" for a clause without conditions."""
    groups = _listed(clause.get("groups"), GROUPS)
    positions = _listed(clause.get("positions"), POSITIONS)
    kinds = _listed(clause.get("kinds"), KINDS)
    if groups and positions:
        whom = _("%(positions)s thuộc nhóm %(groups)s") % {"positions": positions, "groups": groups}
    else:
        whom = groups or positions or _("mọi người")
    if not kinds:
        return whom
    return _("%(whom)s (%(kinds)s)") % {"whom": whom, "kinds": kinds}


def _listed(values: Collection[str] | None, labels: Mapping[Any, object]) -> str:
    return ", ".join(str(labels[value]) for value in values or ())
