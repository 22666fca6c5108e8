"""What a list may not reach: other people's units, past, codes and accounts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from people.models import (
    AccessCode,
    AuditAction,
    AuditEntry,
    ImportState,
    Membership,
    Person,
    RosterImport,
    Unit,
    User,
)
from people.queries.rights import right_to_issue
from people.queries.roster_imports import may_open
from people.services.roster_imports import (
    RosterImportError,
    confirm,
    obstacles_to_undoing,
    undo,
)
from tests.blocking import LONGEST, ROW_LOCKS, blocked
from tests.factories import (
    change_unit,
    close_unit,
    make_account,
    make_member,
    make_scope,
    make_unit,
)
from tests.people.bringing import applied, checked, counted, rejected, roster, row, stays

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
MOVED_ON = date(2026, 11, 17)
BEFORE = date(2026, 11, 16)
DUC = row("000102", "Lê Văn Đức", sex="Nam", group="Cán bộ quản lý", position="Hiệu trưởng")
HANH = row("000101")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def chief(city) -> User:
    """Manages the commune, and everything below it."""
    user = make_account(username="chief")
    make_scope(user, city.commune)
    return user


def whole(brought: RosterImport) -> str:
    """Why the list as a whole is refused; nothing else is said of it."""
    [problem] = brought.rejections.all()
    assert problem.row == 0
    assert not brought.changes.exists()
    assert brought.warnings == []
    return problem.message


class TestAUnitThatMovedAway:
    """From this commune to another, five days ago."""

    @pytest.fixture
    def moved(self, city, learner) -> SimpleNamespace:
        city.other_commune = make_unit("XA2", parent=city.district, kind="commune")
        change_unit(city.school, on=MOVED_ON, parent_id=city.other_commune.pk)
        return city

    def test_is_not_rewritten_for_days_on_which_it_was_hers(self, moved, chief):
        before = roster()
        rows = [row("000101", "Trần Ngọc Hân", email="x@vi.du"), row("000999", "Vũ Thị Nga")]
        brought = checked(rows, by=chief, as_of=BEFORE)
        assert [column for _row, column in rejected(brought)] == ["Mã đơn vị", "Mã đơn vị"]
        assert "ngoài phạm vi" in brought.rejections.first().message
        assert roster() == before

    def test_is_not_rewritten_by_its_new_chief_for_days_before(self, moved):
        other = make_account(username="other-chief")
        make_scope(other, moved.other_commune)
        assert rejected(checked([HANH], by=other, as_of=BEFORE)) == [(2, "Mã đơn vị")]
        assert not rejected(checked([HANH], by=other, as_of=TODAY))

    def test_is_for_the_district_on_every_day(self, moved):
        office = make_account(username="office")
        make_scope(office, moved.district)
        assert not rejected(checked([HANH], by=office, as_of=BEFORE))

    def test_closes_the_lists_that_were_brought_of_it(self, city, learner, chief):
        brought = checked([HANH], by=chief, as_of=BEFORE)
        assert may_open(chief, brought, on=TODAY)
        other = make_unit("XA2", parent=city.district, kind="commune")
        change_unit(city.school, on=MOVED_ON, parent_id=other.pk)
        assert not may_open(chief, brought, on=TODAY)

    def test_one_that_closed_since_stays_hers(self, city, learner, chief):
        close_unit(city.school, last_day=date(2026, 11, 18))
        brought = checked([row("000101", group="Nhân viên")], by=chief, as_of=BEFORE)
        assert counted(brought) == {"changed": 1}
        assert may_open(chief, brought, on=TODAY)


class TestPeopleOfOthers:
    def strangers(self, city, count: int) -> list[list]:
        """Of the other school, each with her code, name and birth date."""
        people = [
            make_member(city.other_school, code=f"0005{n:02d}", given_name=LETTERS[n])
            for n in range(count)
        ]
        return [row(each.code, each.full_name) for each in people]

    def test_a_few_are_taken_over(self, city, principal):
        brought = checked([DUC, *self.strangers(city, 20)], by=principal)
        assert counted(brought) == {"moved": 20, "unchanged": 1}

    def test_not_more(self, city, principal):
        assert "hơn 20 người" in whole(checked([DUC, *self.strangers(city, 21)], by=principal))

    def test_nor_are_more_found_out_by_their_codes(self, city, principal):
        rows = [[each[0], "Vũ Thị Nga " + each[1][-1], *each[2:]]
                for each in self.strangers(city, 21)]  # fmt: skip
        assert "hơn 20 người" in whole(checked([DUC, *rows], by=principal))

    def test_nor_by_names_and_birth_dates(self, city, principal):
        rows = [[f"X{each[0]}", *each[1:]] for each in self.strangers(city, 21)]
        assert "hơn 20 người" in whole(checked([DUC, *rows], by=principal))

    def test_many_are_for_whoever_manages_both_schools(self, city, principal, chief):
        brought = checked([DUC, *self.strangers(city, 21)], by=chief)
        assert counted(brought)["moved"] == 21

    def test_a_birth_date_is_not_tried_out(self, city, principal):
        make_member(city.other_school, code="000301", given_name="Ánh")
        days = [date(1985, 3, 31) + timedelta(days=n) for n in range(12)]
        rows = [row(f"X{n}", "Nguyễn Thị Ánh", born=f"{d:%d/%m/%Y}") for n, d in enumerate(days)]
        assert "cùng họ tên" in whole(checked([DUC, *rows], by=principal))

    def test_nor_is_a_code(self, city, principal):
        make_member(city.other_school, code="000301", given_name="Ánh")
        rows = [row(f"0003{n:02d}", "Nguyễn Thị Ánh") for n in range(12)]
        assert "cùng họ tên" in whole(checked([DUC, *rows], by=principal))

    def test_namesakes_of_her_own_are_no_trial(self, city, principal):
        for n in range(12):
            make_member(city.school, code=f"0003{n:02d}", given_name="Ánh")
        rows = [row(f"0003{n:02d}", "Nguyễn Thị Ánh") for n in range(12)]
        assert counted(checked([DUC, *rows], by=principal)) == {"unchanged": 13}


class TestCodesOfNewPeople:
    @pytest.mark.parametrize(
        "code", ["bithu@thanhpho.vn", "<b>x</b>", "＝1+1", "@SUM(1)", "|calc", "a b", "Đ01"]
    )
    def test_are_what_a_form_takes(self, city, learner, principal, code):
        brought = checked([HANH, DUC, row(code, "Phạm Thị Mai")], by=principal)
        assert rejected(brought) == [(4, "Mã nhân sự")]
        assert "chữ không dấu" in brought.rejections.get().message

    def test_of_known_people_may_be_older_than_that(self, city, principal):
        make_member(city.school, code="GV/01", given_name="Mai")
        brought = checked([DUC, row("GV/01", "Nguyễn Thị Mai")], by=principal)
        assert counted(brought) == {"unchanged": 2}

    @pytest.mark.parametrize("code", ["quantri", "QuanTri", "0912000111", "84912000111"])
    def test_sign_in_nobody_else(self, city, learner, principal, code):
        make_account(username="quantri", phone="0912000111")
        make_account(username="ai-do", phone="84912000111")
        brought = checked([HANH, DUC, row(code, "Phạm Thị Mai")], by=principal)
        assert rejected(brought) == [(4, "Mã nhân sự")]
        assert "tài khoản đã có" in brought.rejections.get().message

    def test_nor_somebody_who_came_while_the_list_waited(self, city, learner, principal):
        brought = checked([HANH, DUC, row("quantri", "Phạm Thị Mai")], by=principal)
        make_account(username="quantri")
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert brought.state == ImportState.CHECKED
        assert rejected(brought) == [(4, "Mã nhân sự")]


class TestHowSomebodyIsReached:
    """E-mail and phone, by which she signs in."""

    TOLD = {"email": "moi@vi.du", "phone": "0912345678", "group": "Nhân viên"}

    def contacts(self, person: Person) -> tuple[str, str]:
        person.refresh_from_db()
        return person.email, person.phone

    def test_is_not_a_lists_to_change_where_she_may_do_more(self, city, learner, principal):
        make_scope(learner.user, city.commune)
        brought = applied([row("000101", **self.TOLD), DUC], by=principal)
        assert self.contacts(learner) == ("", "")
        assert brought.warnings == [{"kind": "contacts_kept", "rows": [2], "of": 1}]
        assert len(stays("000101")) == 2  # the rest of the row counts

    def test_is_said(self, client, city, learner, principal):
        make_scope(learner.user, city.commune)
        brought = checked([row("000101", **self.TOLD), DUC], by=principal)
        client.force_login(principal)
        text = client.get(f"/manage/people/import/{brought.pk}/").content.decode()
        assert "Dòng 2: thư điện tử, số điện thoại giữ như cũ" in text

    def test_is_of_whoever_may_do_less(self, city, learner, principal):
        brought = applied([row("000101", **self.TOLD), DUC], by=principal)
        assert self.contacts(learner) == ("moi@vi.du", "0912345678")
        assert brought.warnings == []

    def test_is_her_own(self, city, learner, principal):
        told = [*DUC[:10], "moi@vi.du", "0912345678"]
        applied([HANH, told], by=principal)
        assert self.contacts(principal.person) == ("moi@vi.du", "0912345678")

    def test_is_looked_at_again_before_it_counts(self, city, learner, principal):
        brought = checked([row("000101", **self.TOLD), DUC], by=principal)
        make_scope(learner.user, city.commune)
        confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        assert brought.state == ImportState.CHECKED
        assert self.contacts(learner) == ("", "")

    def test_takes_as_many_queries_for_many(self, city, principal, django_assert_max_num_queries):
        people = [make_member(city.school, given_name=LETTERS[n]) for n in range(20)]
        for person in people:
            make_scope(make_account(person), city.commune)
        rows = [row(p.code, p.full_name, email=f"{p.code}@vi.du") for p in people]
        with django_assert_max_num_queries(80):
            brought = checked([DUC, *rows], by=principal)
        assert brought.warnings[0]["of"] == 20


class TestTakenOverOnTheirFirstDay:
    """Whose membership elsewhere began on the very day of the list: it is rewritten, none opens."""

    @pytest.fixture
    def taken(self, city, principal) -> Person:
        person = make_member(city.other_school, code="000301", given_name="Ánh", started_on=BEFORE)
        make_account(person)
        applied([DUC, row("000301", "Nguyễn Thị Ánh")], by=principal, as_of=BEFORE)
        assert stays("000301") == [("TH1", BEFORE, None)]
        return person

    def test_is_noted_for_the_unit_they_leave(self, taken):
        entry = AuditEntry.objects.about(taken).get(action=AuditAction.MOVED_BY_LIST)
        assert entry.detail == {"from_unit": "THCS2", "unit": "TH1", "from": "2026-11-16"}

    def test_gives_no_code_to_them(self, taken, principal):
        reason = right_to_issue(principal, taken, on=TODAY).reason
        assert "vừa được nhận từ đơn vị khác" in reason


class TestUndoing:
    """What would change the figures of others."""

    @pytest.fixture
    def brought(self, city, principal) -> RosterImport:
        """Ánh of the other school came on 16 November."""
        make_member(city.other_school, code="000301", given_name="Ánh")
        return applied([DUC, row("000301", "Nguyễn Thị Ánh")], by=principal, as_of=BEFORE)

    def obstacles(self, brought: RosterImport, *, by: User | None, days: int) -> str:
        on = BEFORE + timedelta(days=days)
        return " ".join(obstacles_to_undoing(brought, by=by, on=on))

    def test_is_done_for_three_months(self, brought, principal):
        assert self.obstacles(brought, by=principal, days=92) == ""
        assert "của đơn vị khác" in self.obstacles(brought, by=principal, days=93)

    def test_is_done_later_by_whoever_manages_both(self, brought, chief):
        assert self.obstacles(brought, by=chief, days=93) == ""

    def test_is_refused_later(self, brought, principal):
        before, late = roster(), timezone.now() + timedelta(days=93)
        with time_machine.travel(late), pytest.raises(RosterImportError, match="của đơn vị khác"):
            undo(brought, by=principal, at=late, reason="Nhầm tệp")
        assert roster() == before

    def test_concerns_nobody_of_her_own(self, city, learner, principal):
        brought = applied([DUC, row("000101", group="Nhân viên")], by=principal, as_of=BEFORE)
        assert self.obstacles(brought, by=principal, days=300) == ""

    def test_is_refused_once_she_has_used_a_code(self, brought, principal):
        now = timezone.now()
        code = AccessCode.objects.create(
            person=Person.objects.get(code="000301"), purpose="activation", digest="x",
            issued_by=principal, issued_at=now, expires_at=now + timedelta(days=1),
        )  # fmt: skip
        assert self.obstacles(brought, by=principal, days=10) == ""
        code.used_at = now + timedelta(hours=1)
        code.save()
        assert "Đã dùng mã đăng nhập" in self.obstacles(brought, by=principal, days=10)


@ROW_LOCKS
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_undoing_waits_for_whoever_closes_a_unit_to_return_to(city):
    root = make_account(username="root", is_superuser=True)
    make_member(city.other_school, code="000301", given_name="Ánh")
    brought = applied([row("000301", "Nguyễn Thị Ánh")], by=root, as_of=BEFORE)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=city.other_school.pk)
        undone = blocked(lambda: undo(brought, by=root, at=timezone.now(), reason="Nhầm tệp"))
        Unit.objects.filter(pk=city.other_school.pk).update(closed_on=TODAY)
    with pytest.raises(RosterImportError, match="THCS2"):
        undone.result(timeout=LONGEST)
    assert not Membership.objects.filter(unit=city.other_school, ended_on=None).exists()
