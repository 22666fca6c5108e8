"""What only a browser shows of a manager's pages."""

from __future__ import annotations

from base64 import b32decode

import pytest
from django_otp.oath import totp
from playwright.sync_api import Page, expect

from lms.demo.accounts import DEMO_PASSWORD
from tests.browser.conftest import PHONE, WIDE

IN_SIGHT = """() => {
  const room = document.querySelector(".sections [aria-current]").getBoundingClientRect();
  return room.left >= 0 && room.right <= innerWidth;
}"""


class TestTheRoomSheIsIn:
    @pytest.fixture
    def last_room(self, district, visit) -> Page:
        visitor = visit(WIDE)
        visitor.sign_in("quantri", lands_on="/manage/**")
        return visitor.go("/manage/audit/")

    def test_is_in_sight_on_a_phone(self, last_room):
        last_room.set_viewport_size(PHONE)
        last_room.reload()
        last_room.wait_for_function(IN_SIGHT)

    def test_stays_in_sight_when_the_screen_gets_narrow(self, last_room):
        last_room.wait_for_function(IN_SIGHT)
        last_room.set_viewport_size(PHONE)
        last_room.wait_for_function(IN_SIGHT)


def test_the_page_of_recovery_codes_loaded_again_says_that_all_is_on(district, visit):
    visitor = visit(WIDE)
    visitor.sign_in("hieutruong")
    page = visitor.go("/accounts/second-factor/set-up/")
    key = page.locator(".second-factor__key").inner_text().replace(" ", "")
    page.fill("#id_second_code", f"{totp(b32decode(key)):06d}")
    page.fill("#id_password", DEMO_PASSWORD)
    page.locator("main form button:not([type=button])").first.click()
    expect(page.get_by_role("heading", name="Mã dự phòng")).to_be_visible()
    page.wait_for_url("**/accounts/second-factor/")
    page.reload()
    expect(page.get_by_text("Đang bật")).to_be_visible()
    assert visitor.complaints == []


def test_all_or_none_of_a_units_people_are_ticked_for_slips(district, visit):
    visitor = visit(PHONE)
    visitor.sign_in("hieutruong")
    page = visitor.go("/manage/units/TH01/slips/")
    ticked, boxes = page.locator("input[name=person]:checked"), page.locator("input[name=person]")
    page.get_by_role("button", name="Bỏ chọn tất cả").click()
    expect(ticked).to_have_count(0)
    page.get_by_role("button", name="Chọn tất cả", exact=True).click()
    expect(ticked).to_have_count(boxes.count())
    assert visitor.complaints == []
