"""A report on its way: written, sent, returned, corrected, accepted, consolidated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from people.models import AuditEntry, UnitVersion
from people.models.append_only import AppendOnlyError
from people.services.reorganising import merge_units
from reports.models import OutsideRow, Report, ReportState
from reports.queries.filing import Standing, Term, filings, filings_to, reported_target
from reports.queries.snapshots import content_hash, content_of, figures_of, report_figures
from reports.services.filing import (
    FilingError,
    Writing,
    accept_report,
    amend_report,
    consolidate,
    draft_report,
    return_report,
    save_draft,
    submit_report,
)
from reports.services.targets import refusal_to_change
from tests.factories import make_account, make_scope, make_unit
from tests.reports.builders import certify, make_target

AT = datetime(2026, 11, 3, 2, tzinfo=UTC)
TERM = Term.of_year(2026)
DAY = timedelta(days=1)


@pytest.fixture
def offices(city):
    """Beside the education office one of the social sector; each with its manager."""
    social = make_unit("PLD", parent=city.root, kind="office", sector="social", name="Phòng LĐ")
    education_chief, social_chief = make_account(), make_account()
    make_scope(education_chief, city.office)
    make_scope(social_chief, social)
    return education_chief, social_chief, social


@pytest.fixture
def chief(offices):
    return offices[0]


@pytest.fixture
def draft(staff, city, principal):
    return draft_report(city.school, TERM, by=principal, at=AT)


@pytest.fixture
def sent(draft, principal, offices):
    return submit_report(draft, by=principal, at=AT)


def refused(act, *arguments, **named) -> str:
    with pytest.raises(FilingError) as error:
        act(*arguments, at=AT, **named)
    return str(error.value)


def test_a_target_that_was_reported_on_changes_no_more(draft, principal, offices):
    assert not refusal_to_change(draft.target)
    submit_report(draft, by=principal, at=AT)
    assert "đã có báo cáo gửi" in refusal_to_change(draft.target).casefold()


class TestDraft:
    def test_begins_with_its_cut_off_its_deadline_and_its_receiver(self, draft, offices, city):
        assert (draft.as_of, draft.due_on) == (date(2026, 10, 31), date(2026, 10, 31))
        assert draft.receiver == city.office
        assert draft.letterhead["issuer"] == "TRƯỜNG TIỂU HỌC MỘT"

    def test_is_opened_once(self, draft, city, principal):
        assert draft_report(city.school, TERM, by=principal, at=AT) == draft

    def test_is_one_in_the_database_too(self, draft):
        draft.pk, draft.version = None, 2
        with pytest.raises(IntegrityError), transaction.atomic():
            draft.save()

    def test_is_written_by_the_units_manager_alone(self, draft, city, target, chief, outsider):
        writing = Writing(target, draft.as_of, {"plans": "Tiếp tục"}, {})
        for stranger in (outsider, chief):
            assert "người quản lý đơn vị" in refused(save_draft, draft, writing, by=stranger)
            assert "người quản lý đơn vị" in refused(draft_report, city.school, TERM, by=stranger)

    def test_keeps_what_was_written(self, draft, target, principal):
        row = OutsideRow(name="Nhóm trẻ Hoa", required_female=4, complete_female=3)
        writing = Writing(target, date(2026, 9, 30), {"plans": "Tiếp tục"}, {"number": "7"}, [row])
        for _twice in range(2):
            row.pk = None
            save_draft(draft, writing, by=principal, at=AT)
        draft.refresh_from_db()
        assert (draft.as_of, draft.sections) == (date(2026, 9, 30), {"plans": "Tiếp tục"})
        assert [each.name for each in draft.outside_rows.all()] == ["Nhóm trẻ Hoa"]

    @pytest.mark.parametrize(
        ("day", "code"),
        [(date(2016, 10, 31), "CT-1"), (date(2019, 1, 1), "CT-1"), (date(2026, 10, 31), "CT-2")],
    )
    def test_is_about_the_target_of_its_days(self, course, day, code):
        make_target(course, "CT-1", started_on=date(2016, 1, 1), due_on=date(2017, 12, 31))
        make_target(course, "CT-2", started_on=date(2026, 1, 1), due_on=date(2027, 12, 31))
        assert reported_target(day).code == code


class TestSending:
    def test_freezes_the_figures(self, sent):
        content = sent.snapshot.content
        assert content["total"] == {"everyone": [11, 6], "male": [6, 3], "female": [5, 3]}
        assert sent.snapshot.content_hash == content_hash(content)
        assert content["target"]["percent"] == 80

    def test_says_who_and_when(self, sent, principal):
        assert (sent.state, sent.submitted_by, sent.submitted_at) == ("submitted", principal, AT)
        entry = AuditEntry.objects.get(action="report.submitted")
        assert entry.detail == {"version": 1, "as_of": "2026-10-31"}

    def test_locks(self, sent, target, principal):
        writing = Writing(target, sent.as_of, {}, {})
        assert "lần gửi mới" in refused(save_draft, sent, writing, by=principal)
        assert "lần gửi mới" in refused(submit_report, sent, by=principal)
        assert "lần gửi mới" in refused(consolidate, sent, by=principal)
        with pytest.raises(AppendOnlyError):
            sent.snapshot.save()

    def test_waits_for_the_cut_off_day(self, draft, principal):
        early = datetime(2026, 10, 30, 2, tzinfo=UTC)
        with pytest.raises(FilingError, match="31/10/2026"):
            submit_report(draft, by=principal, at=early)

    def test_is_refused_without_figures(self, draft, target, principal):
        day = date(2010, 1, 1)
        save_draft(draft, Writing(target, day, {}, {}), by=principal, at=AT)
        assert "chưa có số liệu" in refused(submit_report, draft, by=principal)


class TestReceiving:
    def test_is_the_receiving_units_managers(self, sent, principal, outsider, chief):
        for stranger in (principal, outsider):
            assert "Chỉ người quản lý" in refused(accept_report, sent, by=stranger)
            assert "Chỉ người" in refused(return_report, sent, comment="Thiếu", by=stranger)
        assert accept_report(sent, by=chief, at=AT).state == ReportState.ACCEPTED

    def test_is_not_for_what_she_sent_herself(self, draft, offices, city):
        both = make_account()
        make_scope(both, city.root)
        report = submit_report(draft, by=both, at=AT)
        assert "chính mình" in refused(accept_report, report, by=both)

    def test_returns_with_a_comment_that_is_kept(self, sent, chief):
        assert "Hãy ghi ý kiến" in refused(return_report, sent, comment="  ", by=chief)
        returned = return_report(sent, comment="Thiếu mục III", by=chief, at=AT)
        act = returned.acts.last()
        assert (act.act, act.comment, act.by) == ("returned", "Thiếu mục III", chief)
        assert AuditEntry.objects.get(action="report.returned").detail["reason"] == "Thiếu mục III"

    def test_happens_once(self, sent, chief):
        accept_report(sent, by=chief, at=AT)
        assert "không còn chờ" in refused(return_report, sent, comment="Thôi", by=chief)


class TestAmending:
    def test_a_returned_one_begins_as_it_was(self, sent, principal, chief):
        return_report(sent, comment="Thiếu mục III", by=chief, at=AT)
        again = amend_report(sent, reason="", by=principal, at=AT)
        assert (again.version, again.state, again.letterhead) == (2, "draft", sent.letterhead)
        submit_report(again, by=principal, at=AT)
        assert "Đã có một lần sau" in refused(amend_report, sent, reason="Nữa", by=principal)

    def test_an_accepted_one_needs_a_reason(self, sent, principal, chief):
        accept_report(sent, by=chief, at=AT)
        assert "Hãy ghi lý do" in refused(amend_report, sent, reason="", by=principal)
        again = amend_report(sent, reason="Sai số liệu nhóm trẻ", by=principal, at=AT)
        assert again.acts.get().comment == "Sai số liệu nhóm trẻ"

    def test_leaves_the_one_before_to_nobody(self, sent, principal, chief):
        again = amend_report(sent, reason="Sửa lời văn", by=principal, at=AT)
        submit_report(again, by=principal, at=AT)
        assert "lần sau" in refused(accept_report, sent, by=chief)
        assert list(Report.objects.latest_sent()) == [again]


class TestConsolidating:
    def test_takes_accepted_reports_and_their_units_outside(
        self, draft, target, principal, chief, city, offices
    ):
        row = OutsideRow(name="Nhóm trẻ Hoa", required_female=4, complete_female=3)
        save_draft(draft, Writing(target, draft.as_of, {}, {}, [row]), by=principal, at=AT)
        sent = submit_report(draft, by=principal, at=AT)
        office = draft_report(city.office, TERM, by=chief, at=AT)
        assert "Chưa tiếp nhận" in refused(consolidate, office, by=chief)
        accept_report(sent, by=chief, at=AT)
        for _twice in range(2):
            assert consolidate(office, by=chief, at=AT) == [sent]
        content = submit_report(office, by=chief, at=AT).snapshot.content
        assert [each["unit"] for each in content["sources"]] == ["TH1"]
        assert content["sources"][0]["hash"] == sent.snapshot.content_hash
        assert [(each["name"], each["female"]) for each in content["outside"]] == [
            ("Nhóm trẻ Hoa", [4, 3])
        ]
        assert content["total"]["everyone"] == [21, 12]  # nobody from outside is mixed in

    def test_goes_on_to_the_office_of_the_social_sector(self, staff, city, offices):
        education_chief, social_chief, social = offices
        office = draft_report(city.office, TERM, by=education_chief, at=AT)
        assert (office.receiver, office.due_on) == (social, date(2026, 11, 9))
        sent = submit_report(office, by=education_chief, at=AT)
        accept_report(sent, by=social_chief, at=AT)
        last = draft_report(social, TERM, by=social_chief, at=AT)
        assert (last.receiver, last.due_on) == (None, date(2026, 11, 14))
        assert consolidate(last, by=social_chief, at=AT) == [sent]
        content = submit_report(last, by=social_chief, at=AT).snapshot.content
        assert content["total"]["everyone"] == [20, 12]


class TestSnapshot:
    def test_is_counted_again_the_same(self, sent):
        again = report_figures(sent)
        snapshot = sent.snapshot
        assert again.content == snapshot.content
        assert again.roster_hash == snapshot.roster_hash
        assert again.certificates_hash == snapshot.certificates_hash

    def test_stays_the_same_after_a_merge_and_a_backdated_correction(
        self, sent, city, course, principal
    ):
        before = content_hash(content_of(sent))
        unfinished = [
            person for person in _people_of(city.school) if not person.certificates.exists()
        ]
        certify(unfinished[0], course, on=date(2026, 6, 20))
        UnitVersion.objects.filter(unit=city.school).update(name="Trường tên khác")
        _merge(city, on=date(2026, 11, 4))
        sent.refresh_from_db()
        assert content_hash(content_of(sent)) == before == sent.snapshot.content_hash
        now = figures_of(city.school, target=sent.target, as_of=sent.as_of)
        assert now.content["total"]["everyone"] == [11, 7]
        assert now.certificates_hash != sent.snapshot.certificates_hash
        assert now.roster_hash == sent.snapshot.roster_hash


class TestStandings:
    def test_of_the_units_below_say_what_is_missing_and_late(self, sent, city, chief):
        today = date(2026, 11, 3)
        rows = {each.unit.code: each for each in filings_to(city.office, TERM, today=today)}
        assert rows["TH1"].standing is Standing.SUBMITTED
        assert rows["TH1"].is_late
        assert rows["THCS2"].standing is Standing.MISSING
        assert rows["THCS2"].is_overdue
        assert rows["THCS2"].days_left == -3

    def test_due_day_itself_is_in_time(self, staff, city):
        [row] = [
            each
            for each in filings_to(city.office, TERM, today=date(2026, 10, 31))
            if each.unit == city.school
        ]
        assert (row.days_left, row.is_overdue) == (0, False)

    def test_are_seen_by_the_units_own_and_by_whoever_receives(
        self, sent, city, chief, principal, outsider, figures_only, city_manager
    ):
        def seen(viewer) -> set[str]:
            return {each.unit.code for each in filings(viewer, TERM, today=date(2026, 11, 3))}

        assert seen(principal) == {"TH1"}
        assert seen(outsider) == {"THCS2"}
        assert seen(chief) == {"PGD", "TH1", "THCS2", "XA1"}
        assert seen(figures_only) == set()
        assert seen(city_manager) == {"PGD", "PLD", "XA1", "TH1", "THCS2", "BTXH"}

    def test_drafts_are_only_their_writers(self, draft, principal, city_manager):
        for viewer, standing in ((principal, Standing.DRAFT), (city_manager, Standing.MISSING)):
            rows = filings(viewer, TERM, today=date(2026, 11, 3))
            assert [each.standing for each in rows if each.unit == draft.unit] == [standing]

    def test_cost_a_fixed_number_of_queries(self, sent, city_manager, django_assert_num_queries):
        with django_assert_num_queries(4):
            filings(city_manager, TERM, today=date(2026, 11, 3))


class TestVisible:
    def test_to_her_own_and_once_sent_to_those_above_and_the_receiver(
        self, draft, principal, chief, outsider, figures_only, city_manager, learner
    ):
        def see(viewer) -> bool:
            return Report.objects.visible_to(viewer, on=AT.date()).exists()

        assert [see(each) for each in (principal, chief, city_manager)] == [True, False, False]
        submit_report(draft, by=principal, at=AT)
        assert [see(each) for each in (principal, chief, city_manager)] == [True, True, True]
        assert [see(each) for each in (outsider, figures_only, learner.user)] == [False] * 3


def _people_of(unit):
    return [each.person for each in unit.memberships.select_related("person")]


def _merge(city, *, on):
    clerk = make_account(is_superuser=True)
    order = {"on": on, "deciding_document": "12/QĐ-UBND", "by": clerk, "at": AT}
    merge_units([city.school], city.other_school, **order)
