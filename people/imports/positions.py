"""What a position on a list comes to: the position that a rule may name, and the group it implies.

Lists write "GV Toán" or "Nhân viên y tế trường học": the beginning tells.
"""

from __future__ import annotations

from functools import lru_cache

from people.imports.columns import POSITIONS, normalised
from people.models import Position, StaffGroup

# Group → (position that a rule may name → beginnings). "" is any other position.
_BEGINNINGS: dict[str, dict[str, list[str]]] = {
    StaffGroup.MANAGER: {
        Position.PRINCIPAL: ["hiệu trưởng", "quyền hiệu trưởng", "q hiệu trưởng", "ht"],
        Position.VICE_PRINCIPAL: ["phó hiệu trưởng", "hiệu phó", "p hiệu trưởng", "phó ht", "pht"],
        "": ["cán bộ quản lý", "cbql", "giám đốc", "phó giám đốc", "quản lý"],
    },
    StaffGroup.TEACHER: {
        Position.TEACHER: ["giáo viên", "gv", "gvcn", "gvbm", "giáo viên chủ nhiệm"],
        Position.TEAM_LEADER: ["tổ trưởng", "tt chuyên môn", "ttcm", "khối trưởng"],
        Position.YOUNG_PIONEERS_LEADER: ["tổng phụ trách", "tpt", "gv tổng phụ trách",
                                         "gv tpt", "giáo viên tổng phụ trách", "giáo viên tpt"],
        "": ["tổ phó", "khối phó", "phó tổ trưởng"],
    },
    StaffGroup.SUPPORT: {
        Position.HEALTH_STAFF: ["y tế", "nhân viên y tế", "nv y tế", "cán bộ y tế", "cb y tế",
                                "y sĩ", "y tá", "điều dưỡng"],
        "": ["nhân viên", "nv", "văn thư", "kế toán", "thư viện", "thiết bị", "bảo vệ", "phục vụ",
             "thủ quỹ", "tạp vụ", "lao công", "giáo vụ", "công nghệ thông tin", "thí nghiệm",
             "cán bộ thư viện", "cán bộ thiết bị", "thủ thư", "tổ trưởng văn phòng",
             "tổ trưởng tổ văn phòng", "tổ trưởng hành chính", "tổ trưởng tổ hành chính",
             "tổ phó văn phòng", "tổ phó tổ văn phòng", "hỗ trợ giáo dục"],
    },
    StaffGroup.CARER: {
        "": ["cấp dưỡng", "bảo mẫu", "nuôi dưỡng", "chăm sóc", "nấu ăn", "đầu bếp", "cô nuôi",
             *(f"{staff} {work}" for staff in ("nhân viên", "nv", "tổ trưởng", "tổ trưởng tổ")
               for work in ("cấp dưỡng", "bảo mẫu", "nuôi dưỡng", "chăm sóc", "nấu ăn",
                            "nhà bếp", "bếp"))],
    },
    StaffGroup.OFFICER: {
        "": ["chuyên viên", "công chức", "cán bộ không chuyên trách",
             "người không chuyên trách", "người hoạt động không chuyên trách"],
    },
    StaffGroup.COLLABORATOR: {"": ["cộng tác viên", "ctv"]},
}  # fmt: skip
BEGINNINGS = {
    normalised(beginning): (str(position), str(group))  # plain, as a list's own words give them
    for group, by_position in _BEGINNINGS.items()
    for position, several in by_position.items()
    for beginning in several
}
MOST_WORDS = max(len(beginning.split()) for beginning in BEGINNINGS)
REMEMBERED = 4096


@lru_cache(maxsize=REMEMBERED)
def position_meant(title: str) -> str:
    """What a rule may name; OTHER for what none does, blank for a blank title."""
    if not title:
        return ""
    return POSITIONS.get(normalised(title)) or _by_beginning(title)[0] or Position.OTHER


@lru_cache(maxsize=REMEMBERED)
def group_implied(title: str) -> str:
    """The staff group of whoever bears the title; blank if it doesn't say."""
    return _by_beginning(title)[1]


def _by_beginning(title: str) -> tuple[str, str]:
    """Of the longest beginning that is known."""
    words = normalised(title).split()
    for count in range(min(len(words), MOST_WORDS), 0, -1):
        found = BEGINNINGS.get(" ".join(words[:count]))
        if found is not None:
            return found
    return "", ""
