"""Staff lists on screen: compared, confirmed, applied at one instant; who may bring what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from people.imports import flip
from people.imports.layout import Layout
from people.imports.roster_known import Facts
from people.imports.staging import SupersededError, get_on
from people.models import (
    AuditAction,
    AuditEntry,
    ImportState,
    ListedUnit,
    Membership,
    Person,
    RosterChange,
    RosterImport,
    RosterLayout,
    RosterList,
    RosterRejection,
    Scope,
    Unit,
)
from people.services import roster_applying, roster_checking, roster_chores, roster_imports
from people.services.roster_chores import forget_old_imports, take_up_unfinished
from people.services.roster_imports import (
    RosterImportError,
    apply,
    check,
    choose_layout,
    confirm,
    discard,
    sheet_of,
)
from people.services.roster_working import MOST_TRIES, claim
from people.sheets import SheetError
from people.signals import memberships_changed
from people.tasks import check_list
from tests.factories import make_account, make_member, make_scope, make_unit
from tests.people.bringing import (
    BORN,
    HEADER,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    applied,
    checked,
    counted,
    rejected,
    roster,
    row,
    stays,
    uploaded,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
DUC = row("000102", "Lê Văn Đức", sex="Nam", group="Cán bộ quản lý", position="Hiệu trưởng")
HANH = row("000101")


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def office(city):
    """Manages everything below the district."""
    user = make_account(username="office")
    make_scope(user, city.district)
    return user


@pytest.fixture
def root(db):
    return make_account(username="root", is_superuser=True)


@pytest.fixture
def waiting(monkeypatch):
    """Tasks are queued and done by nobody."""
    queued: list[tuple[str, int]] = []
    for name in ("check_list", "apply_list"):
        task = type("Task", (), {"enqueue": lambda self, pk, name=name: queued.append((name, pk))})
        monkeypatch.setattr(roster_imports, name, task())
        monkeypatch.setattr(roster_chores, name, task())
    return queued


def stored_files() -> set[str]:
    return (
        set(default_storage.listdir("imports")[1]) if default_storage.exists("imports") else set()
    )


def killed(*args, **kwargs):
    """In place of what a process dies over."""
    raise SystemExit


class TestUploading:
    def test_keeps_the_file_and_suggests_the_columns(self, city, principal):
        brought = uploaded([HANH], by=principal)
        assert brought.state == ImportState.UPLOADED
        assert Layout.from_json(brought.layout).columns[1] == "full_name"
        assert default_storage.exists(brought.file.name)
        assert "danh-sach" not in brought.file.name  # names of people's files name people

    def test_keeps_nothing_of_a_file_that_is_no_table(self, city, principal):
        with pytest.raises(SheetError):
            roster_imports.upload_list(
                b"<html></html>", name="a.xlsx", unit=None, as_of=TODAY, is_partial=False,
                by=principal, at=timezone.now(),
            )  # fmt: skip
        assert not RosterImport.objects.exists()

    def test_keeps_no_file_without_its_row(self, city, principal, monkeypatch):
        def full(*args, **kwargs):
            raise OSError("database or disk is full")

        monkeypatch.setattr(RosterImport, "save", full)
        before = stored_files()
        with pytest.raises(OSError, match="full"):
            uploaded([HANH], by=principal)
        assert stored_files() == before

    def test_refuses_a_day_to_come(self, city, principal):
        with pytest.raises(RosterImportError, match="tương lai"):
            uploaded([HANH], by=principal, as_of=TODAY + timedelta(days=1))
        assert not RosterImport.objects.exists()

    def test_shows_the_first_rows_without_reading_the_file_again(
        self, city, principal, monkeypatch
    ):
        brought = uploaded([HANH, row("000201", born=date(1990, 5, 17))], by=principal)
        monkeypatch.setattr(roster_imports, "read_sheet", None)
        beginning = sheet_of(brought, rows=50)
        assert [each.number for each in beginning.rows] == [1, 2, 3]
        assert beginning.rows[1].cells[1] == "Trần Ngọc Hạnh"


class TestColumns:
    def test_something_required_must_be_there(self, city, principal):
        brought = uploaded([HANH], by=principal)
        columns = {1: "full_name"}
        with pytest.raises(RosterImportError, match="Giới tính"):
            choose_layout(brought, Layout(1, 1, columns), at=timezone.now())
        assert brought.state == ImportState.UPLOADED

    ODD_HEADER = ["Mã", "Người", "GT", "Sinh", "Cột lạ", "Nhóm"]
    ODD_ROW = ["000101", "Trần Ngọc Hạnh", "Nữ", BORN, "x", "Giáo viên"]
    ODD_COLUMNS = {0: "person_code", 1: "full_name", 2: "sex", 3: "birth_date", 5: "staff_group"}

    def odd(self, city, by) -> RosterImport:
        return uploaded([self.ODD_ROW], by=by, unit=city.school, header=self.ODD_HEADER)

    def chosen(self, city, by) -> RosterImport:
        brought = self.odd(city, by)
        choose_layout(brought, Layout(1, 1, self.ODD_COLUMNS), at=timezone.now())
        return brought

    def test_of_a_list_that_counts_are_remembered_for_the_unit(self, city, principal):
        confirm(self.chosen(city, principal), by=principal, at=timezone.now(), skips_rejected=True)
        again = Layout.from_json(self.odd(city, principal).layout)
        assert again.columns == self.ODD_COLUMNS
        assert RosterLayout.objects.get().chosen_by == principal

    def test_of_a_list_given_up_are_not(self, city, principal):
        discard(self.chosen(city, principal), by=principal, at=timezone.now())
        assert Layout.from_json(self.odd(city, principal).layout).columns != self.ODD_COLUMNS
        assert not RosterLayout.objects.exists()

    def test_of_codes_that_are_not_read_are_pointed_out(self, city, learner, principal):
        brought = uploaded([HANH, DUC], by=principal)
        columns = dict(Layout.from_json(brought.layout).columns)
        assert columns.pop(0) == "person_code"
        choose_layout(brought, Layout(1, 1, columns), at=timezone.now())
        brought.refresh_from_db()
        assert brought.warnings == [{"kind": "codes_unread", "column": "Mã nhân sự"}]

    def test_are_not_remembered_for_another_unit(self, city, principal, office):
        header = ["Mã", "Người", "GT", "Sinh", "Nhóm"]
        rows = [["000101", "Trần Ngọc Hạnh", "Nữ", BORN, "Giáo viên"]]
        names = ["person_code", "full_name", "sex", "birth_date", "staff_group"]
        brought = uploaded(rows, by=principal, unit=city.school, header=header)
        layout = Layout(1, 1, dict(enumerate(names)))
        choose_layout(brought, layout, at=timezone.now())
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=True)
        assert RosterLayout.objects.filter(unit=city.school).exists()
        other = uploaded(rows, by=office, unit=city.other_school, header=header)
        assert Layout.from_json(other.layout) != layout


class TestChecking:
    def test_counts_and_stores_what_would_change_and_changes_nothing(
        self, city, learner, principal
    ):
        before = roster()
        brought = checked([DUC, row("000201", "Phạm Thị Mai")], by=principal)
        assert brought.state == ImportState.CHECKED
        assert counted(brought) == {"new": 1, "unchanged": 1, "left": 1}
        assert {(c.verdict, c.code) for c in brought.changes.all()} == {
            ("new", "000201"), ("left", "000101"),
        }  # fmt: skip
        assert roster() == before
        assert not RosterList.objects.filter(as_of=NOVEMBER).exists()

    def test_tells_how_many_each_unit_will_have(self, city, learner, principal):
        brought = checked([HANH, DUC, row("000201", "Phạm Thị Mai")], by=principal)
        listed = ListedUnit.objects.get(roster_import=brought)
        assert (listed.unit, listed.people_before, listed.people_after) == (city.school, 2, 3)

    def test_keeps_what_was_there_before(self, city, learner, principal):
        brought = checked([row("000101", "Trần Ngọc Hân", group="Nhân viên"), DUC], by=principal)
        change = brought.changes.get()
        assert (change.verdict, change.closed_until, change.opened_group) == (
            "changed", date(2026, 10, 31), "support",
        )  # fmt: skip
        assert change.before["closed_until"] is None
        assert change.before["closed_group"] == "teacher"
        assert change.before["given_name"] == "Hạnh"

    def test_rows_without_a_unit_are_of_the_unit_of_the_list(self, city, learner, principal):
        header = [name for name in HEADER if name != "Mã đơn vị"]
        rows = [[cell for name, cell in zip(HEADER, each, strict=True) if name != "Mã đơn vị"]
                for each in (HANH, DUC)]  # fmt: skip
        brought = checked(rows, by=principal, unit=city.school, header=header)
        assert counted(brought) == {"unchanged": 2}

    def test_again_forgets_what_it_found_before(self, city, learner, principal):
        brought = checked([DUC, row("000201", sex="?")], by=principal)
        choose_layout(brought, Layout.from_json(brought.layout), at=timezone.now())
        assert brought.rejections.count() == 1
        assert ListedUnit.objects.filter(roster_import=brought).count() == 1

    def test_a_file_that_is_gone_is_told(self, city, principal):
        brought = uploaded([HANH], by=principal)
        brought.file.storage.delete(brought.file.name)
        choose_layout(brought, Layout.from_json(brought.layout), at=timezone.now())
        brought.refresh_from_db()
        assert brought.state == ImportState.UPLOADED
        assert "tải danh sách lên lại" in brought.problem

    def test_most_of_a_unit_leaving_is_a_warning(self, city, principal):
        for number in range(10):
            make_member(city.school, code=f"TH{number}")
        brought = checked([DUC, row("TH0", "Nguyễn Thị Ánh")], by=principal)
        assert brought.warnings == [{"kind": "leaving", "unit": "TH1", "left": 9, "of": 11}]


class TestListsOfOtherUnits:
    """What is wrong with every row is said once."""

    ROWS = [row(f"0003{n:02d}", f"Vũ Thị {'abcdefgh'[n]}", unit="THCS2") for n in range(6)]

    def test_of_others_are_refused_in_one_sentence(self, city, principal):
        brought = checked(self.ROWS, by=principal)
        [problem] = brought.rejections.all()
        assert (problem.row, problem.column) == (0, "")
        assert "danh sách của THCS2" in problem.message

    def test_of_nobody_too(self, city, principal):
        rows = [[*each[:4], "TH9", *each[5:]] for each in self.ROWS]
        [problem] = checked(rows, by=principal).rejections.all()
        assert "Chưa có đơn vị TH9" in problem.message

    def test_with_a_row_of_hers_are_told_row_by_row(self, city, learner, principal):
        brought = checked([HANH, *self.ROWS], by=principal)
        assert len(rejected(brought)) == len(self.ROWS)


class TestRejectedRows:
    def test_are_kept_as_the_file_has_them(self, city, learner, principal):
        brought = checked([HANH, DUC, row("000201", "Phạm Thị Mai", sex="?")], by=principal)
        rejection = brought.rejections.get()
        assert (rejection.row, rejection.column) == (4, "Giới tính")
        assert rejection.cells[:3] == ["000201", "Phạm Thị Mai", "?"]
        assert brought.counts["rejected"] == 1

    def test_stop_the_list_unless_they_are_to_be_skipped(self, city, learner, principal):
        rows = [HANH, DUC, row("000201", "Phạm Thị Mai"), row("000202", sex="?")]
        brought = checked(rows, by=principal)
        with pytest.raises(RosterImportError, match="1 dòng lỗi"):
            confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert not Person.objects.filter(code="000201").exists()
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=True)
        assert Person.objects.filter(code="000201").exists()
        assert not Person.objects.filter(code="000202").exists()

    @pytest.mark.parametrize(
        "bad",
        [
            row("000101", sex="?"),
            row("101", sex="?"),
            row("", "Trần Ngọc Hạnh", sex="?"),
            row("", "TRAN NGOC HANH", sex="?"),
            row("000101", "Tran", unit="TH9"),
            row("000101", born="31/02/1985"),
        ],
    )
    def test_of_a_resident_do_not_make_her_leave(self, city, learner, principal, bad):
        brought = applied([DUC, bad], by=principal, skips_rejected=True)
        assert counted(brought) == {"unchanged": 1, "rejected": 1}
        assert stays("000101")[0][2] is None

    def test_with_her_name_in_two_columns_neither(self, city, learner, principal):
        header = ["Mã", "Họ và tên đệm", "Tên", "Giới tính", "Ngày sinh", "Nhóm", "Mã đơn vị"]
        rows = [["", "Trần Ngọc", "Hạnh", "?", BORN, "Giáo viên", "TH1"],
                ["000102", "Lê Văn", "Đức", "Nam", BORN, "Cán bộ quản lý", "TH1"]]  # fmt: skip
        brought = checked(rows, by=principal, header=header)
        assert counted(brought)["rejected"] == 1
        assert "left" not in counted(brought)

    def test_alone_leave_nothing_to_apply(self, city, learner, principal):
        brought = checked([row("000101", sex="?")], by=principal)
        with pytest.raises(RosterImportError, match="không còn dòng nào"):
            confirm(brought, by=principal, at=timezone.now(), skips_rejected=True)


class TestDuplicates:
    def test_a_new_code_for_a_name_and_day_of_birth_is_pointed_out(self, city, learner, principal):
        brought = checked([HANH, DUC, row("000999", "TRẦN NGỌC HẠNH")], by=principal)
        assert brought.changes.get(code="000999").duplicate_of == "000101"
        assert counted(brought) == {"new": 1, "unchanged": 2, "duplicates": 1}

    def test_of_somebody_out_of_sight_only_how_many(self, city, principal):
        make_member(city.other_school, code="000301", given_name="Ánh")
        brought = checked([DUC, row("000999", "Nguyễn Thị Ánh"), HANH], by=principal)
        assert not brought.changes.exclude(duplicate_of="").exists()
        assert brought.warnings == [{"kind": "known_elsewhere", "people": 1}]

    def test_two_new_codes_of_one_file_too(self, city, principal):
        rows = [DUC, row("000201", "Phạm Thị Mai"), row("000202", "Phạm Thị Mai")]
        brought = checked(rows, by=principal)
        assert brought.changes.get(code="000202").duplicate_of == "000201"

    def test_another_birthday_or_sex_is_somebody_else(self, city, learner, principal):
        rows = [HANH, DUC, row("000201", born="06/04/1985"), row("000202", sex="Nam")]
        assert "duplicates" not in counted(checked(rows, by=principal))

    def test_she_is_added_all_the_same(self, city, learner, principal):
        applied([HANH, DUC, row("000999")], by=principal)
        assert stays("000999") == [("TH1", NOVEMBER, None)]


def without_codes(*rows: list) -> dict:
    """For `checked` and `applied`: the rows of a list that has no such column."""
    return {"rows": [each[1:] for each in rows], "header": HEADER[1:]}


class TestListsWithoutCodes:
    @pytest.fixture
    def namesake(self, city):
        """Of Hạnh, born on the same day, at the other school."""
        name = {"family_name": "Trần", "middle_name": "Ngọc", "given_name": "Hạnh"}
        return make_member(city.other_school, code="000301", **name)

    def test_mean_the_one_of_that_name_and_day_of_birth_in_the_unit(
        self, city, learner, principal, namesake
    ):
        brought = checked(**without_codes(row("", "Trần ngọc HẠNH"), DUC), by=principal)
        assert counted(brought) == {"changed": 1, "unchanged": 1}  # the name as written now
        assert brought.changes.get().code == "000101"

    def test_mean_her_in_another_unit_of_the_importers(self, city, learner, office):
        applied(**without_codes(row("", unit="THCS2")), by=office, is_partial=True)
        assert [stay[0] for stay in stays("000101")] == ["TH1", "THCS2"]

    def test_a_blank_code_among_others_means_her_too(self, city, learner, principal):
        brought = checked([row("", group="Nhân viên"), DUC], by=principal)
        assert counted(brought) == {"changed": 1, "unchanged": 1}

    def test_of_a_stranger_say_which_code_is_meant(self, city, learner, principal):
        brought = checked([row("", "Phạm Thị Mai"), HANH, DUC], by=principal)
        assert rejected(brought) == [(2, "Mã nhân sự")]
        assert "CSDL ngành" in brought.rejections.get().message

    def test_never_somebody_out_of_reach(self, city, learner, outsider):
        brought = checked(**without_codes(row("", unit="THCS2")), by=outsider, is_partial=True)
        assert rejected(brought) == [(2, "Họ và tên")]
        assert "chưa có mã" in brought.rejections.get().message

    def test_of_two_alike_are_refused(self, city, learner, principal):
        name = {"family_name": "Trần", "middle_name": "Ngọc", "given_name": "Hạnh"}
        make_member(city.school, code="000104", **name)
        brought = checked(**without_codes(row(""), DUC), by=principal)
        assert rejected(brought) == [(2, "Họ và tên")]
        assert "2 người" in brought.rejections.get().message
        assert "left" not in counted(brought)

    def test_naming_one_person_twice_are_refused_twice(self, city, learner, principal):
        brought = checked(**without_codes(row(""), row(""), DUC), by=principal)
        assert rejected(brought) == [(2, "Họ và tên"), (3, "Họ và tên")]


class TestMergedPeople:
    @pytest.fixture
    def merged(self, city, learner):
        """Hạnh had a second row."""
        gone = make_member(city.school, code="000109", ended_on=date(2016, 1, 1))
        Membership.objects.filter(person=gone).delete()
        Person.objects.filter(pk=gone.pk).update(merged_into=learner)
        return gone

    def test_the_old_code_means_the_survivor(self, merged, principal):
        brought = checked([row("000109", group="Nhân viên"), DUC], by=principal)
        assert brought.changes.get().code == "000101"

    def test_both_codes_are_one_person_twice(self, merged, principal):
        brought = checked([row("000109"), HANH, DUC], by=principal)
        assert rejected(brought) == [(2, "Mã nhân sự"), (3, "Mã nhân sự")]
        assert "Cùng một người" in brought.rejections.first().message

    def test_merged_while_the_list_waits_is_compared_again(self, city, learner, principal):
        gone = make_member(city.school, code="000109", given_name="Nga", ended_on=date(2016, 1, 1))
        brought = checked([HANH, DUC, row("000109", "Nguyễn Thị Nga")], by=principal)
        Person.objects.filter(pk=gone.pk).update(merged_into=learner)
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert brought.state == ImportState.CHECKED
        assert Membership.objects.filter(person=gone).count() == 1


class TestWhoMayBringWhat:
    def test_only_units_she_manages(self, city, learner, principal):
        brought = checked([HANH, DUC, row("000201", unit="THCS2")], by=principal)
        assert rejected(brought) == [(4, "Mã đơn vị")]
        assert "ngoài phạm vi" in brought.rejections.get().message

    def test_an_office_all_its_units(self, city, learner, principal, office):
        rows = [HANH, DUC, row("000201", "Phạm Thị Mai", unit="THCS2")]
        assert counted(applied(rows, by=office)) == {"new": 1, "unchanged": 2}

    def test_nobody_of_hers_leaves_a_unit_that_is_not_hers(self, city, learner, outsider):
        checked([row("000301", "Phạm Thị Mai")], by=outsider)
        assert not RosterChange.objects.exists()

    def test_whoever_comes_from_elsewhere_must_be_known_by_name_and_birth(self, city, principal):
        make_member(city.other_school, code="000301", given_name="Ánh")
        brought = checked([DUC, row("000301", "Phạm Thị Mai")], by=principal)
        message = brought.rejections.get().message
        assert "người khác" in message
        assert "Ánh" not in message
        assert "THCS2" not in message
        assert rejected(checked([DUC, row("000301", "Nguyễn Thị Ánh", born="")], by=principal))

    def test_then_she_moves_and_stays_as_she_is(self, city, principal):
        person = make_member(city.other_school, code="000301", given_name="Ánh", phone="0901")
        told = {"phone": "0909999999", "email": "a@vi.du", "sex": "Nam"}
        applied([DUC, row("000301", "NGUYỄN THỊ ÁNH", **told)], by=principal)
        assert [stay[0] for stay in stays("000301")] == ["THCS2", "TH1"]
        person.refresh_from_db()
        assert (person.full_name, person.phone, person.email, person.sex) == (
            "Nguyễn Thị Ánh", "0901", "", "female",
        )  # fmt: skip

    def test_the_unit_she_leaves_can_learn_of_it(self, city, principal):
        person = make_member(city.other_school, code="000301", given_name="Ánh")
        applied([DUC, row("000301", "Nguyễn Thị Ánh")], by=principal)
        entry = AuditEntry.objects.about(person).get(action=AuditAction.MOVED_BY_LIST)
        assert entry.actor == principal
        assert entry.detail == {"from_unit": "THCS2", "unit": "TH1", "from": "2026-11-01"}

    def test_an_office_leaves_no_such_trace_of_its_own_people(self, city, learner, office):
        applied([row("000101", unit="THCS2")], by=office)
        assert not AuditEntry.objects.filter(action=AuditAction.MOVED_BY_LIST).exists()

    def test_not_from_long_ago(self, city, principal):
        make_member(city.other_school, code="000301", given_name="Ánh")
        brought = checked(
            [DUC, row("000301", "Nguyễn Thị Ánh")], by=principal, as_of=TODAY - timedelta(days=93)
        )
        assert rejected(brought) == [(3, "Mã đơn vị")]
        assert "cấp trên" in brought.rejections.get().message

    def test_nor_somebody_who_left_elsewhere_with_a_first_day_long_ago(self, city, principal):
        make_member(city.other_school, code="000301", given_name="Ánh", ended_on=date(2016, 1, 1))
        rows = [DUC, row("000301", "Nguyễn Thị Ánh", started_on="01/09/2018")]
        assert rejected(checked(rows, by=principal)) == [(3, "Mã đơn vị")]

    def test_whoever_was_only_ever_hers_may_return_from_long_ago(self, city, principal):
        make_member(city.school, code="000301", given_name="Ánh", ended_on=date(2016, 1, 1))
        rows = [DUC, row("000301", "Nguyễn Thị Ánh", started_on="01/09/2018")]
        assert counted(checked(rows, by=principal)) == {"new": 1, "unchanged": 1}

    def test_a_code_without_any_membership_is_nobodys_to_rename(self, city, principal):
        person = make_member(city.other_school, code="000301")
        person.memberships.all().delete()
        assert rejected(checked([DUC, row("000301", "Phạm Thị Mai")], by=principal))

    def test_who_was_hers_on_the_day_needs_no_proof_and_stays_as_she_is(self, city, principal):
        """She has moved on since; the list of last year is brought only now."""
        person = make_member(city.school, code="000301", ended_on=date(2026, 8, 31))
        Membership.objects.create(person=person, unit=city.other_school, staff_group="teacher",
                                  started_on=SEPTEMBER)  # fmt: skip
        rows = [DUC, row("000301", "Vũ Thị Nga", born="", group="Nhân viên")]
        applied(rows, by=principal, as_of=date(2025, 9, 1))
        person.refresh_from_db()
        assert person.family_name == "Nguyễn"
        assert [stay[0] for stay in stays("000301")] == ["TH1", "TH1", "THCS2"]

    def test_a_code_like_one_out_of_sight_is_not_told(self, city, learner, principal):
        make_member(city.other_school, code="GV301")
        make_member(city.school, code="GV101")
        brought = checked([row("gv301", "Vũ Thị Nga"), row("gv101", "Vũ Mai"), DUC], by=principal)
        first, second = brought.rejections.all()
        assert "GV301" not in first.message
        assert "GV101" in second.message

    def test_a_scope_that_ended_while_the_list_waited_ends_it(self, city, learner, principal):
        brought = checked([HANH, DUC, row("000201", "Phạm Thị Mai")], by=principal)
        Scope.objects.filter(user=principal).update(ended_on=TODAY - timedelta(days=1))
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert brought.state == ImportState.CHECKED
        assert brought.counts["rejected"] == 3
        assert not Person.objects.filter(code="000201").exists()

    def test_superusers_everything(self, city, learner, root):
        make_member(city.facility, code="000301")
        rows = [row("000301", "Phạm Thị Mai", unit="THCS2"), row("000302", "Vũ Thị Nga")]
        brought = applied(rows, by=root, as_of=date(2016, 1, 1))
        assert counted(brought) == {"new": 1, "moved": 1, "left": 1}
        assert Person.objects.get(code="000301").full_name == "Phạm Thị Mai"


class TestApplying:
    def test_makes_the_list_count_at_one_instant(self, city, learner, principal):
        brought = applied([DUC, row("000201", "Phạm Thị Mai", phone="0912345678")], by=principal)
        assert stays("000101")[0][2] == date(2026, 10, 31)
        assert stays("000201") == [("TH1", NOVEMBER, None)]
        mai = Person.objects.get(code="000201")
        assert (mai.family_name, mai.middle_name, mai.given_name) == ("Phạm", "Thị", "Mai")
        assert (mai.phone, mai.birth_date) == ("0912345678", date(1985, 4, 5))
        assert Person.objects.found_by("mai pham").get() == mai
        noted = RosterList.objects.get(roster_import=brought)
        assert (noted.unit, noted.as_of, noted.is_partial) == (city.school, NOVEMBER, False)

    def test_fills_every_column_that_the_database_needs(self, city, principal):
        """New people and memberships are written past the models: a column that was added since
        and can't be left out must be spoken of in `people.imports.flip`."""
        written = {
            Person: flip.CREATE,
            Membership: flip.OPEN,
            RosterList: flip.NOTE,
        }
        for model, statement in written.items():
            needed = [
                field.column for field in model._meta.concrete_fields
                if not field.null and not field.primary_key
            ]  # fmt: skip
            assert [column for column in needed if column not in statement] == []

    def test_stores_all_that_a_list_may_say_of_a_person(self):
        assert Facts._fields == (*Person.RECORD, *Person.DERIVED)

    def test_deletes_the_file_and_keeps_the_changes(self, city, learner, principal):
        brought = checked([DUC, HANH, row("000201")], by=principal)
        name = brought.file.name
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        brought.refresh_from_db()
        assert not default_storage.exists(name)
        assert (brought.file.name, brought.beginning) == ("", {})
        assert brought.changes.exists()

    def test_is_logged(self, city, learner, principal):
        applied([DUC, row("000201", "Phạm Thị Mai")], by=principal)
        entry = AuditEntry.objects.get(action=AuditAction.ROSTER_IMPORTED)
        assert (entry.actor, entry.detail) == (principal, {"as_of": "2026-11-01", "people": 2})

    def test_twice_is_once(self, city, learner, principal):
        brought = applied([DUC, row("000201", "Phạm Thị Mai")], by=principal)
        before = roster()
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        apply(brought, at=timezone.now())
        check(brought, at=timezone.now())
        assert roster() == before
        assert AuditEntry.objects.filter(action=AuditAction.ROSTER_IMPORTED).count() == 1

    def test_a_list_that_was_not_compared_is_not_applied(self, city, principal, waiting):
        brought = checked([DUC], by=principal)
        assert brought.state == ImportState.CHECKING
        with pytest.raises(RosterImportError, match="Đang đối chiếu"):
            confirm(brought, by=principal, at=timezone.now(), skips_rejected=True)

    def test_other_rooms_are_told_after_it_counts(self, city, learner, principal):
        heard: list[tuple[set[str], str]] = []

        def listen(person_ids, **kwargs):
            codes = Person.objects.filter(pk__in=person_ids).values_list("code", flat=True)
            heard.append((set(codes), RosterImport.objects.get().state))

        memberships_changed.connect(listen)
        try:
            brought = applied([DUC, row("000201", "Phạm Thị Mai")], by=principal)
        finally:
            memberships_changed.disconnect(listen)
        assert heard == [({"000101", "000201"}, "applied")]
        assert brought.told_at is not None

    def test_a_unit_that_ended_since_keeps_people_to_its_last_day(self, city, root):
        closed = make_unit("CU", parent=city.commune)
        Unit.objects.filter(pk=closed.pk).update(closed_on=date(2025, 6, 30))
        applied([row("000201", unit="CU")], by=root, as_of=date(2017, 9, 1))
        assert stays("000201") == [("CU", date(2017, 9, 1), date(2025, 6, 30))]


CHANGES_MEANWHILE = {
    "somebody was moved": lambda city: Membership.objects.filter(person__code="000101").update(
        unit=city.facility
    ),
    "somebody was renamed": lambda city: Person.objects.filter(code="000101").update(
        given_name="Nga"
    ),
    "somebody came": lambda city: make_member(city.school, code="000105"),
    "the code was given": lambda city: make_member(city.facility, code="000201"),
    "a newer list": lambda city: RosterList.objects.create(
        unit=city.school, as_of=TODAY, applied_at=timezone.now(), content_hash="x"
    ),
    "the unit closed": lambda city: Unit.objects.filter(code="TH1").update(closed_on=OCTOBER),
}


class TestWhatChangedMeanwhile:
    @pytest.mark.parametrize("what", CHANGES_MEANWHILE)
    def test_is_compared_again_and_asked_again(self, city, learner, principal, what):
        rows = [row("000101", "Trần Ngọc Hân"), DUC, row("000201", "Phạm Thị Mai")]
        brought = checked(rows, by=principal)
        CHANGES_MEANWHILE[what](city)
        before = roster()
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert brought.state == ImportState.CHECKED
        assert "xác nhận lại" in brought.problem
        assert roster() == before
        assert not RosterList.objects.filter(roster_import=brought).exists()

    @pytest.mark.parametrize("what", sorted(CHANGES_MEANWHILE.keys() - {"somebody came"}))
    def test_also_in_the_last_moment(self, city, learner, principal, monkeypatch, what):
        rows = [row("000101", "Trần Ngọc Hân", group="Nhân viên"), DUC, row("000201", "Vũ Mai")]
        brought = checked(rows, by=principal)
        hold = roster_applying.hold

        def raced(held):
            CHANGES_MEANWHILE[what](city)
            hold(held)

        monkeypatch.setattr(roster_applying, "hold", raced)
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert brought.state == ImportState.CHECKED
        assert not Person.objects.filter(given_name="Hân").exists()

    def test_elsewhere_concerns_nobody_here(self, city, learner, principal, outsider, office):
        brought = checked([HANH, DUC, row("000201", "Phạm Thị Mai")], by=principal)
        applied([row("000401", "Vũ Thị Nga", unit="THCS2")], by=office, is_partial=True)
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert brought.state == ImportState.APPLIED

    def test_confirmed_again_it_counts(self, city, learner, principal):
        brought = checked([HANH, DUC, row("000201", "Phạm Thị Mai")], by=principal)
        make_member(city.school, code="000105")
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert brought.counts["left"] == 1
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert (brought.state, brought.problem) == (ImportState.APPLIED, "")


class TestGivingUp:
    def test_forgets_the_file_and_what_was_compared(self, city, learner, principal):
        brought = checked([DUC, row("000201", sex="?")], by=principal)
        name = brought.file.name
        discard(brought, by=principal, at=timezone.now())
        assert brought.state == ImportState.DISCARDED
        assert not default_storage.exists(name)
        assert not RosterChange.objects.exists()
        assert not RosterRejection.objects.exists()

    def test_stops_whoever_compares_it(self, city, learner, principal, waiting):
        brought = checked([DUC], by=principal)
        attempt = claim(brought, ImportState.CHECKING)
        discard(brought, by=principal, at=timezone.now())
        with pytest.raises(SupersededError):
            get_on(brought, attempt)

    def test_what_counts_is_undone_instead(self, city, learner, principal):
        brought = applied([DUC], by=principal)
        with pytest.raises(RosterImportError, match="Đã áp dụng"):
            discard(brought, by=principal, at=timezone.now())


class TestInterrupted:
    def test_checking_begins_anew(self, city, learner, principal, waiting, monkeypatch):
        brought = checked(
            [DUC, row("000201", "Phạm Thị Mai"), row("000202", "Vũ Thị Nga", sex="?")],
            by=principal,
        )
        with monkeypatch.context() as patch:
            patch.setattr(roster_checking, "stage_rejections", killed)
            with pytest.raises(SystemExit):
                check(brought, at=timezone.now())
        assert brought.changes.exists()  # what it had stored by then
        check(brought, at=timezone.now())
        assert brought.state == ImportState.CHECKED
        assert counted(brought) == {"new": 1, "unchanged": 1, "left": 1, "rejected": 1}
        assert brought.changes.count() == 2

    def test_whoever_had_it_before_stops(self, city, learner, principal, waiting, monkeypatch):
        """A worker that only seemed dead wakes up in the middle of storing."""
        brought = checked([DUC, row("000201", "Phạm Thị Mai")], by=principal)
        compare = roster_checking.compare
        with monkeypatch.context() as patch:

            def overtaken(*args):
                patch.undo()
                check(RosterImport.objects.get(pk=brought.pk), at=timezone.now())
                return compare(*args)

            patch.setattr(roster_checking, "compare", overtaken)
            check(brought, at=timezone.now())
        assert brought.state == ImportState.CHECKED
        assert brought.changes.count() == 2

    def test_whoever_wakes_up_when_it_counts_already_forgets_nothing_of_it(
        self, city, learner, principal, waiting, monkeypatch
    ):
        brought = checked([DUC, row("000201", "Phạm Thị Mai")], by=principal)
        read = roster_checking.read_sheet
        with monkeypatch.context() as patch:

            def overtaken(*args, **kwargs):
                patch.undo()
                again, at = RosterImport.objects.get(pk=brought.pk), timezone.now()
                check(again, at=at)
                confirm(again, by=principal, at=at, skips_rejected=False)
                apply(again, at=at)
                return read(*args, **kwargs)

            patch.setattr(roster_checking, "read_sheet", overtaken)
            check(brought, at=timezone.now())
        assert brought.state == ImportState.APPLIED
        assert brought.changes.count() == 2
        assert brought.listed_units.count() == 1

    @pytest.mark.parametrize("error", [RuntimeError("broken"), SheetError("no table")])
    def test_whoever_had_it_before_fails_alone(
        self, city, principal, waiting, monkeypatch, caplog, error
    ):
        """Another has taken it up: it goes on there, and says nothing of a failure."""
        brought = checked([DUC], by=principal)

        def overtaken(*args, **kwargs):
            assert claim(RosterImport.objects.get(pk=brought.pk), ImportState.CHECKING) == 2
            raise error

        monkeypatch.setattr(roster_checking, "read_sheet", overtaken)
        check_list.enqueue(brought.pk)
        brought.refresh_from_db()
        assert (brought.state, brought.problem) == (ImportState.CHECKING, "")

    def test_applying_is_taken_up_and_told_again(self, city, learner, principal, monkeypatch):
        brought = checked([DUC, row("000201", "Phạm Thị Mai")], by=principal)
        with monkeypatch.context() as patch:
            patch.setattr(roster_applying, "tell", killed)
            confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        brought.refresh_from_db()
        assert (brought.state, brought.told_at) == (ImportState.APPLIED, None)
        assert brought in RosterImport.objects.unfinished()
        apply(brought, at=timezone.now())
        assert brought.told_at is not None
        assert brought not in RosterImport.objects.unfinished()

    def test_the_housekeeper_takes_up_what_nobody_works_on(self, city, principal, waiting):
        brought = checked([DUC], by=principal)
        waiting.clear()
        assert take_up_unfinished(at=timezone.now()) == 0
        later = timezone.now() + timedelta(minutes=6)
        assert take_up_unfinished(at=later) == 1
        assert waiting == [("check_list", brought.pk)]
        assert take_up_unfinished(at=later + timedelta(minutes=1)) == 0

    def test_a_list_that_kills_every_worker_waits_for_a_person(self, city, principal, waiting):
        brought = checked([DUC], by=principal)
        attempts = [claim(brought, ImportState.CHECKING) for _try in range(MOST_TRIES)]
        assert claim(brought, ImportState.CHECKING) is None
        assert brought.state == ImportState.UPLOADED
        assert "báo quản trị" in brought.problem
        with pytest.raises(SupersededError):  # who only seemed dead
            get_on(brought, attempts[-1])

    def test_a_list_that_breaks_its_worker_says_so(self, city, principal, monkeypatch, caplog):
        def broken(*args):
            raise RuntimeError("broken")

        monkeypatch.setattr(roster_checking, "compare", broken)
        brought = checked([DUC], by=principal)
        assert brought.state == ImportState.UPLOADED
        assert "Máy chủ gặp lỗi" in brought.problem

    def test_the_commands_list_is_dropped_when_it_is_killed(self, city):
        left = RosterImport.objects.create(
            as_of=NOVEMBER, uploaded_at=timezone.now(), state=ImportState.APPLYING
        )
        take_up_unfinished(at=timezone.now() + timedelta(minutes=6))
        left.refresh_from_db()
        assert left.state == ImportState.DISCARDED


class TestForgetting:
    def test_lists_that_nobody_decided_on_go_after_thirty_days(self, city, learner, principal):
        old = checked([DUC], by=principal)
        forget_old_imports(at=timezone.now() + timedelta(days=29))
        old.refresh_from_db()
        assert old.state == ImportState.CHECKED
        forget_old_imports(at=timezone.now() + timedelta(days=31))
        old.refresh_from_db()
        assert (old.state, old.file.name, old.changes.count()) == (ImportState.DISCARDED, "", 0)

    def test_not_those_that_somebody_decides_on_meanwhile(
        self, city, learner, principal, monkeypatch
    ):
        """While the housekeeper is at another one."""
        first, second = (checked([DUC], by=principal, unit=city.school) for _n in range(2))
        forget = roster_chores.forget_file

        def confirmed(roster_import):
            other = second if roster_import.pk == first.pk else first
            if other.state == ImportState.CHECKED:
                confirm(other, by=principal, at=timezone.now(), skips_rejected=False)
            forget(roster_import)

        monkeypatch.setattr(roster_chores, "forget_file", confirmed)
        forget_old_imports(at=timezone.now() + timedelta(days=31))
        states = sorted(RosterImport.objects.values_list("state", flat=True))
        assert states == ["applied", "discarded"]
        [applied_one] = RosterImport.objects.filter(state=ImportState.APPLIED)
        assert applied_one.changes.exists()

    def test_at_once_the_file_that_a_process_died_over(self, city, learner, principal, monkeypatch):
        brought = checked([DUC], by=principal)
        name = brought.file.name
        with monkeypatch.context() as patch:
            patch.setattr(roster_applying, "forget_file", killed)
            confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        brought.refresh_from_db()
        assert (brought.state, default_storage.exists(name)) == (ImportState.APPLIED, True)
        forget_old_imports(at=timezone.now())
        brought.refresh_from_db()
        assert (brought.file.name, brought.beginning) == ("", {})
        assert not default_storage.exists(name)
        assert brought.changes.exists()

    @pytest.mark.parametrize("place", ["forget_file", "forget_rows"])
    def test_at_once_what_is_left_of_a_list_given_up(
        self, city, learner, principal, monkeypatch, place
    ):
        rows = [DUC, row("000201", "Phạm Thị Mai"), row("000202", sex="?")]
        brought = checked(rows, by=principal)
        name = brought.file.name
        with monkeypatch.context() as patch:
            patch.setattr(roster_imports, place, killed)
            with pytest.raises(SystemExit):
                discard(brought, by=principal, at=timezone.now())
        brought.refresh_from_db()
        assert brought.state == ImportState.DISCARDED
        assert brought.changes.exists()
        forget_old_imports(at=timezone.now())
        assert not default_storage.exists(name)
        kept = [each.objects.count() for each in (RosterChange, RosterRejection, ListedUnit)]
        assert kept == [0, 0, 0]

    def test_files_that_no_list_names_after_a_day(self, city, learner, principal):
        """The process died between the file and its row."""
        named = uploaded([HANH, DUC], by=principal).file.name
        stray = default_storage.save("imports/stray.csv", ContentFile(b"Nguyen Thi Anh"))
        written = default_storage.get_modified_time(stray)
        forget_old_imports(at=written + timedelta(hours=23))
        assert default_storage.exists(stray)
        forget_old_imports(at=written + timedelta(hours=25))
        assert not default_storage.exists(stray)
        assert default_storage.exists(named)

    def test_rejected_rows_of_applied_lists_too(self, city, learner, principal):
        rows = [DUC, row("000201", "Phạm Thị Mai", sex="?")]
        brought = applied(rows, by=principal, skips_rejected=True)
        forget_old_imports(at=timezone.now() + timedelta(days=31))
        assert not brought.rejections.exists()
        assert brought.changes.exists()

    def test_what_was_there_before_after_a_year(self, city, learner, principal):
        brought = applied([DUC], by=principal)
        forget_old_imports(at=timezone.now() + timedelta(days=366))
        assert not brought.changes.exists()
        assert RosterList.objects.filter(roster_import=brought).exists()


class TestOthersLists:
    def test_are_not_seen(self, city, learner, principal, outsider):
        brought = checked([DUC], by=principal)
        assert brought in RosterImport.objects.visible_to(principal)
        assert brought not in RosterImport.objects.visible_to(outsider)


class TestHistory:
    def test_years_are_loaded_in_the_order_of_their_days(self, city, root):
        applied([row("1", "Vũ Mai"), row("2", "Vũ Nga")], by=root, as_of=date(2017, 9, 1))
        applied([row("2", "Vũ Nga"), row("3", "Vũ Lan")], by=root, as_of=date(2018, 9, 1))
        assert stays("1") == [("TH1", date(2017, 9, 1), date(2018, 8, 31))]
        assert stays("2") == [("TH1", date(2017, 9, 1), None)]
        assert stays("3") == [("TH1", date(2018, 9, 1), None)]
        late = checked([row("1", "Vũ Mai")], by=root, as_of=date(2016, 9, 1))
        assert rejected(late) == [(2, "Mã đơn vị")]


class OrderOfRows(TestCase):
    """Whatever order the rows stand in."""

    @settings(max_examples=15)
    @given(st.permutations(["000101", "000102", "000201", "000202", "000301"]))
    def test_does_not_matter(self, order):
        school = make_unit("TH1")
        other = make_unit("TH2")
        for code in ("000101", "000102"):
            make_member(school, code=code, given_name="Ánh")
        make_member(other, code="000301", given_name="Ánh")
        user = make_account(username="root", is_superuser=True)
        rows = {code: row(code, "Nguyễn Thị Ánh") for code in order}
        rows["000102"] = row("000102", "Nguyễn Thị Ánh", group="Nhân viên")
        with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC)):
            brought = applied([rows[code] for code in order], by=user, as_of=SEPTEMBER)
        assert counted(brought) == {
            "new": 2, "moved": 1, "changed": 1, "unchanged": 1, "duplicates": 2,
        }  # fmt: skip
