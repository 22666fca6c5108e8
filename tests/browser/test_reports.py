"""A report in a browser: sent, returned with a comment, corrected, accepted, taken along."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE


def test_a_report_goes_there_back_and_there_again(district, visit):
    principal, reader = visit(PHONE), visit(WIDE)
    page = principal.sign_in("hieutruong")
    principal.go("/manage/reports/new/?unit=TH01")
    page.get_by_role("button", name="Lập bản nháp").click()
    page.get_by_label("IV. Phương hướng, kiến nghị").fill("Bồi dưỡng tiếp trong hè.")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator(".paper")).to_contain_text("Bồi dưỡng tiếp trong hè.")
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_text("Đã gửi báo cáo; số liệu đã chốt.")).to_be_visible()
    address = page.url.removeprefix(principal.address)

    desk = reader.sign_in("quantri", lands_on="/manage/**")
    reader.go(address)
    desk.get_by_text("Trả lại để sửa").click()
    desk.get_by_label("Ý kiến").fill("Thiếu mục III")
    desk.get_by_role("button", name="Trả lại kèm ý kiến").click()
    expect(desk.get_by_text("Đã trả lại báo cáo kèm ý kiến.")).to_be_visible()

    principal.go(address)
    expect(page.get_by_text("Thiếu mục III")).to_be_visible()
    page.get_by_role("button", name="Lập lần gửi mới").click()
    page.get_by_role("link", name="Soạn tiếp").click()
    page.get_by_label("III. Tồn tại, nguyên nhân").fill("Một số người nghỉ thai sản.")
    page.get_by_role("button", name="Lưu nháp").click()
    page.get_by_role("button", name="Gửi báo cáo").click()
    again = page.url.removeprefix(principal.address)

    reader.go(again)
    desk.get_by_role("button", name="Tiếp nhận").click()
    expect(desk.get_by_text("Đã tiếp nhận báo cáo.")).to_be_visible()
    with desk.expect_download() as taken:
        desk.get_by_role("link", name="Tải xuống DOCX").click()
    assert taken.value.suggested_filename.endswith("-lan-2.docx")
