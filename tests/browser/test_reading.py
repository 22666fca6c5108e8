"""A module with the keyboard alone, the text without styles, and what a printer makes of it."""

from __future__ import annotations

import io
import re

from playwright.sync_api import Page
from pypdf import PdfReader

from activities.quiz.models import Attempt, AttemptQuestion
from cms_pages.models import LessonPage, ModulePage
from people.models import User
from tests.browser.conftest import WIDE

A4 = (595, 842)  # points
FOCUSED = "(document.activeElement.innerText || document.activeElement.value || '').trim()"


def tab_to(page: Page, words: str, *, at_most: int = 80) -> None:
    """Tab after Tab until what has the focus says these words."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if re.search(words, page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"The Tab key never reaches {words!r} on {page.url}.")


def press(page: Page, words: str) -> None:
    before = page.url
    tab_to(page, words)
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    page.wait_for_load_state()


def read_every_lesson(page: Page) -> None:
    for _ in range(10):
        if not page.get_by_role("button", name=re.compile("Đã đọc xong")).count():
            return
        press(page, "^Đã đọc xong")
    raise AssertionError("The lessons never end.")


def choose(page: Page, question: AttemptQuestion, options: list) -> None:
    """Into the question by Tab, to the options by arrows or Tab, chosen by Space."""
    fieldset = page.locator(f"#q{question.position}")
    inputs = fieldset.locator("input").evaluate_all("all => all.map(each => each.value)")
    is_radio = fieldset.locator("input").first.get_attribute("type") == "radio"
    wanted = sorted(inputs.index(str(option.key)) for option in options)
    inside = f"document.querySelector('#q{question.position}').contains(document.activeElement)"
    for _ in range(20):
        if page.evaluate(f"{inside} && document.activeElement.matches('input')"):
            break
        page.keyboard.press("Tab")
    at = 0
    for place in wanted:
        for _ in range(place - at):
            page.keyboard.press("ArrowDown" if is_radio else "Tab")
        at = place
        page.keyboard.press("Space")
    fieldset.get_by_text("Đã lưu").wait_for()


def answer_all(page: Page, attempt: Attempt) -> None:
    questions = AttemptQuestion.objects.filter(attempt=attempt).order_by("position")
    for number, question in enumerate(questions, start=1):
        choose(page, question, [o for o in question.version.options.all() if o.is_correct])
        if number < len(questions):
            tab_to(page, "^Câu sau")
            page.keyboard.press("Enter")


def test_a_module_is_finished_on_a_phone_with_the_keyboard_alone(district, visit):
    page = visit().go("/accounts/login/")
    page.keyboard.type("giaovien2")
    page.keyboard.press("Tab")
    page.keyboard.type("thu-nghiem-2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/")
    page.goto(page.url.replace("/my/", ModulePage.objects.get(code="KH6").url))
    press(page, "^Bắt đầu")
    read_every_lesson(page)
    press(page, "^Bắt đầu làm bài")
    attempt = Attempt.objects.get(pk=page.url.rstrip("/").rsplit("/", 1)[-1])
    answer_all(page, attempt)
    tab_to(page, "^Nộp bài")
    page.keyboard.press("Enter")
    press(page, "^Nộp bài")
    assert "Đạt" in page.locator("main").inner_text()
    teacher = User.objects.get(username="giaovien2").person
    done = teacher.enrolments.get().module_completions.values_list("module__code", flat=True)
    assert list(done) == ["KH6"]


def test_without_styles_a_lesson_still_reads_in_order(district, visit):
    visitor = visit(java_script_enabled=False)
    visitor.context.route("**/*.css", lambda route: route.abort())
    lesson = LessonPage.objects.get(code="KH6-B2")
    visitor.sign_in("giaovien")
    page = visitor.go(lesson.url)
    text = " ".join(page.locator("main").inner_text().split())  # headings hold no-break spaces
    visitor.complaints.clear()  # of the styles that were refused
    order = ["Gọi 111", lesson.title, "Mục tiêu", "Tình huống", "Xem gợi ý xử lý", "Thực hành",
             "Ghi nhớ", "Bài tiếp theo", "Trong chuyên đề này"]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def printed(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))


def unspaced(text: str) -> str:
    """Letters alone: a PDF sets those with marks apart, as if spaces stood between."""
    return "".join(text.split())


def test_what_is_printed_is_a_clean_a4(district, visit):
    teacher = User.objects.get(username="giaovien").person
    learner, office = visit(), visit(WIDE)
    learner.sign_in("giaovien")
    office.sign_in("quanly.gd", lands_on="/manage/**")
    lesson = LessonPage.objects.get(code="KH6-B2")
    certificate = teacher.certificates.first()
    for visitor, path, words in [
        (learner, lesson.url, ["Nhận biết dấu hiệu", "Gợi ý xử lý", "111"]),
        (learner, f"/verify/{certificate.pk}/", [certificate.number]),
        (office, "/manage/", ["80 %", "Thành phố Hồ Chí Minh"]),
    ]:
        paper = printed(visitor.go(path))
        text = unspaced("".join(sheet.extract_text() for sheet in paper.pages))
        assert all(unspaced(each) in text for each in words), path
        chrome = ("Việc học", "Đăng xuất", "Trang này không phải")
        assert not any(unspaced(each) in text for each in chrome), path
        for sheet in paper.pages:
            assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4
            assert len(sheet.extract_text().strip()) > 40, f"{path}: an empty sheet"


def test_the_admin_asks_nobody_else(district, visit):
    """`visit` fails on any request to another host; here on the pages of Wagtail's own."""
    visitor = visit(WIDE)
    visitor.sign_in("giangvien")
    lesson, module = LessonPage.objects.get(code="KH1-B1"), ModulePage.objects.get(code="KH1")
    for path in (
        "/admin/",
        f"/admin/pages/{module.pk}/",
        f"/admin/pages/{lesson.pk}/edit/",
        f"/admin/pages/{lesson.pk}/history/",
        "/admin/images/",
        "/admin/documents/",
        "/admin/account/",
    ):
        visitor.go(path).wait_for_load_state("networkidle")
        assert visitor.page.url == visitor.address + path, "sent elsewhere: nothing was watched"
        assert visitor.foreign == []
