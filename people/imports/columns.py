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
                        "mã định danh bộ gd đt", "mã định danh bộ gdđt", "mã định danh moet",
                        "mã định danh bộ giáo dục và đào tạo", "mã định danh csdl",
                        "mã định danh csdl ngành", "mã csdl", "mã csdl ngành", "mã số",
                        "mã số cán bộ", "mã số giáo viên", "mã cb", "mã gv", "mã ns", "mã nv",
                        "mã nhân viên", "mã viên chức", "mã cbgvnv", "mã cb gv nv", "mã cbgv",
                        "mã cb gv", "mã cán bộ giáo viên", "mã cán bộ giáo viên nhân viên", "code"],
        "full_name": ["họ và tên", "họ tên", "tên đầy đủ", "họ và tên cán bộ",
                      "họ và tên giáo viên", "họ tên giáo viên", "họ tên cán bộ",
                      "họ và tên cb gv nv", "họ và tên cbgvnv", "họ tên cbgvnv",
                      "họ và tên nhân sự", "họ tên nhân sự", "họ và tên khai sinh",
                      "họ và chữ lót và tên", "họ tên đệm và tên", "họ đệm tên", "tên cán bộ",
                      "tên giáo viên", "tên nhân sự", "name", "fullname"],
        "family_and_middle_name": ["họ", "họ đệm", "họ và đệm", "họ và tên đệm", "họ tên đệm",
                                   "họ lót", "họ và chữ lót", "họ chữ lót", "họ và tên lót",
                                   "họ tên lót", "họ lót tên đệm", "tên đệm", "đệm", "chữ lót",
                                   "tên lót"],
        "given_name": ["tên", "tên gọi"],
        "sex": ["giới tính", "gender", "phái", "giới", "nam nữ", "nữ nam", "gt"],
        "female_mark": ["nữ", "là nữ", "giới tính nữ"],
        "male_mark": ["giới tính nam"],
        "birth_date": ["ngày sinh", "ngày tháng năm sinh", "ngày năm sinh", "sinh ngày", "ntns",
                       "n t n s", "ng sinh", "ngày tháng sinh", "dob", "date of birth"],
        "unit_code": ["mã đơn vị", "mã trường", "đơn vị", "mã đơn vị công tác", "đơn vị công tác",
                      "trường", "mã cơ sở", "mã cơ sở giáo dục", "mã số trường",
                      "mã định danh trường", "mã định danh đơn vị", "nơi công tác"],
        "staff_group": ["nhóm", "loại cán bộ", "nhóm nhân sự", "vị trí việc làm", "loại nhân sự",
                        "loại cán bộ vị trí việc làm", "loại hình nhân sự", "nhóm cán bộ",
                        "đối tượng", "nhóm đối tượng", "loại viên chức", "vtvl"],
        "position": ["chức vụ", "nhóm chức vụ", "chức danh", "chức vụ chức danh",
                     "chức danh chức vụ", "chức danh công việc", "công việc", "công việc đảm nhiệm",
                     "công việc được giao", "nhiệm vụ", "nhiệm vụ được giao", "nhiệm vụ đảm nhận",
                     "phân công", "phân công nhiệm vụ", "chức vụ hiện tại", "chức vụ công tác",
                     "chức danh nghề nghiệp"],
        "status": ["trạng thái", "tình trạng", "trạng thái cán bộ", "trạng thái làm việc",
                   "tình trạng công tác", "tình trạng làm việc", "trạng thái công tác",
                   "trạng thái nhân sự"],
        "started_on": ["từ ngày", "ngày bắt đầu", "ngày vào trường", "ngày vào đơn vị",
                       "ngày về trường", "ngày về đơn vị", "ngày chuyển đến",
                       "ngày bắt đầu làm việc", "ngày nhận công tác", "ngày nhận việc"],
        "ended_on": ["đến ngày", "đến hết ngày", "ngày kết thúc", "ngày nghỉ", "ngày chuyển đi",
                     "ngày nghỉ việc", "ngày thôi việc", "ngày nghỉ hưu"],
        "email": ["thư điện tử", "e mail", "địa chỉ email", "hộp thư", "địa chỉ thư điện tử",
                  "mail", "email cá nhân", "email công vụ"],
        "phone": ["số điện thoại", "điện thoại", "sđt", "điện thoại di động", "số đt", "số sđt",
                  "di động", "số di động", "đtdđ", "điện thoại liên hệ", "số điện thoại liên hệ",
                  "số điện thoại di động", "tel"],
    }
)  # fmt: skip

# Where a list has several columns of one meaning: which heading is believed, the best first.
# Equals are no choice of ours: the list is refused, or a person says which.
_PREFERRED = {
    "person_code": [
        ["mã nhân sự", "person code"],
        ["mã định danh bộ gd đt", "mã định danh bộ gdđt", "mã định danh moet",
         "mã định danh bộ giáo dục và đào tạo", "mã định danh csdl", "mã định danh csdl ngành"],
        ["mã định danh"],
        ["mã cán bộ", "mã giáo viên", "mã nhân viên", "mã viên chức", "mã cb", "mã gv", "mã nv"],
    ],
    "unit_code": [
        ["mã đơn vị", "mã đơn vị công tác", "unit code"],
        ["mã trường", "mã cơ sở", "mã cơ sở giáo dục"],
        ["mã định danh trường", "mã định danh đơn vị"],
    ],
    "position": [
        ["chức vụ", "chức vụ hiện tại", "chức vụ công tác", "position"],
        ["chức danh", "chức vụ chức danh", "chức danh chức vụ"],
        ["nhóm chức vụ"],
        ["chức danh công việc", "công việc", "công việc đảm nhiệm", "công việc được giao"],
    ],
    "staff_group": [
        ["nhóm nhân sự", "staff group"],
        ["loại cán bộ", "loại nhân sự", "loại cán bộ vị trí việc làm", "nhóm cán bộ"],
        ["nhóm", "nhóm đối tượng"],
        ["vị trí việc làm", "vtvl"],
    ],
    "started_on": [
        ["từ ngày", "started on"],
        ["ngày vào trường", "ngày vào đơn vị", "ngày về trường", "ngày về đơn vị"],
    ],
    "ended_on": [["đến hết ngày", "ended on"], ["đến ngày"], ["ngày kết thúc"]],
    "status": [["trạng thái", "status"], ["tình trạng"]],
    "email": [["email công vụ"], ["email", "thư điện tử", "địa chỉ email"]],
    "phone": [["số điện thoại", "phone"], ["điện thoại di động", "số điện thoại di động"]],
}  # fmt: skip
PREFERRED = {
    field: [[normalised(name) for name in equals] for equals in ranks]
    for field, ranks in _PREFERRED.items()
}

# Of a normalised heading: what is never read unless a person says so.
PRIVATE = re.compile(
    r"\b(cccd|cmnd|cmt|cmtnd|can cuoc|chung minh|dinh danh ca nhan|ho chieu|bhxh|bhyt|bao hiem"
    r"|ma so thue|mst|luong|phu cap|tai khoan|ngan hang|dan toc|ton giao|dang vien|doan vien"
    r"|que quan|noi sinh|suc khoe|thanh phan gia dinh)\b"
)

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
