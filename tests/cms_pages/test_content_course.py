"""Reading a course folder: the shipped one whole, and what is refused."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import cms_pages
from cms_pages.content_format import (
    ContentError,
    RequiredOf,
    bases_named_in,
    bases_of_lesson,
    bases_of_module,
    load_course,
    write_course,
)
from cms_pages.content_format.course import POSITIONS, STAFF_GROUPS, UNIT_KINDS

from .content_samples import SMALL_COURSE, SMALL_MODULE

SHIPPED = Path(cms_pages.__file__).parent / "content" / "bvte"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "course.toml").write_text(SMALL_COURSE, encoding="utf-8")
    (tmp_path / "kh9.md").write_text(SMALL_MODULE, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def shipped():
    return load_course(SHIPPED)


def refusal_of(folder: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load_course(folder)
    return caught.value


class TestCourse:
    def test_has_what_its_file_says(self, folder):
        course = load_course(folder)
        assert (course.code, course.effective_from) == ("THU", date(2026, 5, 4))
        assert course.abbreviations == (("LTE", "Luật Trẻ em 2016"),)
        assert [basis.dates for basis in course.legal_bases] == ["05/4/2016"]

    def test_has_its_modules_with_their_content(self, folder):
        [module] = load_course(folder).modules
        assert (module.code, module.periods, module.pass_mark_tenths) == ("KH9", 10, 50)
        assert module.content.title == "Chuyên đề thử"

    def test_says_who_must_take_a_module(self, folder):
        [module] = load_course(folder).modules
        assert module.required == (
            RequiredOf(groups=("teacher",), kinds=("primary",)),
            RequiredOf(positions=("health_staff",)),
        )


REFUSED = {
    "broken TOML": ('code = "THU"', "code = THU", "Không đọc được"),
    "missing key": ('title = "Khóa thử"\n', "", "Thiếu “title”"),
    "unknown key": ('title = "Khóa', 'subtitle = "a"\ntitle = "Khóa', "Không có khóa “subtitle”"),
    "text of two lines": ('"Một khóa ngắn."', '"Một\\nhai"', "một dòng chữ"),
    "empty text": ('"Một khóa ngắn."', '""', "một dòng chữ"),
    "review mark": ('"Một khóa ngắn."', '"Một khóa [KIỂM TRA]"', "ngoặc vuông"),
    "day as text": ("= 2026-05-04", '= "2026-05-04"', "một ngày"),
    "day with an hour": ("= 2026-05-04", "= 2026-05-04T08:00:00", "bỏ phần giờ"),
    "number as text": ("periods = 10", 'periods = "10"', "số nguyên"),
    "truth as number": ("attempt_limit = 3", "attempt_limit = true", "số nguyên"),
    "pass mark above ten": ("pass_mark_tenths = 50", "pass_mark_tenths = 101", "từ 1 đến 100"),
    "unknown group": ('"teacher"', '"teachers"', "“teachers”"),
    "unknown position": ('"health_staff"', '"nurse"', "“nurse”"),
    "unknown kind": ('"primary"', '"school"', "“school”"),
    "nobody": ('["teacher"]', "[]", "đang trống"),
    "unknown clause": ("positions =", "people =", "Không có khóa “people”"),
    "path out of the folder": ('"kh9.md"', '"../kh9.md"', "không được là"),
    "file that is not there": ('"kh9.md"', '"kh8.md"', "kh9.md"),
    "unknown abbreviation": ('abbreviation = "LTE"', 'abbreviation = "LTX"', "[abbreviations]"),
    "one name for two documents": (
        'names = ["Luật Trẻ em"]',
        'names = ["LTE"]\n\n[[legal_bases]]\ndocument = "LTE"',
        "đã chỉ một văn bản khác",
    ),
    "name with outer blanks": ('["Luật Trẻ em"]', '[" Luật"]', "“names” không có giá trị"),
    "flag as text": ("attempt_limit = 3", 'always_shows_111 = "có"', "true hoặc false"),
    "tab": ("periods = 10", "periods\t= 10", "dấu tab"),
}


class TestRefusal:
    @pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED)
    def test_says_what_is_wrong_in_the_course_file(self, folder, old, new, message):
        assert SMALL_COURSE.count(old) == 1
        (folder / "course.toml").write_text(SMALL_COURSE.replace(old, new), encoding="utf-8")
        error = refusal_of(folder)
        assert error.file == "course.toml"
        assert message in error.message

    def test_names_the_line_of_the_key(self, folder):
        broken = SMALL_COURSE.replace("periods = 10", "periods = 0")
        (folder / "course.toml").write_text(broken, encoding="utf-8")
        assert refusal_of(folder).line == broken[: broken.index("periods")].count("\n") + 1

    def test_comes_without_a_course_file(self, folder):
        (folder / "course.toml").unlink()
        assert "Không tìm thấy tệp" in refusal_of(folder).message

    def test_comes_without_a_module_file(self, folder):
        (folder / "kh9.md").unlink()
        error = refusal_of(folder)
        assert (error.file, error.line) == ("kh9.md", 1)

    def test_comes_for_a_file_that_no_module_names(self, folder):
        (folder / "kh10.md").write_text(SMALL_MODULE, encoding="utf-8")
        assert "kh10.md" in refusal_of(folder).message

    def test_comes_for_a_module_named_twice(self, folder):
        module = SMALL_COURSE[SMALL_COURSE.index("[[modules]]") : SMALL_COURSE.index("[abbr")]
        (folder / "course.toml").write_text(SMALL_COURSE + module, encoding="utf-8")
        assert "bị lặp" in refusal_of(folder).message

    def test_comes_when_file_and_course_disagree_on_the_code(self, folder):
        text = SMALL_MODULE.replace("KH9", "KH8")
        (folder / "kh9.md").write_text(text, encoding="utf-8")
        assert "KH8" in refusal_of(folder).message

    def test_comes_for_bytes_that_are_not_utf8(self, folder):
        (folder / "kh9.md").write_bytes(SMALL_MODULE.encode("utf-16"))
        assert "UTF-8" in refusal_of(folder).message

    def test_comes_for_a_byte_order_mark_and_windows_line_ends(self, folder):
        (folder / "kh9.md").write_bytes(SMALL_MODULE.replace("\n", "\r\n").encode("utf-8-sig"))
        assert {"U+FEFF", "CRLF"} <= set(re.findall(r"U\+FEFF|CRLF", str(refusal_of(folder))))

    def test_lists_the_faults_of_all_module_files_at_once(self, folder):
        (folder / "kh8.md").write_text("", encoding="utf-8")
        (folder / "kh9.md").write_text("", encoding="utf-8")
        module = SMALL_COURSE[SMALL_COURSE.index("[[modules]]") : SMALL_COURSE.index("[abbr")]
        other = module.replace("KH9", "KH8").replace("kh9", "kh8")
        (folder / "course.toml").write_text(SMALL_COURSE + other, encoding="utf-8")
        assert {problem.file for problem in refusal_of(folder).problems} == {"kh8.md", "kh9.md"}


class TestShippedCourse:
    def test_is_the_course_of_child_protection(self, shipped):
        assert shipped.code == "BVTE"
        assert [module.code for module in shipped.modules] == [f"KH{n}" for n in range(1, 7)]

    def test_keeps_every_lesson_and_question_of_its_files(self, shipped):
        for module in shipped.modules:
            text = (SHIPPED / module.file).read_text(encoding="utf-8")
            assert len(module.content.lessons) == len(re.findall(r"(?m)^## KH\d-B", text))
            assert len(module.content.questions) == len(re.findall(r"(?m)^#### ", text))

    def test_keeps_every_scenario_of_its_files(self, shipped):
        for module in shipped.modules:
            text = (SHIPPED / module.file).read_text(encoding="utf-8")
            scenarios = [one for one in module.content.questions if one.scenario]
            assert len(scenarios) == text.count("\n**Tình huống:** ")

    def test_asks_more_of_whoever_takes_the_abuse_module(self, shipped):
        marks = {module.code: module.pass_mark_tenths for module in shipped.modules}
        assert marks.pop("KH6") == 80
        assert set(marks.values()) == {50}

    def test_requires_each_module_of_whom_the_plan_says(self, shipped):
        kinds = ("primary", "lower_secondary", "multi_level")
        managers_and_teachers = (RequiredOf(groups=("manager", "teacher")),)
        assert {module.code: module.required for module in shipped.modules} == {
            "KH1": managers_and_teachers,
            "KH2": (
                RequiredOf(groups=("teacher",)),
                RequiredOf(positions=("young_pioneers_leader",)),
            ),
            "KH3": (
                RequiredOf(groups=("teacher",), kinds=kinds),
                RequiredOf(positions=("health_staff",)),
            ),
            "KH4": managers_and_teachers,
            "KH5": (RequiredOf(groups=("manager", "teacher", "support")),),
            "KH6": (RequiredOf(),),
        }

    def test_shares_no_option_id_between_questions(self, shipped):
        questions = [one for module in shipped.modules for one in module.content.questions]
        ids = [option.id for question in questions for option in question.options]
        assert len(ids) == len(set(ids))

    def test_explains_the_abbreviations_of_its_sources(self, shipped):
        known = dict(shipped.abbreviations)
        for module in shipped.modules:
            for question in module.content.questions:
                for source in question.sources:
                    short = source.split(" ")[0]
                    if re.fullmatch(r"[A-ZĐ]+\d+|LTE|LNG|LBĐG|BLHS|CRC|CM", short):
                        assert short in known, f"{question.code}: {source}"


BASES_OF_LESSONS = {
    "KH1-B1": "Hiến pháp 2013; CRC; LTE; NĐ56; NĐ80",
    "KH1-B2": "LTE",
    "KH1-B3": "LTE; TT03; LNG",
    "KH1-B4": "LTE",
    "KH1-B5": "LTE; NĐ56; NĐ80; Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
    "KH2-B5": "Quyết định 1248/QĐ-TTg",
    "KH2-B6": "Thông tư 04/2014/TT-BGDĐT",
    "KH3-B1": "LTE",
    "KH3-B4": "LTE; BLHS; Luật Hôn nhân và gia đình 2014; "
    "Luật Phòng, chống HIV/AIDS (sửa đổi năm 2020)",
    "KH3-B5": "TT18",
    "KH4-B1": "LBĐG; Nghị quyết 28/NQ-CP",
    "KH4-B3": "LTE; NĐ80; TT19",
    "KH5-B1": "LTE; NĐ80; Quyết định 5886/QĐ-BGDĐT",
    "KH5-B3": "NĐ80; TT03; LNG",
    "KH5-B4": "LTE; NĐ80; TT18",
    "KH5-B5": "NĐ80; TT19",
    "KH5-B6": "LTE",
    "KH6-B1": "LTE; NĐ56",
    "KH6-B4": "LTE; NĐ56; NĐ80; BLHS; Luật Phòng, chống bạo lực gia đình số 13/2022/QH15",
    "KH6-B5": "NĐ56",
    "KH6-B6": "LTE",
}
# What a question may draw on and that is no legal document of the table.
NO_DOCUMENT = re.compile(r"CM\b|WHO\b|UNESCO\b|Tổng đài 111|Kế hoạch\b")
DOCUMENT = re.compile(
    r"\d+/(?:\d{4}/)?(?:QH\d+|NĐ-CP|TT-[A-ZĐ]+|QĐ-[A-ZĐa-z]+|NQ-CP)"
    r"|(?:Nghị định|Thông tư) \d+(?:/\d{4})?|(?:Bộ luật|Luật) [A-ZĐ][\wÀ-ỹ]+ ?[\wÀ-ỹ]*"
)


class TestLegalBases:
    def lessons(self, shipped):
        return [lesson for module in shipped.modules for lesson in module.content.lessons]

    def test_of_each_lesson_are_those_it_names_and_no_other(self, shipped):
        found = {
            lesson.code: "; ".join(
                basis.abbreviation or basis.document
                for basis in bases_of_lesson(lesson, shipped.legal_bases)
            )
            for lesson in self.lessons(shipped)
        }
        assert {code: bases for code, bases in found.items() if bases} == BASES_OF_LESSONS
        assert len(found) == 33

    def test_leave_out_no_document_that_a_lesson_names(self, shipped):
        known = [name for basis in shipped.legal_bases for name in basis.all_names]
        known.append("Luật không")  # “the Law does not …”: no name
        for module in shipped.modules:
            text = (SHIPPED / module.file).read_text(encoding="utf-8").split("– Ngân hàng")[0]
            for document in DOCUMENT.findall(text.replace("*", "")):
                named = [name for name in known if name in document or document.strip() in name]
                assert named, f"{module.code}: {document}"

    def test_cover_every_source_of_every_question(self, shipped):
        for module in shipped.modules:
            bases = bases_of_module(module.content, shipped.legal_bases)
            assert bases, module.code
            for question in module.content.questions:
                for source in question.sources:
                    assert bases_named_in([source], bases) or NO_DOCUMENT.match(source), source

    def test_tell_readers_and_not_editors(self, shipped):
        text = (SHIPPED / "course.toml").read_text(encoding="utf-8")
        assert not re.search(r"rà soát lại|dự án|KIỂM TRA|K-cao|K-TB|law\.md|nguồn thứ cấp", text)

    @pytest.mark.parametrize(
        ("text", "is_named"),
        [
            ("theo Nghị định 56, Điều 25", True),
            ("**Nghị định 56**", True),
            ("Nghị định 56/2017/NĐ-CP", True),
            ("Nghị định 560", False),
            ("Nghị định 56/2019", False),
            ("nghị định 56", False),
        ],
    )
    def test_are_found_by_whole_names_only(self, shipped, text, is_named):
        named = bases_named_in([text], shipped.legal_bases)
        assert [basis.abbreviation for basis in named] == (["NĐ56"] if is_named else [])


class TestWriting:
    def test_gives_back_the_shipped_course_byte_for_byte(self, shipped):
        assert write_course(shipped) == (SHIPPED / "course.toml").read_text(encoding="utf-8")

    def test_gives_back_what_may_be_left_out(self, folder):
        text = SMALL_COURSE.replace("attempt_limit = 3\n", "always_shows_111 = true\n")
        text = text.replace("\n\n[[modules]]", "\nvalidity_months = 36\n\n[[modules]]")
        (folder / "course.toml").write_text(text, encoding="utf-8")
        course = load_course(folder)
        assert (course.validity_months, course.modules[0].attempt_limit) == (36, None)
        (folder / "course.toml").write_text(write_course(course), encoding="utf-8")
        assert load_course(folder) == course


class TestPackage:
    def test_needs_neither_django_nor_wagtail(self):
        program = (
            "import sys, cms_pages.content_format;"
            "sys.exit(any(name.split('.')[0] in ('django', 'wagtail') for name in sys.modules))"
        )
        root = Path(cms_pages.__file__).parent.parent
        assert subprocess.run([sys.executable, "-c", program], cwd=root).returncode == 0


class TestRosterWords:
    def test_are_those_of_the_roster(self):
        from people.models import Position, StaffGroup, UnitKind

        assert tuple(StaffGroup.values) == STAFF_GROUPS
        assert tuple(Position.values) == POSITIONS
        assert tuple(UnitKind.values) == UNIT_KINDS
