"""What reports say by themselves. Decree 30/2020/NĐ-CP sets their form; they are Vietnamese."""

from __future__ import annotations

from datetime import date

from people.models import UnitKind
from reports.models import ReportKind

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
TITLE = "BÁO CÁO"
DRAFT = "DỰ THẢO"
ENDING = "./."
RECIPIENTS = "Nơi nhận:"
SUBJECT = "Kết quả bồi dưỡng về bảo vệ, chăm sóc và giáo dục trẻ em"
FILE_COPY = "Lưu: VT"
BASIS = "Căn cứ Kế hoạch liên ngành về bồi dưỡng bảo vệ, chăm sóc và giáo dục trẻ em"

# Name of a section, its heading and how deep it stands.
SECTIONS = [
    ("situation", "I. ĐẶC ĐIỂM TÌNH HÌNH, CÔNG TÁC CHỈ ĐẠO", 1),
    ("", "II. KẾT QUẢ THỰC HIỆN", 1),
    ("documents", "1. Rà soát, cung cấp văn bản, tài liệu", 2),
    ("training", "2. Tập huấn, bồi dưỡng", 2),
    ("communication", "3. Truyền thông", 2),
    ("counselling", "4. Phòng tư vấn học đường", 2),
    ("survey", "5. Khảo sát", 2),
    ("shortcomings", "III. TỒN TẠI, NGUYÊN NHÂN", 1),
    ("plans", "IV. PHƯƠNG HƯỚNG, KIẾN NGHỊ", 1),
    ("commendation", "V. KHEN THƯỞNG", 1),
]
FIGURES_STAND_IN = "training"
NOTHING_WRITTEN = "Không có."

TABLES = {
    "group": "Kết quả theo nhóm nhân sự",
    "kind": "Kết quả theo loại đơn vị",
    "unit": "Kết quả theo đơn vị",
}
LABELS = {"group": "Nhóm", "kind": "Loại đơn vị", "unit": "Đơn vị"}
BELOW = "Kết quả theo đơn vị tại {name}"
BESIDE = "Các nhóm không thuộc chỉ tiêu (báo cáo thêm, không tính vào tỷ lệ)"
OUTSIDE = "Đơn vị ngoài hệ thống (số liệu do đơn vị cung cấp, không tính vào các bảng trên)"
HERE = "Làm việc tại {name}"
TOTAL, GRAND_TOTAL = "Tổng cộng", "Tổng cộng trong và ngoài hệ thống"
OUTSIDE_MARK = "Ngoài hệ thống"
APPENDIX = "PHỤ LỤC"
DEFINITION = "Cách tính"
NO_FIGURES = {
    "no roster": "Chưa có danh sách nhân sự tính đến ngày chốt số liệu, nên chưa có tỷ lệ.",
    "unit not open": "Đơn vị không hoạt động vào ngày chốt số liệu.",
}

COUNTS = ["Tổng số", "Đã hoàn thành", "Tỷ lệ (%)"]
SEX_COLUMNS = ["Chung", "Nam", "Nữ"]
NUMBER, NOTE = "TT", "Ghi chú"

SIGNATORY = {
    UnitKind.OFFICE.value: "TRƯỞNG PHÒNG",
    UnitKind.SOCIAL_FACILITY.value: "GIÁM ĐỐC",
    UnitKind.CONTINUING_EDUCATION.value: "GIÁM ĐỐC",
    UnitKind.COMMUNE.value: "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
    UnitKind.DISTRICT.value: "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
    UnitKind.CITY.value: "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
}
HEAD_OF_SCHOOL, HEAD = "HIỆU TRƯỞNG", "THỦ TRƯỞNG ĐƠN VỊ"
SCHOOLS = {
    UnitKind.PRESCHOOL.value,
    UnitKind.PRIMARY.value,
    UnitKind.LOWER_SECONDARY.value,
    UnitKind.UPPER_SECONDARY.value,
    UnitKind.MULTI_LEVEL.value,
    UnitKind.SPECIAL_EDUCATION.value,
}


def signatory_of(kind: str) -> str:
    """Under which office the head of such a unit signs; the unit may change it."""
    return SIGNATORY.get(kind, HEAD_OF_SCHOOL if kind in SCHOOLS else HEAD)


def long_day(day: date) -> str:
    """A zero before days below ten and before January and February."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def of_period(kind: str, started_on: date, ended_on: date) -> str:
    if kind == ReportKind.ANNUAL:
        return f"năm {ended_on.year}"
    word = "sơ kết" if kind == ReportKind.MID_TERM else "tổng kết"
    return f"({word} giai đoạn {started_on.year} - {ended_on.year})"
