"""Headers and values by their many names. Compared without case, marks and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from people.models import MembershipStatus, Position, Sector, Sex, StaffGroup, UnitKind
from people.names import folded

GONE = "gone"  # a status of the list, not of a membership: she is there no more


def normalised(text: str) -> str:
    """ "Mã cán bộ (*)" and "ma_can_bo" are one header."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", folded(text)).split())


def _index(names: Mapping[str, Iterable[str]], choices: Any = ()) -> dict[str, str]:
    """From every name to its value: the value itself, the label of a choice, the synonyms."""
    index = {normalised(value): value for value in names}
    index |= {normalised(str(label)): value for value, label in getattr(choices, "choices", ())}
    index |= {normalised(value): value for value in getattr(choices, "values", ())}
    index |= {normalised(name): value for value, several in names.items() for name in several}
    return index


UNIT_COLUMNS = _index(
    {
        "code": ["mã đơn vị", "mã trường", "mã", "unit code"],
        "name": ["tên đơn vị", "tên trường", "tên", "unit name"],
        "kind": ["loại", "loại đơn vị", "loại hình", "cấp học"],
        "parent_code": ["mã đơn vị cấp trên", "mã cấp trên", "mã đơn vị chủ quản", "cấp trên",
                        "đơn vị cấp trên", "trực thuộc"],
        "sector": ["ngành"],
        "opened_on": ["ngày thành lập", "ngày mở", "từ ngày"],
        "closed_on": ["ngày cuối cùng", "ngày đóng", "ngày giải thể", "đến ngày"],
    }
)  # fmt: skip

ROSTER_COLUMNS = _index(
    {
        "person_code": ["mã nhân sự", "mã cán bộ", "mã giáo viên", "mã định danh",
                        "mã định danh bộ gd đt", "mã số", "mã cb", "mã gv", "code"],
        "full_name": ["họ và tên", "họ tên", "tên đầy đủ", "name"],
        "sex": ["giới tính", "gender", "phái"],
        "birth_date": ["ngày sinh", "ngày tháng năm sinh", "date of birth"],
        "unit_code": ["mã đơn vị", "mã trường", "đơn vị", "mã đơn vị công tác"],
        "staff_group": ["nhóm", "loại cán bộ", "nhóm nhân sự", "vị trí việc làm"],
        "position": ["chức vụ", "nhóm chức vụ", "chức danh"],
        "status": ["trạng thái", "tình trạng"],
        "started_on": ["từ ngày", "ngày bắt đầu", "ngày vào trường", "ngày vào đơn vị"],
        "ended_on": ["đến ngày", "đến hết ngày", "ngày kết thúc", "ngày nghỉ"],
        "email": ["thư điện tử", "e mail", "địa chỉ email"],
        "phone": ["số điện thoại", "điện thoại", "sđt", "điện thoại di động"],
    }
)  # fmt: skip

SEXES = _index({"male": ["nam", "m"], "female": ["nữ", "f"]}, Sex)

STAFF_GROUPS = _index(
    {
        "manager": ["quản lý", "cbql", "cán bộ quản lý giáo dục"],
        "teacher": ["gv", "giáo viên giảng dạy"],
        "support": ["nv", "nhân viên hỗ trợ", "nhân viên trường học"],
        "carer": ["nhân viên chăm sóc", "nhân viên nuôi dưỡng", "chăm sóc nuôi dưỡng"],
        "officer": ["công chức", "cán bộ không chuyên trách", "người không chuyên trách"],
        "collaborator": ["ctv"],
    },
    StaffGroup,
)

POSITIONS = _index(
    {
        "principal": ["ht"],
        "vice_principal": ["hiệu phó", "pht", "phó ht"],
        "team_leader": ["tổ trưởng", "tổ trưởng cm", "ttcm"],
        "teacher": ["gv"],
        "young_pioneers_leader": ["tổng phụ trách", "tpt đội", "tpt"],
        "health_staff": ["y tế", "nv y tế", "y tế học đường", "nhân viên y tế trường học"],
    },
    Position,
)

STATUSES = _index(
    {
        "working": ["đang làm", "đang công tác", "đang dạy", "chuyển đến", "active"],
        "maternity_leave": ["thai sản", "nghỉ sinh", "nghỉ hộ sản"],
        "sick_leave": ["nghỉ ốm", "ốm dài ngày", "nghỉ bệnh"],
        "study_leave": ["đang đi học", "đi học tập trung"],
        "seconded": ["được biệt phái", "đi biệt phái"],
        "unpaid_leave": ["nghỉ việc riêng không lương", "tạm nghỉ không lương"],
        GONE: ["nghỉ hưu", "đã nghỉ hưu", "hưu trí", "thôi việc", "đã thôi việc", "nghỉ việc",
               "đã nghỉ việc", "chuyển đi", "đã chuyển đi", "chuyển công tác", "chuyển trường",
               "retired", "resigned", "left", "transferred"],
    },
    MembershipStatus,
)  # fmt: skip

SECTORS = _index(
    {
        "education": ["gd", "giáo dục và đào tạo", "gd đt"],
        "social": ["lao động thương binh và xã hội", "xã hội", "lđtbxh", "lao động xã hội"],
    },
    Sector,
)

UNIT_KINDS = _index(
    {
        "city": ["tỉnh", "thành phố trực thuộc trung ương"],
        "district": ["quận", "quận huyện", "huyện quận"],
        "commune": ["xã", "phường", "thị trấn", "xã phường thị trấn", "đặc khu"],
        "office": ["phòng", "ban", "phòng giáo dục và đào tạo", "cơ quan"],
        "preschool": ["trường mầm non", "nhà trẻ", "mẫu giáo", "trường mẫu giáo", "mn"],
        "primary": ["trường tiểu học", "th"],
        "lower_secondary": ["thcs", "trường thcs", "trường trung học cơ sở"],
        "upper_secondary": ["thpt", "trường thpt", "trường trung học phổ thông"],
        "multi_level": ["nhiều cấp", "trường phổ thông nhiều cấp", "th thcs", "thcs thpt",
                        "th thcs thpt", "liên cấp"],
        "continuing_education": ["gdtx", "trung tâm gdtx", "trung tâm giáo dục thường xuyên",
                                 "gdnn gdtx", "trung tâm gdnn gdtx"],
        "special_education": ["chuyên biệt", "trường chuyên biệt", "giáo dục khuyết tật",
                              "trường giáo dục chuyên biệt"],
        "social_facility": ["cơ sở trợ giúp xã hội", "cơ sở trợ giúp trẻ em", "bảo trợ xã hội",
                            "trung tâm bảo trợ xã hội"],
    },
    UnitKind,
)  # fmt: skip
