"""Reading one module: what it holds, and what is refused."""

import re
import unicodedata

import pytest

from cms_pages.content_format import (
    Bullet,
    BulletList,
    CaseLevel,
    ContentError,
    Difficulty,
    NoticeKind,
    QuestionKind,
    Table,
    parse_module,
)

from .content_samples import SMALL_MODULE


def read(text: str = SMALL_MODULE):
    return parse_module(text, file="kh9.md")


def refusal_of(old: str, new: str) -> ContentError:
    assert SMALL_MODULE.count(old) == 1, f"{old!r} must name one place of the sample"
    with pytest.raises(ContentError) as caught:
        read(SMALL_MODULE.replace(old, new))
    return caught.value


def question(number: int):
    return read().questions[number - 1]


def line_with(text: str) -> int:
    return SMALL_MODULE[: SMALL_MODULE.index(text)].count("\n") + 1


class TestModule:
    def test_has_what_its_head_says(self):
        module = read()
        assert (module.code, module.title) == ("KH9", "Chuyên đề thử")
        assert module.outcomes == ("nêu được một", "làm được hai.")
        assert module.notice.kind is NoticeKind.MEDICAL

    def test_needs_no_notice(self):
        text = SMALL_MODULE.replace("**Lưu ý y tế:** kiến thức chung.\n", "")
        assert read(text).notice is None

    def test_takes_separator_lines_for_blank_ones(self):
        assert read(SMALL_MODULE.replace("\n## ", "\n---\n\n## ")) == read()


class TestLesson:
    def test_has_its_parts(self):
        [lesson] = read().lessons
        assert lesson.code == "KH9-B1"
        assert lesson.objectives == ("nêu ý chính", "vận dụng ở lớp.")
        assert lesson.case.level is CaseLevel.PRESCHOOL
        assert lesson.case.handling == "Ngồi xuống ngang tầm bé."
        assert lesson.key_points == ("Bình tĩnh.", "Lắng nghe.")

    def test_body_is_bullets_with_numbered_items_and_tables(self):
        first = Bullet("Một ý có **chữ đậm** và *chữ nghiêng*:", ("ý con một;", "ý con hai."))
        assert read().lessons[0].body == (
            BulletList((first, Bullet("Ý sau."))),
            Table(("Cấp", "Cách dạy"), (("Mầm non", "Bài hát"),)),
        )


class TestQuestion:
    def test_of_one_choice_marks_the_right_option(self):
        right = [option.text for option in question(1).options if option.is_correct]
        assert question(1).kind is QuestionKind.SINGLE
        assert right == ["Dưới 16 tuổi"]

    def test_has_sources_and_difficulty(self):
        assert question(1).sources == ("LTE Điều 1", "CM")
        assert question(4).difficulty is Difficulty.HARD

    def test_keeps_the_order_of_options_that_all_have_digits(self):
        assert question(1).keep_order

    def test_may_be_shuffled_when_an_option_has_no_digit(self):
        text = SMALL_MODULE.replace("- B. Dưới 15 tuổi", "- B. Mọi lứa tuổi")
        assert not read(text).questions[0].keep_order
        assert not question(2).keep_order

    def test_of_a_scenario_is_a_choice_with_a_scenario(self):
        assert question(2).kind is QuestionKind.MULTIPLE
        assert question(2).scenario == "Em Bình kể bị trêu chọc."
        assert [option.is_correct for option in question(2).options] == [1, 0, 1, 0, 1]

    def test_of_true_or_false_has_two_options_in_that_order(self):
        options = [(option.text, option.is_correct) for option in question(3).options]
        assert options == [("Đúng", True), ("Sai", False)]
        assert question(3).keep_order

    def test_of_matching_pairs_left_with_right(self):
        matching = question(4).matching
        texts = {item.id: item.text for item in (*matching.left, *matching.right)}
        pairs = [(texts[left], texts[right]) for left, right in matching.pairs]
        assert pairs == [("Quyền học tập", "Điều 16"), ("Quyền riêng tư", "Điều 21")]

    def test_of_ordering_knows_the_right_order(self):
        ordering = question(5).ordering
        texts = {item.id: item.text for item in ordering.items}
        assert [texts[item] for item in ordering.order] == ["Lắng nghe", "Ghi lại", "Báo tin"]

    def test_of_short_answer_shows_the_first_spelling(self):
        assert question(6).accepted == ("111", "số 111")

    def test_keeps_option_ids_when_wording_changes(self):
        changed = read(SMALL_MODULE.replace("Dưới 15 tuổi", "Chưa đủ 15 tuổi"))
        assert [option.id for option in changed.questions[0].options] == [
            option.id for option in question(1).options
        ]

    def test_option_ids_are_the_ones_that_answers_already_name(self):
        assert str(question(1).options[0].id) == "1da2b1b9-d11f-5983-ae7b-059333d27f66"

    def test_shares_no_option_id_with_another(self):
        ids = [option.id for one in read().questions for option in one.options]
        assert len(ids) == len(set(ids))


OPTIONS_TO_D = "- A. Lắng nghe\n- B. Cười trừ\n- C. Ghi lại\n- D. Bỏ qua\n- E. Báo tin\n"
REFUSED = {
    # Characters
    "tab": ("Bé An khóc", "Bé An\tkhóc", "dấu tab"),
    "trailing blank": ("Bé An khóc ở cổng trường.", "Bé An khóc ở cổng trường. ", "cuối dòng"),
    "not NFC": ("Bé An", unicodedata.normalize("NFD", "Bé An"), "NFC"),
    "hidden character": ("Bé An khóc", "Bé An\u200b khóc", "U+200B"),
    "no-break space": ("Bé An khóc", "Bé\u00a0An khóc", "U+00A0"),
    "line separator": ("Bé An khóc", "Bé An\u2028khóc", "U+2028"),
    "CRLF": ("Bé An khóc ở cổng trường.", "Bé An khóc ở cổng trường.\r", "CRLF"),
    # Markup
    "review mark": ("Bé An khóc", "Bé An [KIỂM TRA] khóc", "ngoặc vuông"),
    "HTML": ("Bé An khóc", "<b>Bé An</b> khóc", "HTML"),
    "HTML entity": ("Bé An khóc", "Bé An&nbsp;khóc", "HTML"),
    "bold left open": ("**chữ đậm**", "**chữ đậm", "không đi thành cặp"),
    "italic left open": ("*chữ nghiêng*", "chữ nghiêng*", "không đi thành cặp"),
    "bold across cells": ("Mầm non | Bài hát", "**Mầm non | Bài hát**", "vắt qua"),
    "markup in a title": ("Bài thứ nhất", "Bài **thứ nhất**", "Tiêu đề"),
    # Headings
    "text before the first heading": ("# KH9. Chuyên", "Lời dẫn\n# KH9. Chuyên", "bắt đầu bằng"),
    "unknown heading": ("## KH9-B1. Bài", "### KH9-B1. Bài", "không đúng mẫu"),
    "code of another module": ("## KH9-B1. Bài", "## KH8-B1. Bài", "KH9"),
    "gap in lessons": ("KH9-B1. Bài", "KH9-B2. Bài", "phải là 1"),
    "gap in questions": ("KH9-C03", "KH9-C07", "phải là 3"),
    "repeated question": ("KH9-C03", "KH9-C02", "phải là 3"),
    "one digit": ("KH9-C03", "KH9-C3", "không đúng mẫu"),
    "missing bank": ("## KH9 – Ngân hàng câu hỏi\n", "", "ngân hàng"),
    "repeated bank": (
        "## KH9 – Ngân hàng câu hỏi",
        "## KH9 – Ngân hàng câu hỏi\n## KH9 – Ngân hàng câu hỏi",
        "một lần",
    ),
    "bank before lessons": (
        "## KH9-B1. Bài",
        "## KH9 – Ngân hàng câu hỏi\n## KH9-B1. Bài",
        "sai chỗ",
    ),
    "line under the bank heading": (
        "câu hỏi\n\n#### KH9-C01",
        "câu hỏi\nLạc.\n\n#### KH9-C01",
        "không",
    ),
    # Labels
    "unknown label": ("**Thực hành:**", "**Thực tập:**", "không dùng ở đây"),
    "label without colon": ("**Thực hành:** Ghi", "**Thực hành** Ghi", "hai chấm"),
    "label with a slip": ("**Thực hành:** Ghi", "**Thực hành:**Ghi", "Nhãn viết sai"),
    "label without text": ("**Thực hành:** Ghi lại một việc đã làm.", "**Thực hành:**", "chưa có"),
    "repeated part": ("**Thực hành:**", "**Thực hành:** Việc.\n**Thực hành:**", "bị lặp"),
    "misplaced part": (
        "**Mục tiêu:** nêu ý chính; vận dụng ở lớp.\n\n**Mở bài:** Việc này quan trọng với lớp.",
        "**Mở bài:** Việc này quan trọng với lớp.\n\n**Mục tiêu:** nêu ý chính; vận dụng ở lớp.",
        "sai chỗ",
    ),
    "second line of text": ("Ghi lại một việc", "Ghi lại\nmột việc", "không thuộc mục nào"),
    "repeated notice": (
        "**Lưu ý y tế:**",
        "**Lưu ý y tế:** một.\n**Cảnh báo nội dung:** hai.\n**Lưu ý y tế:**",
        "bị lặp",
    ),
    "two notices": (
        "kiến thức chung.",
        "kiến thức chung.\n**Cảnh báo nội dung:** nặng.",
        "một lưu ý",
    ),
    "empty item of a list": ("nêu được một; làm", "nêu được một; ; làm", "phần trống"),
    "list ending in a separator": ("LTE Điều 1; CM", "LTE Điều 1;", "phần trống"),
    # Lesson
    "unknown level": ("(mầm non)", "(đại học)", "cấp"),
    "no level": ("**Tình huống (mầm non):**", "**Tình huống:**", "cấp"),
    "level where none belongs": ("**Mở bài:**", "**Mở bài (THCS):**", "trong ngoặc"),
    "colon after body label": ("**Nội dung chính**", "**Nội dung chính:**", "đứng một mình"),
    "loose paragraph": ("- Ý sau.", "Ý sau.", "không phải ý"),
    "numbered item of nothing": ("- Một ý có **chữ đậm** và *chữ nghiêng*:\n", "", "không phải ý"),
    "gap in numbered items": ("  2. ý con hai.", "  3. ý con hai.", "số 2"),
    "item not indented by two": ("  2. ý con hai.", "   2. ý con hai.", "không phải ý"),
    "table without rule": ("|---|---|\n", "", "Bảng cần"),
    "table of other width": ("| Mầm non | Bài hát |", "| Mầm non |", "cột"),
    "empty cell": ("| Mầm non | Bài hát |", "| Mầm non |  |", "phần trống"),
    "one key point": ("- Lắng nghe.\n\n", "\n", "2 hoặc 3"),
    "four key points": ("- Bình tĩnh.", "- Bình tĩnh.\n- Một.\n- Hai.", "2 hoặc 3"),
    "key point without bullet": ("- Bình tĩnh.", "Bình tĩnh.", "“- ”"),
    # Question
    "unknown kind": ("· Đúng/Sai", "· Tự luận", "Không có kiểu câu"),
    "scenario in a plain kind": (
        "**Hỏi:** Trái",
        "**Tình huống:** Lạ.\n**Hỏi:** Trái",
        "không dùng",
    ),
    "no scenario in a scenario kind": ("**Tình huống:** Em Bình kể bị trêu chọc.\n", "", "Thiếu"),
    "unknown difficulty": ("**Độ khó:** khó", "**Độ khó:** rất khó", "Độ khó"),
    "feedback naming a letter": ("Dưới 16 tuổi.", "Phương án C đúng.", "chữ cái"),
    "three options": ("- D. Dưới 18 tuổi\n", "", "cần 4"),
    "six options": ("- E. Báo tin", "- E. Báo tin\n- F. Khác", "từ 4 đến 5"),
    "gap in option letters": ("- D. Dưới 18 tuổi", "- E. Dưới 18 tuổi", "“- D. ”"),
    "equal options": ("- B. Dưới 15 tuổi", "- B. dưới  14 tuổi", "hai lần"),
    "key outside the options": ("**Đáp án:** C", "**Đáp án:** E", "không có trong"),
    "two letters for one choice": ("**Đáp án:** C", "**Đáp án:** A, C", "đúng một"),
    "key with a word": ("**Đáp án:** C", "**Đáp án:** CD", "không có trong"),
    "unsorted key": ("A, C, E", "C, A, E", "thứ tự"),
    "repeated letter": ("A, C, E", "A, C, C", "bị lặp"),
    "one right of several": ("A, C, E", "A", "từ hai"),
    "all right": ("A, C, E", "A, B, C, D, E", "ít nhất một phương án sai"),
    "neither true nor false": ("**Đáp án:** Đúng", "**Đáp án:** Có", "“Đúng” hoặc “Sai”"),
    "options of true or false": (
        "Trái đất tròn.",
        "Trái đất tròn.\n- A. Đúng",
        "không có phương án",
    ),
    "uneven matching": ("- b. Điều 16\n", "", "bằng nhau"),
    "sides mixed": (
        "- 2. Quyền riêng tư\n- a. Điều 21",
        "- a. Điều 21\n- 2. Quyền riêng tư",
        "“- 2. ”",
    ),
    "equal right sides": ("- b. Điều 16", "- b. Điều 21", "hai lần"),
    "right side used twice": ("1-b; 2-a", "1-b; 2-b", "một lần"),
    "pair left out": ("1-b; 2-a", "1-b", "mỗi vế trái"),
    "pairs out of order": ("1-b; 2-a", "2-a; 1-b", "theo thứ tự"),
    "pair outside": ("1-b; 2-a", "1-b; 2-c", "một lần"),
    "pair with a slip": ("1-b; 2-a", "1-b; 2a", "mỗi vế trái"),
    "order left short": ("B, C, A", "B, C", "mọi chữ cái"),
    "order given away": ("B, C, A", "A, B, C", "xáo"),
    "equal spellings": ("111 | số 111", "Số 111 | số  111", "hai lần"),
    "bar without blanks": ("111 | số 111", "111|số 111", "dấu cách hai bên"),
    "options of a short answer": ("Số tổng đài?", "Số tổng đài?\n- A. 111", "không có phương án"),
}

# Lines that begin a heading or a part that can't be left out.
LOST = [
    number
    for number, line in enumerate(SMALL_MODULE.split("\n"))
    if re.match(r"#|\*\*(?!Lưu ý)", line)
]


class TestRefusal:
    @pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED)
    def test_says_what_is_wrong(self, old, new, message):
        assert message in str(refusal_of(old, new))

    @pytest.mark.parametrize("lost", LOST, ids=lambda number: SMALL_MODULE.split("\n")[number][:25])
    def test_comes_when_any_heading_or_needed_part_is_lost(self, lost):
        lines = SMALL_MODULE.split("\n")
        del lines[lost]
        with pytest.raises(ContentError):
            read("\n".join(lines))

    def test_of_an_empty_file(self):
        with pytest.raises(ContentError, match="Thiếu tiêu đề chuyên đề"):
            read("")

    def test_names_file_and_line(self):
        error = refusal_of("**Độ khó:** khó", "**Độ khó:** rất khó")
        assert (error.file, error.line) == ("kh9.md", line_with("**Độ khó:** khó"))
        assert str(error).startswith(f"kh9.md, dòng {error.line}: ")

    def test_points_at_the_part_that_is_misplaced_or_unknown(self):
        error = refusal_of("**Thực hành:**", "**Thực tập:**")
        assert error.line == line_with("**Thực hành:**")

    def test_lists_the_faults_of_all_lessons_and_questions_at_once(self):
        text = SMALL_MODULE.replace("(mầm non)", "(đại học)").replace("1-b; 2-a", "1-b")
        text = text.replace("**Đáp án:** Đúng", "**Đáp án:** Có")
        with pytest.raises(ContentError) as caught:
            read(text)
        lines = [problem.line for problem in caught.value.problems]
        assert lines == [line_with(part) for part in ("**Tình huống (", "**Đáp án:** Đúng", "1-b;")]

    def test_lists_all_faulty_characters_at_once(self):
        with pytest.raises(ContentError) as caught:
            read(SMALL_MODULE.replace("Bé An", "Bé\tAn").replace("Bình tĩnh.", "Bình tĩnh. "))
        assert len(caught.value.problems) == 2
