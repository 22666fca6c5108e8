"""Invented Vietnamese names, with the frequencies that make lists look real."""

from __future__ import annotations

from random import Random

_FAMILY = {
    "Nguyễn": 34, "Trần": 11, "Lê": 9, "Phạm": 7, "Huỳnh": 6, "Võ": 5, "Phan": 4, "Trương": 3,
    "Bùi": 3, "Đặng": 3, "Đỗ": 2, "Ngô": 2, "Hồ": 2, "Dương": 2, "Đinh": 1, "Lâm": 1, "Mai": 1,
    "Cao": 1, "Châu": 1, "Tô": 1, "Lưu": 1,
}  # fmt: skip
_MIDDLE = {
    "female": """
        Thị, Thị Ngọc, Thị Thu, Thị Mỹ, Ngọc, Thị Kim, Thị Thanh, Hoàng, Thúy, Thị Bích,
        Phương, Thị Hồng
    """.split(","),
    "male": """
        Văn, Minh, Thanh, Hữu, Quốc, Đức, Ngọc, Công, Hoàng, Trọng, Đình
    """.split(","),
}
_GIVEN = {
    "female": """
        Ánh Bích Châu Cúc Diễm Dung Duyên Đào Giang Hà Hạnh Hằng Hậu Hiền Hoa Hồng Huệ Hương
        Khánh Kiều Lan Liên Linh Loan Ly Mai My Nga Ngân Ngọc Nguyệt Nhung Oanh Phượng Quyên
        Sương Thảo Thắm Thoa Thu Thủy Thư Tiên Trang Trâm Trinh Tuyết Uyên Vân Xuân Yến
    """.split(),
    "male": """
        An Bảo Bình Cường Danh Dũng Duy Đạt Định Đức Hải Hào Hiếu Hòa Hùng Huy Khang Khoa
        Kiên Lâm Long Lộc Mạnh Nam Nghĩa Nhân Phát Phong Phúc Quang Quân Sơn Tài Tâm Thành
        Thắng Thịnh Toàn Trí Trung Tuấn Tùng Vinh Vũ
    """.split(),
}

# Share of women, by kind of unit; managers are a little more often men.
_WOMEN = {"preschool": 0.98, "primary": 0.76, "social_facility": 0.8, "commune": 0.5, "office": 0.5}
_WOMEN_OTHERWISE = 0.64
_MANAGERS_FEWER = 0.15


def draw_sex(random: Random, kind: str, group: str) -> str:
    share = _WOMEN.get(kind, _WOMEN_OTHERWISE)
    if group == "manager" and kind != "preschool":
        share -= _MANAGERS_FEWER
    return "female" if random.random() < share else "male"


def draw_name(random: Random, sex: str) -> tuple[str, str, str]:
    """Family, middle and given name."""
    family = random.choices(list(_FAMILY), weights=list(_FAMILY.values()))[0]
    return family, random.choice(_MIDDLE[sex]).strip(), random.choice(_GIVEN[sex])
