"""The whole way once, on a phone: a teacher earns a certificate and the coverage figure moves."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from django.core.management import call_command
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from activities.quiz.models import Attempt, AttemptQuestion
from people.models import UnitClosure, User
from tests.browser.conftest import WIDE, Visitor


def coverage(unit: str, *by: str) -> dict:
    out = io.StringIO()
    options = [argument for each in by for argument in ("--by", each)]
    call_command(
        "coverage", "--target", "CT-2027", "--unit", unit, "--format", "json", *options, stdout=out
    )
    return json.loads(out.getvalue())


def row(table: dict, **keys: str) -> dict:
    return next(each for each in table["rows"] if all(each[k] == v for k, v in keys.items()))


def read_the_rest(page: Page) -> None:
    """Lesson after lesson, until the quiz's page."""
    page.get_by_role("link", name=re.compile("Học tiếp")).click()
    for _ in range(10):
        done = page.get_by_role("button", name=re.compile("Đã đọc xong"))
        if not done.count():
            return
        done.first.click()
        page.wait_for_load_state()
    raise AssertionError("The lessons never end.")


def answer(page: Page, attempt: Attempt, *, right: bool) -> None:
    """One question a screen, as on a phone; waits for the "saved" sign of each."""
    questions = AttemptQuestion.objects.filter(attempt=attempt).order_by("position")
    for number, question in enumerate(questions, start=1):
        options = question.version.options.all()
        correct = [option for option in options if option.is_correct]
        wrong = [option for option in options if not option.is_correct][:1]
        fieldset = page.locator(f"#q{question.position}")
        for option in correct if right else wrong:
            fieldset.locator(f"input[value='{option.key}']").check()
        expect(fieldset.locator("[data-sign]")).to_have_text("Đã lưu")
        if number < len(questions):
            page.locator("[data-step='1']").click()


def submit(page: Page) -> None:
    page.locator("[data-end]").get_by_role("button", name="Nộp bài").click()
    page.locator("[data-confirmed]").click()
    page.wait_for_url("**/result/")


def take_quiz(page: Page, *, right: bool) -> Attempt:
    page.get_by_role("button", name=re.compile("Bắt đầu làm bài|Làm lại")).click()
    page.wait_for_url("**/quiz/attempts/**")
    attempt = Attempt.objects.get(pk=page.url.rstrip("/").rsplit("/", 1)[-1])
    answer(page, attempt, right=right)
    submit(page)
    return attempt


def download_certificate(visitor: Visitor) -> str:
    """The text of the PDF."""
    page = visitor.go("/my/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải giấy chứng nhận").first.click()
    return PdfReader(Path(waiting.value.path())).pages[0].extract_text()


def shown(visitor: Visitor, units: list[str]) -> dict[str, tuple[int, int]]:
    """The headline of each unit's page as a manager reads it: done and due."""
    figures = {}
    for unit in units:
        text = visitor.go(f"/manage/units/{unit}/?target=CT-2027").get_by_role("main").inner_text()
        done, due = re.search(r"Đạt .*?\s% \(([\d.]+)/([\d.]+)\)", text).groups()
        figures[unit] = int(done.replace(".", "")), int(due.replace(".", ""))
    return figures


def test_a_teacher_earns_a_certificate_and_the_figure_moves_by_one(district, visit):
    teacher = User.objects.get(username="giaovien").person
    membership = teacher.memberships.get(ended_on=None)
    units = list(
        UnitClosure.objects.filter(unit=membership.unit, ended_on=None)
        .order_by("distance")
        .values_list("ancestor__code", flat=True)
    )
    assert units[-1] == "79"
    before = {unit: coverage(unit, "sex", "group") for unit in units}

    office = visit(WIDE)
    office.sign_in("quanly.gd", lands_on="/manage/**")
    shown_before = shown(office, units)

    phone = visit()
    page = phone.sign_in("giaovien")
    expect(page.get_by_text("Còn 1 chuyên đề")).to_be_visible()
    read_the_rest(page)

    score = page.locator(".quiz__score")
    failed = take_quiz(page, right=False)
    expect(score).to_have_text(re.compile("· Chưa đạt$"))
    passed = take_quiz(page, right=True)
    expect(score).to_have_text(re.compile("10,0 / 10 · Đạt$"))
    assert (failed.number, passed.number) == (1, 2)

    text = download_certificate(phone)
    assert teacher.full_name.upper() in " ".join(text.split()).upper()
    certificate = teacher.certificates.get(is_recorded=False)
    assert certificate.number
    assert certificate.number in text

    printed = re.search(r"http\S+/verify/[\w\-/\s]+/", text)
    assert printed is not None
    address = "".join(printed[0].split())
    stranger = visit()
    page = stranger.go(address.removeprefix(stranger.address))
    expect(page.get_by_role("main")).to_contain_text(re.compile("còn hiệu lực", re.I))
    assert str(teacher.birth_date.year) not in page.get_by_role("main").inner_text()

    for unit in units:
        after = coverage(unit, "sex", "group")
        assert after["total"]["complete"] == before[unit]["total"]["complete"] + 1
        assert after["total"]["required"] == before[unit]["total"]["required"]
        hers = {"sex": teacher.sex, "group": membership.staff_group}
        for each in after["rows"]:
            was = row(before[unit], sex=each["sex"], group=each["group"])
            is_hers = all(each[key] == value for key, value in hers.items())
            assert each["complete"] == was["complete"] + is_hers

    assert shown(office, units) == {
        unit: (done + 1, of) for unit, (done, of) in shown_before.items()
    }
    principal = visit(WIDE)
    principal.sign_in("hieutruong")
    assert shown(principal, units[:1]) == shown(office, units[:1])
