"""Taking a whole list back: exactly as it was, or a sentence about what depends on it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from courses.models import CourseRun, Enrolment
from people.models import (
    AuditAction,
    AuditEntry,
    ImportState,
    Membership,
    Person,
    RosterChange,
    RosterImport,
    RosterList,
    Unit,
)
from people.services import roster_applying, roster_undoing
from people.services.roster_chores import forget_old_imports, take_up_unfinished
from people.services.roster_imports import (
    RosterImportError,
    apply,
    confirm,
    discard,
    obstacles_to_undoing,
    undo,
)
from people.signals import memberships_changed
from tests.factories import make_account, make_course, make_member, make_run
from tests.people.bringing import (
    NOVEMBER,
    OCTOBER,
    applied,
    checked,
    roster,
    row,
    stays,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
DUC = row("000102", "Lê Văn Đức", sex="Nam", group="Cán bộ quản lý", position="Hiệu trưởng")
HANH, MAI = row("000101"), row("000201", "Phạm Thị Mai")


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def root(db):
    return make_account(username="root", is_superuser=True)


def take_back(brought: RosterImport, *, by=None, reason: str = "Nhầm tệp") -> None:
    undo(brought, by=by, at=timezone.now(), reason=reason)


@contextmanager
def listening(listen):
    """Within it `listen` hears whose memberships changed."""

    def receiver(person_ids, **kwargs):
        listen(person_ids)

    memberships_changed.connect(receiver)
    try:
        yield
    finally:
        memberships_changed.disconnect(receiver)


def obstacles(brought: RosterImport) -> str:
    return " ".join(obstacles_to_undoing(brought, by=None, on=TODAY))


class TestUndoing:
    def test_puts_everybody_back_as_they_were(self, city, learner, principal, root):
        """New, moved, changed, corrected, withdrawn, left, ended: key by key."""
        make_member(city.other_school, code="moved", given_name="Ba")
        make_member(city.school, code="retired", given_name="Tư")
        make_member(city.school, code="withdrawn", given_name="Năm", started_on=NOVEMBER)
        make_member(city.school, code="in place", given_name="Sáu", started_on=NOVEMBER)
        make_member(city.school, code="back", given_name="Bảy", ended_on=date(2020, 6, 30))
        make_member(city.school, code="ended", given_name="Tám")
        rows = [
            row("moved", "Nguyễn Thị Ba Mươi", phone="0912345678"),
            row("retired", "Nguyễn Thị Tư", status="Nghỉ hưu"),
            row("in place", "Nguyễn Thị Sáu", unit="THCS2", group="Nhân viên"),
            row("back", "Nguyễn Thị Bảy"),
            row("ended", "Nguyễn Thị Tám", ended_on="31/12/2026"),
            DUC,
            row("000101", "Trần Ngọc Hân", born="06/04/1985", email="han@vi.du"),
            MAI,
        ]
        before, lists = roster(), list(RosterList.objects.values_list())
        brought = applied(rows, by=root)
        assert roster() != before
        assert set(brought.changes.values_list("verdict", flat=True)) == {
            "new", "moved", "changed", "left",
        }  # fmt: skip
        assert brought.changes.filter(withdrawn_id__isnull=False).count() == 1
        take_back(brought, by=root)
        assert roster() == before
        assert list(RosterList.objects.values_list()) == lists
        assert brought.state == ImportState.UNDONE
        assert (brought.undone_by, brought.undo_reason) == (root, "Nhầm tệp")

    def test_the_same_list_can_be_brought_again(self, city, learner, principal):
        rows = [DUC, row("000101", "Trần Ngọc Hân"), MAI]
        take_back(applied(rows, by=principal))
        again = applied(rows, by=principal)
        assert Person.objects.filter(code="000201").exists()
        take_back(again)
        assert not Person.objects.filter(code="000201").exists()

    def test_an_older_list_can_be_brought_then(self, city, learner, principal):
        take_back(applied([DUC, HANH], by=principal))
        brought = applied([DUC, HANH, MAI], by=principal, as_of=OCTOBER)
        assert stays("000201") == [("TH1", OCTOBER, None)]
        assert brought.lists.get().as_of == OCTOBER

    def test_one_after_the_other_backwards(self, city, learner, principal):
        before = roster()
        first = applied([DUC, HANH, MAI], by=principal, as_of=OCTOBER)
        second = applied([DUC, MAI], by=principal)
        take_back(second)
        take_back(first)
        assert roster() == before

    def test_takes_a_reason(self, city, learner, principal):
        brought = applied([DUC, MAI], by=principal)
        with pytest.raises(RosterImportError, match="lý do"):
            take_back(brought, reason="  ")
        assert Person.objects.filter(code="000201").exists()

    def test_twice_is_refused(self, city, learner, principal):
        brought = applied([DUC, HANH, MAI], by=principal)
        take_back(brought)
        with pytest.raises(RosterImportError, match="không có gì để hoàn tác"):
            take_back(brought)

    def test_is_logged(self, city, learner, principal):
        take_back(applied([DUC, HANH, MAI], by=principal), by=principal)
        entry = AuditEntry.objects.get(action=AuditAction.ROSTER_UNDONE)
        assert entry.actor == principal
        assert entry.detail == {"as_of": "2026-11-01", "reason": "Nhầm tệp"}

    def test_other_rooms_are_told(self, city, learner, principal):
        brought = applied([DUC, MAI], by=principal)
        heard: list[set[int]] = []
        with listening(heard.append):
            take_back(brought)
        assert heard == [{learner.pk}]
        assert brought.told_at is not None

    def test_other_rooms_are_told_again_when_the_telling_breaks_off(self, city, learner, principal):
        def killed(people):
            raise SystemExit

        brought = applied([DUC, MAI], by=principal)
        with listening(killed), suppress(SystemExit):
            take_back(brought)
        brought.refresh_from_db()
        assert brought.state == ImportState.UNDONE
        assert brought in RosterImport.objects.unfinished()
        RosterImport.objects.filter(pk=brought.pk).update(worked_at=None)
        heard: list[set[int]] = []
        with listening(heard.append):
            assert take_up_unfinished(at=timezone.now()) == 1
        assert heard == [{learner.pk}]
        assert brought not in RosterImport.objects.unfinished()

    def test_that_it_counts_was_told_tells_nobody_that_it_does_no_more(
        self, city, learner, principal, monkeypatch
    ):
        """It is undone while a worker tells that it counts."""
        brought = checked([DUC, MAI], by=principal)
        with monkeypatch.context() as patch:
            patch.setattr(roster_applying, "tell", lambda roster_import: None)
            confirm(brought, by=principal, at=timezone.now(), skips_rejected=False)
        idle = type("Task", (), {"enqueue": lambda self, pk: None})()
        monkeypatch.setattr(roster_undoing, "tell_of_list", idle)
        brought.refresh_from_db()
        with listening(lambda people: take_back(RosterImport.objects.get(pk=brought.pk))):
            apply(brought, at=timezone.now())
        assert (brought.state, brought.told_at) == (ImportState.UNDONE, None)

    def test_a_list_that_waits_is_compared_again(self, city, learner, principal, root):
        """It names somebody whom undoing takes away."""
        brought = applied([DUC, HANH, MAI], by=principal)
        waits = checked([row("000201", "Phạm Thị Mai", unit="THCS2")], by=root, is_partial=True)
        take_back(brought)
        confirm(waits, by=root, at=timezone.now(), skips_rejected=False)
        assert waits.state == ImportState.CHECKED
        assert waits.counts["new"] == 1

    def test_a_list_of_nothing_but_confirmations_only_forgets_the_list(
        self, city, learner, principal
    ):
        brought = applied([DUC, HANH], by=principal)
        take_back(brought)
        assert not RosterList.objects.filter(unit=city.school).exists()


def _renamed(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(email="moi@vi.du")


class TestRefused:
    @pytest.fixture
    def brought(self, city, learner, principal) -> RosterImport:
        """Hạnh became support staff and Hân, Mai is new."""
        rows = [DUC, row("000101", "Trần Ngọc Hân", group="Nhân viên"), MAI]
        return applied(rows, by=principal)

    @pytest.fixture
    def mai(self, brought) -> Person:
        return Person.objects.get(code="000201")

    def refused(self, brought: RosterImport, words: str) -> None:
        before = roster()
        assert words in obstacles(brought)
        with pytest.raises(RosterImportError, match=words):
            take_back(brought)
        assert roster() == before

    def test_not_while_nothing_depends_on_it(self, brought):
        assert obstacles(brought) == ""

    def test_by_a_later_list_of_one_of_its_units(self, brought, principal):
        applied([DUC, row("000101", "Trần Ngọc Hân", group="Nhân viên"), MAI], by=principal,
                as_of=TODAY)  # fmt: skip
        self.refused(brought, "danh sách ngày 22/11/2026")

    def test_not_by_one_of_another_unit(self, brought, outsider):
        applied([row("000301", "Vũ Thị Nga", unit="THCS2")], by=outsider, is_partial=True)
        assert obstacles(brought) == ""

    def test_when_somebody_moved_since(self, brought, city, mai):
        Membership.objects.filter(person=mai).update(ended_on=TODAY)
        self.refused(brought, "Phạm Thị Mai")

    def test_when_a_membership_it_ended_changed_since(self, brought):
        ended = Membership.objects.get(person__code="000101", ended_on__isnull=False)
        Membership.objects.filter(pk=ended.pk).update(started_on=date(2014, 1, 1))
        self.refused(brought, "Nơi công tác đã thay đổi")

    @pytest.mark.parametrize("code", ["000101", "000201"])
    def test_when_somebody_was_corrected_since(self, brought, code):
        Person.objects.filter(code=code).update(given_name="Nga")
        self.refused(brought, "Thông tin cá nhân đã thay đổi")

    def test_not_when_somebody_untouched_was(self, brought):
        Person.objects.filter(code="000102").update(given_name="Nga")
        assert obstacles(brought) == ""

    def test_when_somebody_new_has_an_account(self, brought, mai):
        make_account(mai)
        self.refused(brought, "“tài khoản”: Phạm Thị Mai")

    def test_when_somebody_new_began_a_run(self, brought, city, mai):
        run: CourseRun = make_run(make_course(), units=[city.school], modules=[])
        Enrolment.objects.create(person=mai, run=run, began_at=timezone.now())
        self.refused(brought, "Phạm Thị Mai")

    def test_when_somebody_new_works_elsewhere_too(self, brought, city, mai):
        Membership.objects.create(person=mai, unit=city.facility, staff_group="carer",
                                  started_on=NOVEMBER, is_primary=False)  # fmt: skip
        self.refused(brought, "nơi công tác")

    def test_when_somebody_new_turned_out_to_be_known(self, brought, learner, mai):
        Person.objects.filter(pk=learner.pk).update(merged_into=mai)
        self.refused(brought, "Phạm Thị Mai")

    def test_asks_whatever_may_refer_to_a_person(self):
        """A kind of record that is added later is found without a word here."""
        relations = {
            relation.related_model.__name__
            for relation in Person._meta.get_fields(include_hidden=True)
            if (relation.one_to_many or relation.one_to_one) and not relation.concrete
        }
        asked = {kind.__name__ for kind, _field in roster_undoing.relations_to_people()}
        assert asked == relations
        assert asked >= {"User", "Membership", "Certificate", "Enrolment", "AccessCode"}

    def test_when_a_unit_to_return_to_was_closed(self, city, learner, root):
        brought = applied([row("000101", unit="THCS2")], by=root)
        Unit.objects.filter(pk=city.school.pk).update(closed_on=TODAY)
        self.refused(brought, "TH1")

    def test_after_a_year(self, brought):
        later = TODAY + timedelta(days=366)
        assert "một năm" in " ".join(obstacles_to_undoing(brought, by=None, on=later))

    def test_not_on_the_last_day_of_the_year(self, city, learner, principal):
        before = roster()
        brought = applied([DUC, MAI], by=principal)
        late = brought.applied_at + timedelta(days=365, hours=1)
        forget_old_imports(at=late)
        undo(brought, by=principal, at=late, reason="Nhầm tệp")
        assert roster() == before

    def test_then_nothing_is_kept_to_undo_it_with(self, brought):
        late = brought.applied_at + timedelta(days=366)
        forget_old_imports(at=late)
        assert not brought.changes.exists()
        with pytest.raises(RosterImportError, match="một năm"):
            undo(brought, by=None, at=late, reason="Nhầm tệp")

    @pytest.mark.parametrize("code", ["000101", "000201"])
    def test_when_something_of_it_is_missing(self, brought, code):
        """Nobody deletes that; if somebody did, half a list would be taken back."""
        brought.changes.get(code=code).delete()
        before = roster()
        with pytest.raises(RosterImportError, match="chưa hoàn tác gì"):
            take_back(brought)
        assert roster() == before
        brought.refresh_from_db()
        assert brought.state == ImportState.APPLIED

    def test_when_it_was_never_applied(self, city, learner, principal):
        brought = checked([DUC], by=principal)
        assert obstacles(brought)
        discard(brought, by=principal, at=timezone.now())
        assert obstacles(brought)

    def test_when_something_changes_in_the_last_moment(self, brought, monkeypatch, mai):
        def raced(held):
            _renamed(mai)
            take_out(held)

        take_out = roster_undoing.take_out_of_force
        monkeypatch.setattr(roster_undoing, "take_out_of_force", raced)
        with pytest.raises(RosterImportError, match="chưa hoàn tác gì"):
            take_back(brought)
        assert Person.objects.filter(code="000201").exists()
        assert RosterChange.objects.filter(roster_import=brought).exists()

    def test_of_many_names_a_few(self, city, learner, principal):
        rows = [row(f"0003{n:02d}", f"Vũ Thị {'abcdefgh'[n]}") for n in range(8)]
        brought = applied([DUC, HANH, *rows], by=principal)
        Person.objects.filter(code__startswith="0003").update(email="moi@vi.du")
        assert "và người khác" in obstacles(brought)
