"""Reading a course folder: the shipped one whole, and what is refused."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import cms_pages
from cms_pages.content_format import ContentError, RequiredOf, load_course
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

    def test_requires_the_abuse_module_of_everyone(self, shipped):
        assert shipped.modules[5].required == (RequiredOf(),)

    def test_requires_reproductive_health_of_some_teachers_and_health_staff(self, shipped):
        kinds = ("primary", "lower_secondary", "multi_level")
        assert shipped.modules[2].required == (
            RequiredOf(groups=("teacher",), kinds=kinds),
            RequiredOf(positions=("health_staff",)),
        )

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
