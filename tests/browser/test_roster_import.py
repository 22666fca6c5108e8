"""A principal brings in next year's list, sees the denominator follow, and takes it back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from people.models import ImportState, Membership, Person, RosterImport, Unit, User
from people.queries.people import placed
from people.roster_sheet import HEADINGS, roster_rows
from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.test_accessibility import problems
from tests.people.sheet_builders import xlsx_of
from tests.people.uploading import make_import

SCHOOL, OTHER_SCHOOL = "TH01", "TH02"
CODE, NAME, SEX, BIRTH_DATE, UNIT, GROUP, POSITION, STATUS = range(8)


def rows_of(unit: str) -> list[list[Any]]:
    today = timezone.localdate()
    here = Membership.objects.primary_on(today).filter(unit__code=unit).order_by("person__code")
    return list(roster_rows(placed(here, on=today), shows_codes_in=None))


def teachers(rows: list[list[Any]]) -> list[list[Any]]:
    """Those without an account: nothing but the list speaks of them."""
    accounts = set(User.objects.values_list("person__code", flat=True))
    return [row for row in rows if row[GROUP] == "Giáo viên" and row[CODE] not in accounts]


def next_years_list() -> bytes:
    """3 new, 2 from another school, 1 retired, 1 name corrected, 1 under another code.

    Below two titles, and nobody but a person could tell that "Danh xưng" is a name.
    """
    rows = rows_of(SCHOOL)
    retired, misspelt, twice = teachers(rows)[:3]
    retired[STATUS] = "Nghỉ hưu"
    misspelt[NAME] = misspelt[NAME].rsplit(" ", 1)[0] + " Thúy"
    twice[CODE] = "TH01-MA-KHAC"
    moved = [[*row[:UNIT], SCHOOL, *row[UNIT + 1 :]] for row in teachers(rows_of(OTHER_SCHOOL))[:2]]
    for row in moved:
        row[8] = None  # since when, the list does not say
    new = [
        [f"TH01-MOI-{n}", f"Đặng Thị Mới {name}", "Nữ", date(1999, 2, n), SCHOOL, "Giáo viên", "",
         "Đang làm việc", None, None, None, None]
        for n, name in enumerate(["An", "Bình", "Châu"], start=1)
    ]  # fmt: skip
    header = ["Danh xưng" if heading == HEADINGS[NAME] else heading for heading in HEADINGS]
    titles = [["TRƯỜNG TIỂU HỌC"], ["DANH SÁCH NHÂN SỰ NĂM HỌC 2026 - 2027"]]
    return xlsx_of([*titles, header, *rows, *moved, *new])


def denominator(visitor: Visitor) -> int:
    """How many people the unit's own page says are to be trained."""
    text = visitor.go(f"/manage/units/{SCHOOL}/?target=CT-2027").get_by_role("main").inner_text()
    return int(re.search(r"Đạt .*?\s% \([\d.]+/([\d.]+)\)", text)[1].replace(".", ""))


def tally(page: Page, verdict: str) -> str:
    return page.locator(".tallies li", has_text=verdict).locator(".tallies__count").inner_text()


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "light"), (WIDE, "dark")], ids=["phone-light", "wide-dark"]
)
def test_a_principal_imports_next_years_list_and_undoes_it(district, visit, viewport, scheme):
    principal = visit(viewport, color_scheme=scheme)
    principal.sign_in("hieutruong")
    before = denominator(principal)

    page = principal.go("/manage/people/import/")
    assert problems(page) == []
    file = {"name": "danh-sach.xlsx", "mimeType": "application/zip", "buffer": next_years_list()}
    page.set_input_files("#id_file", file)
    page.get_by_role("button", name="Tải lên và xem các cột").click()

    expect(page.get_by_text("Tiêu đề ở dòng 3")).to_be_visible()
    expect(page.get_by_text("Thiếu cột Họ và tên")).to_be_visible()
    assert problems(page) == []
    page.get_by_label("Cột B, Danh xưng, đọc là").select_option(label="Họ và tên")
    page.get_by_role("button", name="Đối chiếu với danh sách hiện có").click()

    page.wait_for_url(re.compile(r"/manage/people/import/\d+/$"))
    expect(page.get_by_role("heading", name="Xem trước khi áp dụng")).to_be_visible()
    assert problems(page) == []
    counted = {verdict: tally(page, verdict) for verdict in ("Thêm mới", "Chuyển đơn vị")}
    assert counted == {"Thêm mới": "4 người", "Chuyển đơn vị": "2 người"}
    assert tally(page, "Thay đổi") == "1 người"
    assert tally(page, "Rời đơn vị") == "2 người"
    expect(page.locator(".pair")).to_have_count(1)
    review = page.url
    for link in ("Thêm mới", "Chuyển đơn vị", "Thay đổi", "Rời đơn vị"):
        page.get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", name=link)).to_be_visible()
        assert problems(page) == []
        page.goto(review)
    assert denominator(principal) == before

    page.goto(review)
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.get_by_role("heading", name="Đã áp dụng")).to_be_visible()
    assert problems(page) == []
    assert denominator(principal) == before + 4

    page.goto(review)
    page.get_by_role("link", name="Hoàn tác cả lần nhập").click()
    assert problems(page) == []
    page.fill("#id_reason", "Tải nhầm danh sách của năm sau")
    page.get_by_role("button", name="Hoàn tác cả lần nhập").click()
    expect(page.get_by_role("heading", name="Đã hoàn tác", exact=True)).to_be_visible()
    assert problems(page) == []
    assert denominator(principal) == before
    assert not Person.objects.filter(code__startswith="TH01-MOI").exists()


@pytest.fixture
def running(district) -> RosterImport:
    principal = User.objects.get(username="hieutruong")
    school = Unit.objects.get(code=SCHOOL)
    return make_import(
        school, by=principal, state=ImportState.CHECKING, rows_total=2000, rows_done=500
    )


class TestProgress:
    def test_moves_by_itself_and_ends_on_the_next_page(self, running, visit):
        visitor = visit()
        visitor.sign_in("hieutruong")
        page = visitor.go(f"/manage/people/import/{running.pk}/")
        assert problems(page) == []
        bar = page.get_by_role("progressbar")
        expect(bar).to_have_attribute("value", "25")
        RosterImport.objects.update(rows_done=1500)
        expect(page.get_by_text("1.500/2.000 dòng")).to_be_visible()
        assert bar.evaluate("bar => bar.value") == 75
        expect(page.get_by_role("status").filter(has_text="Đã xong 70")).to_have_count(1)
        RosterImport.objects.update(state=ImportState.CHECKED)
        expect(page.get_by_role("heading", name="Xem trước khi áp dụng")).to_be_visible()

    def test_reloads_itself_without_scripts(self, running, visit):
        visitor = visit(java_script_enabled=False)
        visitor.sign_in("hieutruong")
        page = visitor.go(f"/manage/people/import/{running.pk}/")
        RosterImport.objects.update(state=ImportState.CHECKED)
        shown = page.get_by_role("heading", name="Xem trước khi áp dụng")
        expect(shown).to_be_visible(timeout=20_000)

    def test_asks_somebody_signed_out_meanwhile_to_sign_in(self, running, visit):
        visitor = visit()
        visitor.sign_in("hieutruong")
        page = visitor.go(f"/manage/people/import/{running.pk}/")
        visitor.context.clear_cookies()
        page.wait_for_url("**/accounts/login/**")
        expect(page.get_by_label("Mật khẩu").first).to_be_visible()
