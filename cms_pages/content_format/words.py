"""The Vietnamese words of the format, shared by the reader and the writer."""

from .model import CaseLevel, Difficulty, NoticeKind, QuestionKind

DESCRIPTION = "Mô tả"
OUTCOMES = "Kết quả mong đợi"
NOTICES = {
    "Lưu ý y tế": NoticeKind.MEDICAL,
    "Cảnh báo nội dung": NoticeKind.CONTENT_WARNING,
}

OBJECTIVES = "Mục tiêu"
OPENING = "Mở bài"
BODY = "Nội dung chính"
CASE = "Tình huống"
HANDLING = "Gợi ý xử lý"
PRACTICE = "Thực hành"
KEY_POINTS = "Ghi nhớ"
CASE_LEVELS = {
    "mầm non": CaseLevel.PRESCHOOL,
    "tiểu học": CaseLevel.PRIMARY,
    "THCS": CaseLevel.LOWER_SECONDARY,
    "cơ sở bảo trợ": CaseLevel.SOCIAL_FACILITY,
    "CBQL": CaseLevel.MANAGER,
}

BANK = "Ngân hàng câu hỏi"
SCENARIO = "Tình huống"
STEM = "Hỏi"
KEY = "Đáp án"
FEEDBACK = "Phản hồi"
SOURCES = "Nguồn"
DIFFICULTY = "Độ khó"
DIFFICULTIES = {"dễ": Difficulty.EASY, "vừa": Difficulty.MEDIUM, "khó": Difficulty.HARD}
TRUE, FALSE = "Đúng", "Sai"

# Label: (kind, has a scenario).
KINDS = {
    "Một lựa chọn": (QuestionKind.SINGLE, False),
    "Nhiều lựa chọn": (QuestionKind.MULTIPLE, False),
    "Đúng/Sai": (QuestionKind.TRUE_FALSE, False),
    "Ghép đôi": (QuestionKind.MATCHING, False),
    "Sắp xếp": (QuestionKind.ORDERING, False),
    "Trả lời ngắn": (QuestionKind.SHORT_ANSWER, False),
    "Tình huống (một lựa chọn)": (QuestionKind.SINGLE, True),
    "Tình huống (nhiều lựa chọn)": (QuestionKind.MULTIPLE, True),
}
