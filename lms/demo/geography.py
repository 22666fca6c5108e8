"""Units of the demo: Củ Chi's communes before and after 1 July 2025, with invented schools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REORGANISED_ON = date(2025, 7, 1)  # the district tier ended the day before
OPENED_ON = date(2015, 1, 1)
ROOT, DISTRICT = "79", "783"
EDUCATION_OFFICE, SOCIAL_OFFICE = "PGDDT", "PLDTBXH"

# Code of the statistics office and name.
OLD_COMMUNES = {
    "27496": "Thị trấn Củ Chi",
    "27499": "Xã Phú Mỹ Hưng",
    "27502": "Xã An Phú",
    "27505": "Xã Trung Lập Thượng",
    "27508": "Xã An Nhơn Tây",
    "27511": "Xã Nhuận Đức",
    "27514": "Xã Phạm Văn Cội",
    "27517": "Xã Phú Hòa Đông",
    "27520": "Xã Trung Lập Hạ",
    "27523": "Xã Trung An",
    "27526": "Xã Phước Thạnh",
    "27529": "Xã Phước Hiệp",
    "27532": "Xã Tân An Hội",
    "27535": "Xã Phước Vĩnh An",
    "27538": "Xã Thái Mỹ",
    "27541": "Xã Tân Thạnh Tây",
    "27544": "Xã Hòa Phú",
    "27547": "Xã Tân Thạnh Đông",
    "27550": "Xã Bình Mỹ",
    "27553": "Xã Tân Phú Trung",
    "27556": "Xã Tân Thông Hội",
}

# Successors, with the communes they took in. Their codes are the demo's own.
NEW_COMMUNES = {
    "XM1": ("Xã Tân An Hội", ["27496", "27529", "27532"]),
    "XM2": ("Xã Củ Chi", ["27553", "27556", "27535"]),
    "XM3": ("Xã Thái Mỹ", ["27505", "27526", "27538"]),
    "XM4": ("Xã Nhuận Đức", ["27514", "27520", "27511"]),
    "XM5": ("Xã An Nhơn Tây", ["27499", "27502", "27508"]),
    "XM6": ("Xã Phú Hòa Đông", ["27541", "27547", "27517"]),
    "XM7": ("Xã Bình Mỹ", ["27550", "27544", "27523"]),
}
SUCCESSOR = {old: new for new, (_name, olds) in NEW_COMMUNES.items() for old in olds}

_FLOWERS = """
    Hoa Sen, Hoa Mai, Hoa Lan, Hướng Dương, Bông Sen, Sơn Ca, Họa Mi, Vàng Anh, Ban Mai,
    Bình Minh, Tuổi Thơ, Măng Non, Vành Khuyên, Hoa Đào, Hoa Phượng, Sao Mai, Tuổi Hồng,
    Mầm Xanh, Cầu Vồng, Bồ Câu, Thiên Thanh, Hoa Cúc, Ánh Dương, Bé Ngoan, Hoa Hồng,
    Trăng Non, Nắng Mai, Lá Xanh, Mặt Trời Nhỏ
"""
_VIRTUES = """
    Đoàn Kết, Hòa Bình, Tương Lai, Bến Đình, Đồng Tâm, Hy Vọng, Tiền Phong, Quê Hương,
    An Bình, Phước An, Tân Lập, Đồng Dù, Bàu Sen, Gò Nổi, Rạch Kiến, Cây Sộp, Giồng Sao,
    Bàu Tre, Xóm Mới, Láng Cát, Đồng Lớn, Bến Mương, Lô Sáu, Cây Trôm, Sông Xanh,
    Ngã Ba Giồng, Trảng Dầu, Bàu Đưng, Suối Sâu, Gót Chàng, Vườn Trầu, Mũi Côn,
    Đồng Giồng, Ấp Đình, Phú Lợi, Thạnh Lợi, Tân Tiến, Trung Hòa, Bàu Cạp
"""


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit under an old commune (or an office), and its posts: group, position, how many."""

    code: str
    name: str
    kind: str
    sector: str
    parent: str
    posts: tuple[tuple[str, str, int], ...]


def planned_units() -> list[PlannedUnit]:
    """Schools, facilities and offices that live through the whole history, in a fixed order."""
    communes = list(OLD_COMMUNES)
    units: list[PlannedUnit] = []
    backwards = _words(_VIRTUES)[::-1]
    series = [
        ("MN", "Trường Mầm non", "preschool", _words(_FLOWERS), 29, _preschool_posts(3, 22, 8)),
        ("TH", "Trường Tiểu học", "primary", _words(_VIRTUES), 39, _school_posts(3, 32, 6)),
        (
            "CS",
            "Trường THCS",
            "lower_secondary",
            backwards,
            23,
            _school_posts(3, 44, 7),
        ),
    ]
    for prefix, title, kind, names, count, posts in series:
        for number in range(count):
            units.append(
                PlannedUnit(
                    code=f"{prefix}{number + 1:02d}",
                    name=f"{title} {names[number]}",
                    kind=kind,
                    sector="education",
                    parent=communes[(number * 8) % len(communes)],
                    posts=posts,
                )
            )
    return units + _singular_units(communes[0])


def _school_posts(managers: int, teachers: int, support: int) -> tuple[tuple[str, str, int], ...]:
    return (
        ("manager", "principal", 1),
        ("manager", "vice_principal", managers - 1),
        ("teacher", "team_leader", 3),
        ("teacher", "young_pioneers_leader", 1),
        ("teacher", "teacher", teachers - 4),
        ("support", "health_staff", 1),
        ("support", "other", support - 1),
    )


def _preschool_posts(
    managers: int, teachers: int, support: int
) -> tuple[tuple[str, str, int], ...]:
    """As in a school, but there are no Young Pioneers yet."""
    return tuple(
        (group, "teacher" if position == "young_pioneers_leader" else position, count)
        for group, position, count in _school_posts(managers, teachers, support)
    )


def _singular_units(town: str) -> list[PlannedUnit]:
    facility = (("manager", "other", 2), ("carer", "other", 14), ("support", "other", 3))
    office = (("manager", "other", 2), ("officer", "other", 9))
    rows = [
        ("GDTX", "Trung tâm GDNN-GDTX Đồng Dù", "continuing_education", "education", town,
         _school_posts(2, 18, 6)),
        ("CB01", "Trường Chuyên biệt Nắng Mai", "special_education", "education", town,
         _school_posts(2, 12, 4)),
        ("TP01", "Trường THPT Sông Xanh", "upper_secondary", "education", "27556",
         _school_posts(3, 60, 8)),
        ("PT01", "Trường Tiểu học - THCS Bàu Trăn", "multi_level", "education", "27508",
         _school_posts(3, 36, 6)),
        ("BT01", "Mái ấm Lá Lành", "social_facility", "social", "27532", facility),
        ("BT02", "Cơ sở bảo trợ Tre Xanh", "social_facility", "social", "27550", facility),
        ("BT03", "Nhà nuôi dưỡng Hoa Súng", "social_facility", "social", "27517", facility),
        (EDUCATION_OFFICE, "Phòng Giáo dục và Đào tạo", "office", "education", DISTRICT, office),
        (SOCIAL_OFFICE, "Phòng Lao động - Thương binh và Xã hội", "office", "social", DISTRICT,
         office),
    ]  # fmt: skip
    return [PlannedUnit(*row) for row in rows]


def _words(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]
