"""Bringing a staff list in on screen: upload, columns, what would change, yes, undo."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from people.imports.layout import suggest_layout
from people.imports.samples import HEADINGS
from people.models import (
    AuditEntry,
    ImportState,
    Membership,
    Person,
    RosterImport,
    RosterRejection,
)
from people.services.roster_imports import upload_list
from people.sheets import read_sheet
from people.sheets.writing import harmless
from tests.factories import make_account, make_member, make_scope
from tests.people.sheet_builders import csv_of, xlsx_of
from tests.people.uploading import make_import

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day_in_november")]

TODAY = date(2026, 11, 22)
HEADER = ["Mã nhân sự", "Họ và tên", "Giới tính", "Ngày sinh", "Nhóm", "Chức vụ"]
HANH = ["000101", "Trần Ngọc Hạnh", "Nữ", "05/04/1985", "Giáo viên", ""]
DUC = ["000102", "Lê Văn Đức", "Nam", "05/04/1985", "Cán bộ quản lý", "Hiệu trưởng"]
MAI = ["000201", "Phạm Thị Mai", "Nữ", "17/05/1990", "Giáo viên", ""]
PATH = "/manage/people/import/"


@pytest.fixture
def on_a_day_in_november():
    with time_machine.travel(datetime(2026, 11, 22, 3, 0, tzinfo=timezone.get_fixed_timezone(0))):
        yield


@pytest.fixture
def hers(principal, learner) -> Client:
    """The principal of a school of two: herself, Đức, and the teacher Hạnh."""
    client = Client()
    client.force_login(principal)
    return client


def sent(content: bytes, name: str = "danh-sach.xlsx", **fields: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(name, content)
    return {"file": file, "unit": "TH1", "as_of": "22/11/2026", "extent": "full", **fields}


def upload(client: Client, rows: list[list[Any]], **fields: Any) -> RosterImport:
    """Up to the page of the columns."""
    response = client.post(PATH, sent(xlsx_of(rows), **fields))
    assert response.status_code == 302, response.context["form"].errors
    return RosterImport.objects.latest("pk")


def compare(client: Client, rows: list[list[Any]], **fields: Any) -> RosterImport:
    """Up to the page of what would change: the columns are taken as recognised."""
    roster_import = upload(client, rows, **fields)
    choose_columns(client, roster_import)
    roster_import.refresh_from_db()
    return roster_import


def choose_columns(client: Client, roster_import: RosterImport, **chosen: str) -> Any:
    path = f"{PATH}{roster_import.pk}/columns/"
    form = client.get(path).context["form"]
    suggested = {f"column-{column.place}": column.field for column in form.columns}
    row = {"header_row": form.suggested.header_row}
    return client.post(path, {**row, **suggested, **chosen})


def confirm(client: Client, roster_import: RosterImport, **fields: str) -> Any:
    page = client.get(f"{PATH}{roster_import.pk}/")
    fields = {"seen": page.context["seen"], **fields}
    return client.post(f"{PATH}{roster_import.pk}/confirm/", fields)


def apply(client: Client, rows: list[list[Any]], **fields: Any) -> RosterImport:
    roster_import = compare(client, rows, **fields)
    confirm(client, roster_import, skips_rejected="on")
    roster_import.refresh_from_db()
    assert roster_import.state == ImportState.APPLIED
    return roster_import


def text_of(client: Client, path: str) -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


class TestReplacing:
    """A corrected file in place of one that waits."""

    def replace(self, client: Client, replaced: RosterImport) -> Any:
        rows = xlsx_of([HEADER, HANH, DUC])
        return client.post(PATH, sent(rows, replaces=str(replaced.pk)), follow=True)

    def test_discards_that_one(self, hers):
        first = compare(hers, [HEADER, HANH, DUC, MAI])
        self.replace(hers, first)
        first.refresh_from_db()
        assert first.state == ImportState.DISCARDED

    def test_of_one_that_is_confirmed_meanwhile_leaves_both(self, hers, monkeypatch):
        first = compare(hers, [HEADER, HANH, DUC, MAI])

        def meanwhile(*args: Any, **facts: Any) -> RosterImport:
            confirm(hers, first)
            return upload_list(*args, **facts)

        monkeypatch.setattr("people.views.imports.upload_list", meanwhile)
        response = self.replace(hers, first)
        second = RosterImport.objects.latest("pk")
        assert response.redirect_chain == [(f"{PATH}{second.pk}/columns/", 302)]
        assert "không được thay thế" in response.content.decode()
        first.refresh_from_db()
        assert first.state == ImportState.APPLIED


class TestUploading:
    def test_offers_her_own_unit_chosen_and_today(self, hers):
        form = hers.get(PATH).context["form"]
        assert form.fields["unit"].choices == [("TH1", "Trường Tiểu học Một (TH1)")]
        assert form["as_of"].initial == TODAY

    def test_whoever_manages_several_units_may_leave_it_to_the_file(self, city, client):
        chief = make_account()
        make_scope(chief, city.commune)
        client.force_login(chief)
        choices = [code for code, _name in client.get(PATH).context["form"].fields["unit"].choices]
        assert choices[0] == ""
        assert set(choices[1:]) == {"XA1", "TH1", "THCS2", "BTXH"}

    def test_whoever_manages_very_many_types_a_code(self, city, client, monkeypatch):
        monkeypatch.setattr("people.forms.imports.MOST_CHOICES", 3)
        chief = make_account()
        make_scope(chief, city.commune)
        client.force_login(chief)
        text = text_of(client, PATH)
        assert 'type="text" name="unit"' in text
        assert "<option" not in text
        assert upload(client, [HEADER, HANH], unit=" TH1 ").unit == city.school

    def test_keeps_the_file_and_goes_on_to_its_columns(self, hers, city):
        response = hers.post(PATH, sent(xlsx_of([HEADER, HANH, DUC])))
        kept = RosterImport.objects.get()
        assert response.url == f"{PATH}{kept.pk}/columns/"
        assert (kept.unit, kept.as_of, kept.is_partial) == (city.school, TODAY, False)

    def test_a_bad_file_is_told_beside_it_and_the_other_choices_stay(self, hers):
        response = hers.post(PATH, sent(b"%PDF-1.7", as_of="01/09/2026", extent="partial"))
        form = response.context["form"]
        assert "không phải bảng tính" in form.errors["file"][0]
        assert form["as_of"].value() == "01/09/2026"
        assert form["extent"].value() == "partial"
        assert not RosterImport.objects.exists()

    def test_a_file_too_large_is_refused_unread(self, hers, monkeypatch):
        monkeypatch.setattr("people.forms.imports.MAX_BYTES", 100)
        form = hers.post(PATH, sent(xlsx_of([HEADER]))).context["form"]
        assert "hãy bỏ hình ảnh" in form.errors["file"][0]

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            ("23/11/2026", "ở tương lai"),
            ("22/11/1926", "kiểm tra năm"),
            ("31/02/2026", "Ngày chưa"),
        ],
    )
    def test_a_day_that_can_not_be_is_told_beside_it(self, hers, day, words):
        form = hers.post(PATH, sent(xlsx_of([HEADER]), as_of=day)).context["form"]
        assert words in form.errors["as_of"][0]

    def test_a_unit_of_somebody_else_is_no_choice(self, hers, outsider):
        form = hers.post(PATH, sent(xlsx_of([HEADER]), unit="THCS2")).context["form"]
        assert "phạm vi quản lý" in form.errors["unit"][0]

    def test_says_which_lists_are_unfinished(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        text = text_of(hers, PATH)
        assert "Có danh sách đang làm dở" in text
        assert f'href="{PATH}{kept.pk}/"' in text

    def test_a_corrected_file_takes_the_place_of_the_one_before(self, hers):
        first = compare(hers, [HEADER, HANH, DUC], extent="partial", as_of="01/09/2026")
        form = hers.get(f"{PATH}?replaces={first.pk}").context["form"]
        assert (form["as_of"].value(), form["extent"].value()) == (date(2026, 9, 1), "partial")
        second = upload(hers, [HEADER, HANH, DUC, MAI], replaces=str(first.pk))
        first.refresh_from_db()
        assert (first.state, second.state) == (ImportState.DISCARDED, ImportState.UPLOADED)

    def test_a_bad_file_takes_no_place(self, hers):
        first = compare(hers, [HEADER, HANH, DUC])
        hers.post(PATH, sent(b"%PDF-1.7", replaces=str(first.pk)))
        first.refresh_from_db()
        assert first.state == ImportState.CHECKED


class TestColumns:
    UNKNOWN = ["Mã nhân sự", "Danh xưng đầy đủ", "Giới tính", "Ngày sinh", "Nhóm"]

    def test_shows_what_was_found_with_samples(self, hers):
        rows = [["TRƯỜNG TIỂU HỌC MỘT"], ["DANH SÁCH NHÂN SỰ"], [], HEADER, HANH, DUC]
        kept = upload(hers, rows)
        text = text_of(hers, f"{PATH}{kept.pk}/columns/")
        assert "Tiêu đề ở dòng 4" in text
        assert "Trần Ngọc Hạnh · Lê Văn Đức" in text
        assert "Đã nhận ra mọi cột cần thiết" in text

    def test_reads_the_beginning_that_was_kept_and_not_the_file(self, hers, monkeypatch):
        kept = upload(hers, [HEADER, HANH, DUC])
        monkeypatch.setattr("people.services.roster_imports.read_sheet", None)
        assert "Trần Ngọc Hạnh · Lê Văn Đức" in text_of(hers, f"{PATH}{kept.pk}/columns/")

    def test_names_what_is_missing_and_does_not_go_on_without_it(self, hers):
        kept = upload(hers, [self.UNKNOWN, HANH[:5], DUC[:5]])
        assert "Thiếu cột Họ và tên" in text_of(hers, f"{PATH}{kept.pk}/columns/")
        response = choose_columns(hers, kept)
        assert "Thiếu cột Họ và tên" in " ".join(response.context["form"].non_field_errors())
        kept.refresh_from_db()
        assert kept.state == ImportState.UPLOADED

    def test_a_column_put_right_is_read_so(self, hers):
        kept = upload(hers, [self.UNKNOWN, HANH[:5], DUC[:5]])
        response = choose_columns(hers, kept, **{"column-1": "full_name"})
        assert response.url == f"{PATH}{kept.pk}/"
        kept.refresh_from_db()
        assert (kept.state, kept.counts["unchanged"]) == (ImportState.CHECKED, 2)

    def test_the_next_list_of_the_unit_finds_it_remembered(self, hers):
        first = upload(hers, [self.UNKNOWN, HANH[:5], DUC[:5]])
        choose_columns(hers, first, **{"column-1": "full_name"})
        confirm(hers, first)
        second = upload(hers, [self.UNKNOWN, HANH[:5], DUC[:5], MAI[:5]])
        page = hers.get(f"{PATH}{second.pk}/columns/")
        assert page.context["remembered"].chosen_at is not None
        assert "xếp như lần nhập ngày 22/11/2026" in page.content.decode()
        assert page.context["form"].columns[1].field == "full_name"

    def test_codes_that_are_not_read_are_pointed_out(self, hers):
        kept = upload(hers, [HEADER, HANH, DUC])
        path = f"{PATH}{kept.pk}/columns/"
        assert "có vẻ là mã nhân sự" not in text_of(hers, path)
        choose_columns(hers, kept, **{"column-0": ""})
        for shown in (path, f"{PATH}{kept.pk}/"):
            assert "Cột “Mã nhân sự” có vẻ là mã nhân sự" in text_of(hers, shown)

    def test_the_same_meaning_twice_is_refused(self, hers):
        kept = upload(hers, [HEADER, HANH, DUC])
        response = choose_columns(hers, kept, **{"column-5": "full_name"})
        assert "hãy giữ một" in " ".join(response.context["form"].non_field_errors())

    def test_an_invented_meaning_is_refused(self, hers):
        kept = upload(hers, [HEADER, HANH, DUC])
        response = choose_columns(hers, kept, **{"column-5": "salary"})
        assert "Hãy chọn một mục" in response.content.decode()

    def test_another_row_may_be_the_header(self, hers):
        kept = upload(hers, [["Họ và tên", "Nữ", "Nhóm"], [], HEADER, HANH, DUC])
        page = hers.get(f"{PATH}{kept.pk}/columns/?header_row=1")
        assert [column.header for column in page.context["form"].columns[:3]] == [
            "Họ và tên",
            "Nữ",
            "Nhóm",
        ]

    @pytest.mark.parametrize("row", ["0", "2", "99", "x", ""])
    def test_a_row_that_is_none_is_told(self, hers, row):
        kept = upload(hers, [HEADER, [], HANH, DUC])
        page = hers.get(f"{PATH}{kept.pk}/columns/?header_row={row}")
        assert page.status_code == 200
        assert page.context["header_form"].errors
        assert page.context["form"].suggested.header_row == 1

    def test_may_be_put_right_after_comparing_too(self, hers):
        kept = compare(hers, [HEADER, HANH, [*MAI[:4], "Giáo viên", "Y tế"]])
        choose_columns(hers, kept, **{"column-3": ""})
        kept.refresh_from_db()
        assert kept.state == ImportState.CHECKED
        assert "birth_date" not in kept.layout["columns"].values()

    def test_of_a_list_that_was_applied_leads_to_its_result(self, hers):
        done = apply(hers, [HEADER, HANH, DUC])
        assert hers.get(f"{PATH}{done.pk}/columns/").url == f"{PATH}{done.pk}/"


class TestProgress:
    @pytest.fixture
    def running(self, principal, city) -> RosterImport:
        return make_import(
            city.school, by=principal, state=ImportState.CHECKING, rows_total=3000, rows_done=1234
        )

    def test_is_told_in_numbers_and_reloads_itself_without_scripts(self, hers, running):
        text = text_of(hers, f"{PATH}{running.pk}/")
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
        assert 'max="100" value="41"' in text
        assert "1.234/3.000 dòng (41 %)" in text
        assert "Có thể rời trang này" in text

    def test_is_read_out_every_tenth_only(self, hers, running):
        told = hers.get(f"{PATH}{running.pk}/progress.json").json()
        assert (told["percent"], told["is_over"]) == (41, False)
        assert told["said"] == "Đã xong 40\N{NO-BREAK SPACE}%."

    def test_is_unknown_while_the_file_is_read(self, hers, running):
        RosterImport.objects.update(rows_total=0, rows_done=0)
        assert hers.get(f"{PATH}{running.pk}/progress.json").json()["percent"] is None
        assert "value=" not in text_of(hers, f"{PATH}{running.pk}/").split("<progress")[1][:40]

    def test_is_not_told_in_rows_while_all_is_written_at_once(self, hers, running):
        RosterImport.objects.update(state=ImportState.APPLYING)
        told = hers.get(f"{PATH}{running.pk}/progress.json").json()
        assert (told["percent"], told["text"][:13]) == (None, "Cả danh sách ")

    def test_ends_with_another_page(self, hers, running):
        RosterImport.objects.update(state=ImportState.DISCARDED)
        assert hers.get(f"{PATH}{running.pk}/progress.json").json() == {"is_over": True}


class TestWhatWouldChange:
    def test_says_from_how_many_to_how_many_and_that_nothing_counts_yet(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        text = text_of(hers, f"{PATH}{kept.pk}/")
        assert "số người của Trường Tiểu học Một từ <b>2</b> thành <b>3</b>" in text
        assert "Chưa có gì thay đổi" in text
        assert not Person.objects.filter(code="000201").exists()

    def test_each_count_leads_to_its_people(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        tallies = {str(v.value): n for v, n in hers.get(f"{PATH}{kept.pk}/").context["tallies"]}
        assert tallies == {"new": 1, "moved": 0, "changed": 0, "left": 0}
        text = text_of(hers, f"{PATH}{kept.pk}/changes/new/")
        assert "Phạm Thị Mai" in text
        assert "<ins>Trường Tiểu học Một</ins>" in text

    def test_a_correction_is_told_before_and_after(self, hers):
        hanh = [*HANH[:3], "06/04/1985", "Giáo viên", "Tổng phụ trách Đội"]
        kept = compare(hers, [HEADER, hanh, DUC])
        text = text_of(hers, f"{PATH}{kept.pk}/changes/changed/")
        assert "<del>05/04/1985</del>" in text
        assert "<ins>06/04/1985</ins>" in text
        assert "<ins>Tổng phụ trách Đội</ins>" in text
        assert "Họ và tên:" not in text

    def test_somebody_who_moves_is_told_from_where_to_where(self, hers, city):
        make_member(
            city.other_school,
            code="000201",
            family_name="Phạm",
            middle_name="Thị",
            given_name="Mai",
            birth_date=date(1990, 5, 17),
        )
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        text = text_of(hers, f"{PATH}{kept.pk}/changes/moved/")
        assert "<del>Trường THCS Hai</del>" in text
        assert "<ins>Trường Tiểu học Một</ins>" in text

    def test_of_somebody_from_outside_no_more_is_told_than_the_unit(self, hers, city):
        make_member(
            city.other_school,
            group="support",
            position="other",
            status="sick_leave",
            code="000201",
            family_name="Phạm",
            middle_name="Thị",
            given_name="Mai",
            birth_date=date(1990, 5, 17),
        )
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        text = text_of(hers, f"{PATH}{kept.pk}/changes/moved/")
        assert "Nghỉ ốm" not in text
        assert "<del>Nhân viên</del>" not in text

    def test_somebody_missing_is_told_her_last_day(self, hers):
        kept = compare(hers, [HEADER, DUC])
        text = text_of(hers, f"{PATH}{kept.pk}/changes/left/")
        assert "Trần Ngọc Hạnh" in text
        assert "<ins>21/11/2026</ins>" in text

    def test_many_leaving_is_pointed_out(self, hers, city):
        for _ in range(8):
            make_member(city.school)
        kept = compare(hers, [HEADER, HANH, DUC])
        assert "8 trong 10 người của Trường Tiểu học Một sẽ rời" in text_of(
            hers, f"{PATH}{kept.pk}/"
        )

    def test_a_possible_duplicate_stands_beside_who_is_known(self, hers, learner):
        twin = ["999", learner.full_name, "Nữ", f"{learner.birth_date:%d/%m/%Y}", "Giáo viên", ""]
        kept = compare(hers, [HEADER, HANH, DUC, twin])
        for path in ("", "changes/duplicates/"):
            text = text_of(hers, f"{PATH}{kept.pk}/{path}")
            assert f'href="/manage/people/{learner.pk}/"' in text

    def test_of_a_duplicate_elsewhere_nothing_is_told(self, hers, outsider):
        known = outsider.person
        twin = ["999", known.full_name, "Nữ", f"{known.birth_date:%d/%m/%Y}", "Giáo viên", ""]
        kept = compare(hers, [HEADER, HANH, DUC, twin])
        text = text_of(hers, f"{PATH}{kept.pk}/")
        assert "1 người mới trùng họ tên, ngày sinh với người ở đơn vị khác" in text
        assert hers.get(f"{PATH}{kept.pk}/").context["duplicates"] == 0
        assert known.code not in text
        assert f"/manage/people/{known.pk}/" not in text

    def test_a_list_that_changes_nothing_says_so(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC])
        text = text_of(hers, f"{PATH}{kept.pk}/")
        assert "vẫn là <b>2</b>" in text
        assert "Danh sách khớp với những gì đang có" in text

    def test_a_list_of_several_units_is_closed_when_one_of_them_is_no_longer_hers(
        self, city, client
    ):
        chief = make_account()
        scope = make_scope(chief, city.commune)
        client.force_login(chief)
        header = [*HEADER, "Mã đơn vị"]
        other = ["000202", "Đỗ Văn Hai", *MAI[2:], "THCS2"]
        kept = compare(client, [header, [*MAI, "TH1"], other], unit="")
        text = text_of(client, f"{PATH}{kept.pk}/")
        assert "số người của các đơn vị trong danh sách từ <b>0</b> thành <b>2</b>" in text
        scope.unit = city.school
        scope.save()
        for path in ("", "changes/new/", "rejected.csv", "undo/"):
            assert client.get(f"{PATH}{kept.pk}/{path}").status_code == 404

    @pytest.mark.parametrize("verdict", ["unchanged", "nothing", "NEW"])
    def test_there_is_no_list_of_anything_else(self, hers, verdict):
        kept = compare(hers, [HEADER, HANH, DUC])
        assert hers.get(f"{PATH}{kept.pk}/changes/{verdict}/").status_code == 404


class TestRejectedRows:
    BAD = ["000301", "Võ Văn Tám", "", "31/02/1990", "Giáo viên", "=1+1"]

    def test_are_told_by_row_and_column_with_what_to_do(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, self.BAD])
        text = text_of(hers, f"{PATH}{kept.pk}/")
        assert "Dòng 4" in text
        assert "Cột Ngày sinh:" in text
        assert "ví dụ 05/04/1985" in text

    def test_are_told_with_whom_they_mean(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, self.BAD])
        for path in ("", "rejected/"):
            assert "Võ Văn Tám" in text_of(hers, f"{PATH}{kept.pk}/{path}")

    def test_of_names_in_two_columns_too(self, hers):
        header = ["Mã nhân sự", "Họ và tên đệm", "Tên", *HEADER[2:]]
        rows = [[r[0], *r[1].rsplit(" ", 1), *r[2:]] for r in (HANH, DUC, self.BAD)]
        kept = compare(hers, [header, *rows])
        assert "Võ Văn Tám" in text_of(hers, f"{PATH}{kept.pk}/")

    @pytest.mark.parametrize("is_applied", [False, True])
    def test_keep_the_headings_of_columns_that_are_not_read(self, hers, is_applied):
        header = ["STT", *HEADER, "Ghi chú", "Dòng"]
        rows = [[n, *r, "x", "y"] for n, r in enumerate((HANH, DUC, self.BAD), start=1)]
        kept = (apply if is_applied else compare)(hers, [header, *rows])
        response = hers.get(f"{PATH}{kept.pk}/rejected.xlsx")
        [heading, _row] = (
            each.cells for each in read_sheet(response.getvalue(), name="a.xlsx").rows
        )
        assert (heading[0], heading[7], heading[8]) == ("STT", "Ghi chú", "Dòng (I)")

    def test_do_not_bring_back_a_column_that_was_set_aside(self, hers):
        kept = upload(hers, [HEADER, HANH, DUC, self.BAD])
        choose_columns(hers, kept, **{"column-5": ""})
        response = hers.get(f"{PATH}{kept.pk}/rejected.xlsx")
        heading = read_sheet(response.getvalue(), name="a.xlsx").rows[0].cells
        assert heading[5] == "Cột F"

    def test_nothing_is_applied_until_they_are_skipped_by_name(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI, self.BAD])
        confirm(hers, kept)
        kept.refresh_from_db()
        assert kept.state == ImportState.CHECKED
        confirm(hers, kept, skips_rejected="on")
        kept.refresh_from_db()
        assert kept.state == ImportState.APPLIED
        assert Person.objects.filter(code="000201").exists()
        assert not Person.objects.filter(code="000301").exists()

    def test_when_nothing_else_is_left_there_is_nothing_to_apply(self, hers):
        kept = compare(hers, [HEADER, self.BAD])
        text = text_of(hers, f"{PATH}{kept.pk}/")
        assert "chưa áp dụng được" in text
        assert "/confirm/" not in text

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_come_as_a_file_that_says_what_to_do(self, hers, kind):
        kept = compare(hers, [HEADER, HANH, DUC, self.BAD])
        response = hers.get(f"{PATH}{kept.pk}/rejected.{kind}")
        sheet = read_sheet(response.getvalue(), name=f"loi.{kind}")
        heading, row = (each.cells for each in sheet.rows)
        assert heading[-3:] == ["Dòng", "Cột", "Cần làm gì"]
        assert row[:2] == ["000301", "Võ Văn Tám"]
        assert str(row[-3]) == "4"
        assert "Ngày sinh" in str(row[-2])

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_the_file_holds_no_formula(self, hers, kind):
        bad = [*self.BAD[:5], '=HYPERLINK("http://x.invalid")']
        kept = compare(hers, [HEADER, HANH, DUC])
        RosterRejection.objects.create(
            roster_import=kept, row=4, column="=x", message="@y", cells=bad
        )
        response = hers.get(f"{PATH}{kept.pk}/rejected.{kind}")
        sheet = read_sheet(response.getvalue(), name=f"loi.{kind}")
        cells = [str(cell) for row in sheet.rows for cell in row.cells]
        assert any("HYPERLINK" in cell for cell in cells)
        assert [cell for cell in cells if harmless(cell) != cell] == []

    def test_corrected_in_that_file_they_come_in_after_the_rest(self, hers):
        done = apply(hers, [HEADER, HANH, DUC, MAI, self.BAD])
        response = hers.get(f"{PATH}{done.pk}/rejected.xlsx")
        sheet = read_sheet(response.getvalue(), name="loi.xlsx")
        heading, row = (list(each.cells) for each in sheet.rows)
        row[2], row[3], row[5] = "Nam", "28/02/1990", ""
        form = hers.get(f"{PATH}?amends={done.pk}").context["form"]
        assert form["extent"].value() == "partial"
        apply(hers, [heading, row], extent="partial")
        assert Person.objects.filter(code="000301").exists()
        assert Membership.objects.primary_on(TODAY).filter(unit__code="TH1").count() == 4

    def test_taking_the_file_is_logged(self, hers, principal):
        kept = compare(hers, [HEADER, HANH, DUC, self.BAD])
        hers.get(f"{PATH}{kept.pk}/rejected.csv")
        [entry] = AuditEntry.objects.filter(action="export", actor=principal)
        assert entry.detail == {"list": "refused", "people": 1, "kind": "csv"}


class TestApplying:
    def test_pressed_twice_it_is_done_once(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        seen = {"seen": hers.get(f"{PATH}{kept.pk}/").context["seen"]}
        for _ in range(2):
            response = hers.post(f"{PATH}{kept.pk}/confirm/", seen, follow=True)
        assert [str(each) for each in response.context["messages"]] == []
        assert AuditEntry.objects.filter(action="roster.imported").count() == 1
        assert Membership.objects.filter(person__code="000201").count() == 1

    def test_what_was_compared_anew_since_the_page_was_opened_is_not_applied(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        stale = hers.get(f"{PATH}{kept.pk}/").context["seen"]
        choose_columns(hers, kept, **{"column-5": ""})
        response = hers.post(f"{PATH}{kept.pk}/confirm/", {"seen": stale}, follow=True)
        assert "Hãy xem lại" in response.content.decode()
        kept.refresh_from_db()
        assert kept.state == ImportState.CHECKED

    def test_what_was_discarded_meanwhile_is_not_applied(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        seen = {"seen": hers.get(f"{PATH}{kept.pk}/").context["seen"]}
        hers.post(f"{PATH}{kept.pk}/discard/")
        hers.post(f"{PATH}{kept.pk}/confirm/", seen)
        assert not Person.objects.filter(code="000201").exists()

    def test_says_what_was_done_by_whom_and_leads_to_the_unit(self, hers, principal):
        done = apply(hers, [HEADER, HANH, DUC, MAI])
        text = text_of(hers, f"{PATH}{done.pk}/")
        assert "Số người của Trường Tiểu học Một từ <b>2</b> thành <b>3</b>" in text
        assert "áp dụng lúc" in text
        assert principal.person.full_name in text
        assert 'href="/manage/units/TH1/people/"' in text
        assert 'href="/manage/units/TH1/"' in text

    def test_is_not_done_from_another_site(self, principal, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        stranger = Client(enforce_csrf_checks=True)
        stranger.force_login(principal)
        for path in ("confirm", "undo", "discard", "columns"):
            assert stranger.post(f"{PATH}{kept.pk}/{path}/").status_code == 403
        assert stranger.post(PATH).status_code == 403
        kept.refresh_from_db()
        assert kept.state == ImportState.CHECKED

    @pytest.mark.parametrize("path", ["confirm", "discard"])
    def test_is_not_done_by_opening_an_address(self, hers, path):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        assert hers.get(f"{PATH}{kept.pk}/{path}/").status_code == 405


class TestUndoing:
    def test_asks_why_and_puts_everything_back(self, hers):
        done = apply(hers, [HEADER, DUC, MAI])
        path = f"{PATH}{done.pk}/undo/"
        assert "Hãy ghi lý do" in hers.post(path).content.decode()
        response = hers.post(path, {"reason": "Nhầm tệp năm trước"}, follow=True)
        text = response.content.decode()
        assert "Nhầm tệp năm trước" in text
        assert "Đã hoàn tác" in text
        assert not Person.objects.filter(code="000201").exists()
        assert Membership.objects.get(person__code="000101").ended_on is None

    def test_says_first_what_stands_in_the_way(self, hers):
        done = apply(hers, [HEADER, HANH, DUC, MAI])
        make_account(Person.objects.get(code="000201"))
        text = text_of(hers, f"{PATH}{done.pk}/undo/")
        assert "Chưa hoàn tác được" in text
        assert "<textarea" not in text
        hers.post(f"{PATH}{done.pk}/undo/", {"reason": "Nhầm"})
        assert Person.objects.filter(code="000201").exists()

    def test_of_what_was_never_applied_leads_back(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        assert hers.get(f"{PATH}{kept.pk}/undo/").url == f"{PATH}{kept.pk}/"
        assert hers.post(f"{PATH}{kept.pk}/undo/", {"reason": "x"}).url == f"{PATH}{kept.pk}/"


class TestDiscarding:
    def test_forgets_the_list_and_changes_nothing(self, hers):
        kept = compare(hers, [HEADER, HANH, DUC, MAI])
        assert hers.post(f"{PATH}{kept.pk}/discard/").url == PATH
        kept.refresh_from_db()
        assert kept.state == ImportState.DISCARDED
        assert "Chưa có gì của nó được áp dụng" in text_of(hers, f"{PATH}{kept.pk}/")

    def test_what_counts_already_is_not_discarded(self, hers):
        done = apply(hers, [HEADER, HANH, DUC, MAI])
        hers.post(f"{PATH}{done.pk}/discard/")
        done.refresh_from_db()
        assert done.state == ImportState.APPLIED


class TestFiles:
    def test_a_sample_has_the_headings_that_are_understood(self, hers):
        response = hers.get(f"{PATH}template.xlsx")
        sheet = read_sheet(response.getvalue(), name="mau.xlsx")
        assert sheet.rows[0].cells == HEADINGS
        assert len(sheet.rows) == 3
        assert len(suggest_layout(sheet).columns) == len(HEADINGS)

    def test_an_example_left_in_the_file_never_comes_in(self, hers):
        response = hers.get(f"{PATH}template.xlsx")
        sheet = read_sheet(response.getvalue(), name="mau.xlsx")
        kept = compare(hers, [row.cells for row in sheet.rows])
        assert kept.counts["new"] == 0
        assert sorted({each.row for each in kept.rejections.all()}) == [2, 3]

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_the_people_of_today_come_back_unchanged(self, hers, city, principal, language):
        principal.language = language
        principal.save()
        make_member(city.school, group="support", position="health_staff", status="sick_leave")
        make_member(city.school, group="carer", position="other", ended_on=date(2027, 5, 31))
        response = hers.get(f"{PATH}units/TH1.xlsx")
        sheet = read_sheet(response.getvalue(), name="hien-co.xlsx")
        kept = compare(hers, [row.cells for row in sheet.rows])
        assert list(kept.rejections.values_list("row", "message")) == []
        assert kept.counts["unchanged"] == 4

    def test_taking_them_is_logged(self, hers, principal, city):
        hers.get(f"{PATH}units/TH1.xlsx")
        entry = AuditEntry.objects.get(action="export")
        assert entry.actor == principal
        assert (entry.detail["list"], entry.detail["people"]) == ("people", 2)


class TestWhoMay:
    PAGES = [
        ("get", ""),
        ("get", "columns/"),
        ("post", "columns/"),
        ("get", "progress.json"),
        ("get", "changes/new/"),
        ("get", "changes/duplicates/"),
        ("get", "rejected/"),
        ("get", "rejected.csv"),
        ("get", "rejected.xlsx"),
        ("post", "confirm/"),
        ("get", "undo/"),
        ("post", "undo/"),
        ("post", "discard/"),
    ]

    @pytest.fixture
    def kept(self, hers) -> RosterImport:
        return compare(hers, [HEADER, HANH, DUC, MAI])

    @pytest.mark.parametrize(("method", "page"), PAGES)
    def test_another_principal_finds_nothing(self, client, outsider, kept, method, page):
        client.force_login(outsider)
        response = getattr(client, method)(f"{PATH}{kept.pk}/{page}")
        assert response.status_code == 404
        kept.refresh_from_db()
        assert kept.state == ImportState.CHECKED

    @pytest.mark.parametrize(("method", "page"), PAGES)
    def test_she_herself_finds_nothing_once_her_scope_has_ended(
        self, hers, principal, city, kept, method, page
    ):
        principal.scopes.update(ended_on=date(2026, 11, 21))
        make_scope(principal, city.other_school)
        assert getattr(hers, method)(f"{PATH}{kept.pk}/{page}").status_code == 404

    def test_another_principal_does_not_replace_it_or_take_its_people(self, client, outsider, kept):
        client.force_login(outsider)
        assert client.get(f"{PATH}?replaces={kept.pk}").status_code == 404
        assert client.get(f"{PATH}?amends={kept.pk}").status_code == 404
        assert client.get(f"{PATH}units/TH1.xlsx").status_code == 404
        assert kept.file_name not in client.get(PATH).content.decode()

    @pytest.mark.parametrize("role", ["monitor", "aggregate_viewer"])
    def test_whoever_only_reads_brings_no_list(self, client, city, kept, role):
        reader = make_account()
        make_scope(reader, city.root, role)
        client.force_login(reader)
        for page in (
            "",
            "template.xlsx",
            "units/TH1.xlsx",
            f"{kept.pk}/",
            f"{kept.pk}/changes/new/",
        ):
            assert client.get(f"{PATH}{page}").status_code == 403
        assert client.post(PATH, sent(xlsx_of([HEADER, HANH]))).status_code == 403
        assert client.post(f"{PATH}{kept.pk}/confirm/").status_code == 403

    def test_an_administrator_sees_everybodys(self, client, kept):
        client.force_login(make_account(is_superuser=True))
        assert kept.file_name in text_of(client, PATH)
        assert "Phạm Thị Mai" in text_of(client, f"{PATH}{kept.pk}/changes/new/")


class TestManyRows:
    """As many queries for many as for one."""

    def counted(self, client: Client, path: str, ask: Any) -> int:
        with ask(80) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    def rows(self, count: int) -> list[list[Any]]:
        """New people, as many twins of somebody known, and rows that can't be taken."""
        new = [[f"9{n:05}", f"Phạm Thị Mai {n}", *MAI[2:]] for n in range(count)]
        twins = [[f"8{n:05}", HANH[1], *HANH[2:]] for n in range(count)]
        bad = [[f"7{n:05}", "Võ Văn Tám", "", *MAI[3:]] for n in range(count)]
        return [HEADER, HANH, DUC, *new, *twins, *bad]

    @pytest.mark.parametrize(
        "page", ["", "changes/new/", "changes/duplicates/", "rejected/", "rejected.csv", "columns/"]
    )
    def test_of_an_import(self, hers, page, django_assert_max_num_queries):
        few, many = (compare(hers, self.rows(count)) for count in (1, 9))
        before, after = (
            self.counted(hers, f"{PATH}{kept.pk}/{page}", django_assert_max_num_queries)
            for kept in (few, many)
        )
        assert after == before

    def test_of_the_imports(self, hers, principal, city, django_assert_max_num_queries):
        def bring() -> None:
            upload_list(
                csv_of([HEADER, HANH]),
                name="danh-sach.csv",
                unit=city.school,
                as_of=TODAY,
                is_partial=True,
                by=principal,
                at=timezone.now(),
            )

        bring()
        before = self.counted(hers, PATH, django_assert_max_num_queries)
        for _ in range(5):
            bring()
        assert self.counted(hers, PATH, django_assert_max_num_queries) == before
