"""A unit's figures on a page, and the way to it."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from courses.models import Enrolment
from people.models import Membership, RosterList, Unit
from reports.models import Target
from reports.services.targets import ensure_targets
from tests.factories import close_unit, make_account, make_member, make_run, make_scope, make_unit
from tests.reports.addresses import MAX_QUERIES, unit_address
from tests.reports.builders import certify
from tests.reports.district import LAST_DAY_BEFORE, REFORM, build_district
from tests.reports.recount import recount
from tests.reports.test_recount import build_targets


class TestUnitPage:
    @pytest.mark.usefixtures("staff")
    def test_says_what_an_official_would_write(self, see, principal):
        """The principal is one of eleven: 6 ÷ 11 is 54,54… %, rounded down."""
        text = " ".join(unescape(see(principal, unit_address("TH1"))).split())
        assert "Đạt 54,5 % (6/11); nữ 60,0 %; cần thêm 3 người để đạt 80 %." in text

    @pytest.mark.usefixtures("staff")
    def test_draws_a_tick_for_each_threshold_and_says_the_figure_aloud(self, see, principal):
        Target.objects.create(
            code="CT-2030",
            title="95",
            percent=95,
            due_on=date(2030, 12, 31),
            started_on=date(2026, 1, 1),
        )
        text = see(principal, unit_address("TH1"))
        assert 'x1="80%"' in text
        assert 'x1="95%"' in text
        assert 'role="img" aria-label="Biểu đồ: đạt 54,5 %, 6 trên 11 người' in text
        assert "style=" not in text

    @pytest.mark.usefixtures("staff")
    def test_ranks_units_by_people_still_missing(self, see, city, city_manager):
        make_member(city.other_school)
        text = see(city_manager, unit_address("XA1"))
        assert text.index("Trường THCS Hai") < text.index("Trường Tiểu học Một")
        assert "/manage/units/THCS2/?" in text

    @pytest.mark.usefixtures("staff")
    def test_keeps_support_staff_apart(self, see, city, principal):
        make_member(city.school, group="support")
        text = see(principal, unit_address("TH1"))
        assert "Các nhóm khác, không tính vào chỉ tiêu" in text
        assert "6/11" in text

    def test_the_figure_moves_by_one_person_at_every_level(
        self, see, city, course, target, city_manager, learner
    ):
        before = [see(city_manager, unit_address(code)) for code in ("TP", "HCC", "XA1", "TH1")]
        certify(learner, course, modules=course.modules.all())
        after = [see(city_manager, unit_address(code)) for code in ("TP", "HCC", "XA1", "TH1")]
        assert all("(0/1)" in text for text in before)
        assert all("(1/1)" in text for text in after)

    @pytest.mark.usefixtures("staff")
    @pytest.mark.parametrize("schools", [0, 15])
    def test_takes_few_queries_however_many_units(
        self, client, city, city_manager, schools, django_assert_max_num_queries
    ):
        for number in range(schools):
            make_member(make_unit(f"T{number}", parent=city.commune))
        client.force_login(city_manager)
        with django_assert_max_num_queries(MAX_QUERIES):
            client.get(unit_address("XA1"))

    def test_without_people_it_says_so(self, see, city, target, city_manager):
        text = see(city_manager, unit_address("PGD"))
        assert "Không có ai thuộc chỉ tiêu này tại đơn vị vào ngày 21/11/2026" in text

    def test_before_the_first_list_it_gives_no_percentage(self, see, target, principal):
        RosterList.objects.update(as_of=date(2026, 1, 1))
        text = see(principal, unit_address("TH1", "as_of=2025-12-31"))
        assert "Chưa có danh sách nhân sự tính đến ngày 31/12/2025" in text
        assert "headline__figure" not in text

    def test_without_targets_it_says_whom_to_ask(self, see, principal):
        assert "Chưa có chỉ tiêu nào" in see(principal, unit_address("TH1"))

    def test_of_a_closed_unit_it_offers_the_last_day(self, see, city, target, outsider):
        Membership.objects.filter(unit=city.other_school).update(ended_on=date(2025, 6, 30))
        close_unit(city.other_school, last_day=date(2025, 6, 30))
        text = see(outsider, unit_address("THCS2"))
        assert "không hoạt động vào ngày 21/11/2026" in text
        assert "as_of=2025-06-30" in text

    def test_a_day_it_cannot_read_is_said_beside_the_field(self, see, target, principal):
        assert "Không đọc được ngày này" in see(principal, unit_address("TH1", "as_of=hôm-nao"))

    def test_the_crumbs_hold_the_units_above(self, see, target, city_manager):
        text = see(city_manager, unit_address("TH1"))
        places = [text.index(f"/manage/units/{code}/?") for code in ("TP", "HCC", "XA1")]
        assert places == sorted(places)


@pytest.mark.usefixtures("target")
class TestIndex:
    def test_leads_a_principal_to_her_school(self, client, principal):
        client.force_login(principal)
        assert client.get("/manage/")["Location"] == "/manage/units/TH1/"

    def test_offers_a_choice_of_several_units(self, see, city, principal):
        make_scope(principal, city.facility, "monitor")
        text = see(principal, "/manage/")
        assert text.index("Mái ấm Ba") < text.index("Trường Tiểu học Một")

    def test_leaves_out_units_below_another_of_her_units(self, client, city, principal):
        make_scope(principal, city.commune, "monitor")
        client.force_login(principal)
        assert client.get("/manage/")["Location"] == "/manage/units/XA1/"

    def test_says_so_when_her_unit_has_ended(self, see, city, outsider):
        Membership.objects.filter(unit=city.other_school).update(ended_on=date(2025, 6, 30))
        close_unit(city.other_school, last_day=date(2025, 6, 30))
        assert "Không đơn vị nào trong phạm vi quản lý hoạt động" in see(outsider, "/manage/")

    def test_a_superuser_starts_at_the_root(self, client, city):
        client.force_login(make_account(username="goc", is_superuser=True))
        assert client.get("/manage/")["Location"] == "/manage/units/TP/"


@pytest.fixture
def plan(course):
    return {target.code: target for target in ensure_targets(course)}


class TestCurve:
    @pytest.mark.usefixtures("plan", "learner")
    def test_a_target_that_is_over_is_seen_at_its_due_day_and_says_so(self, client, principal):
        client.force_login(principal)
        response = client.get(unit_address("TH1", "target=CT-2017"))
        assert response.context["asked"].as_of == date(2017, 12, 31)
        text = response.content.decode()
        assert "Hạn của chỉ tiêu đã qua: đây là số liệu tại ngày hạn, 31/12/2017." in text

    @pytest.mark.usefixtures("plan")
    @pytest.mark.parametrize("code", ["CT-2017", "CT-2020"])
    def test_goes_through_the_due_days_of_both_past_targets(
        self, client, course, learner, principal, code
    ):
        certify(learner, course, on=date(2018, 8, 15))
        client.force_login(principal)
        curve = client.get(unit_address("TH1", f"target={code}")).context["curve"]
        marked = {point.day: point.tenths for point in curve.points if point.is_marked}
        assert marked == {date(2017, 12, 31): 0, date(2020, 12, 31): 500}
        assert curve.period.first == date(2016, 1, 1)

    @pytest.mark.usefixtures("plan", "learner")
    def test_is_drawn_from_and_to_the_days_asked(self, client, principal):
        client.force_login(principal)
        address = unit_address(
            "TH1", "target=CT-2020&from=2017-01-01&to=2018-06-30&with=2018-02-02"
        )
        curve = client.get(f"{address}&as_of=2018-06-30&with=2018-02-02").context["curve"]
        assert curve.period.first == date(2017, 1, 1)
        assert curve.period.last == date(2018, 6, 30)
        assert date(2018, 2, 2) in [point.day for point in curve.points]

    @pytest.mark.usefixtures("plan", "learner")
    def test_says_when_it_would_end_before_it_begins(self, see, principal):
        address = unit_address("TH1", "target=CT-2020&from=2019-01-01&to=2018-01-01")
        assert "Ngày cuối phải sau ngày đầu." in see(principal, address)

    @pytest.mark.usefixtures("plan")
    def test_compares_with_a_second_day_in_points_and_people(self, see, course, learner, principal):
        certify(learner, course, on=date(2018, 8, 15))
        text = see(principal, unit_address("TH1", "target=CT-2020&with=2017-12-31"))
        assert "So với 31/12/2017: tăng 50,0 điểm phần trăm; số người đạt từ 0 thành 1." in text

    @pytest.mark.usefixtures("plan", "learner")
    def test_links_every_figure_to_its_day(self, see, principal):
        text = see(principal, unit_address("TH1", "target=CT-2020"))
        assert "?target=CT-2020&amp;as_of=2017-12-31" in text
        assert "Số liệu của biểu đồ" in text


class TestReform:
    @pytest.fixture
    def root_manager(self, db):
        build_district()
        build_targets()
        user = make_account(username="goc", is_superuser=True)
        return user

    def test_a_scope_on_the_district_opens_its_communes_until_it_ended(self, client, root_manager):
        district = make_account(username="huyen")
        make_scope(district, Unit.objects.get(code="H"), "monitor")
        client.force_login(district)
        for code in ("H", "X0"):
            assert client.get(unit_address(code, f"as_of={LAST_DAY_BEFORE}")).status_code == 200
        assert client.get(unit_address("P0", f"as_of={REFORM}")).status_code == 404
        ended = client.get(unit_address("H", f"as_of={REFORM}"))
        assert ended.context["open_day"] == LAST_DAY_BEFORE
        assert [unit.code for unit in ended.context["crumbs"]] == []

    def units_below(self, client, code, day):
        response = client.get(unit_address(code, f"target=MOI-NGUOI&as_of={day}"))
        return response, {line.code for line in response.context["figures"].below}

    def test_the_day_before_the_communes_are_those_of_the_district(self, client, root_manager):
        client.force_login(root_manager)
        _page, units = self.units_below(client, "TP", LAST_DAY_BEFORE)
        assert units == {"H", "TP"}
        page, communes = self.units_below(client, "H", LAST_DAY_BEFORE)
        assert communes - {"H"} == {"X0", "X1", "X2", "X3", "X4", "X5", "PGD"}
        assert "ngày 30/06/2025; từ 01/07/2025 đã thay đổi." in page.content.decode()

    def test_from_the_day_on_they_are_its_successors(self, client, root_manager):
        client.force_login(root_manager)
        page, communes = self.units_below(client, "TP", REFORM)
        assert {"P0", "P1"} <= communes
        assert "H" not in communes
        assert "đã thay đổi." not in page.content.decode()

    def test_the_figures_of_both_days_are_those_of_the_recount(self, client, root_manager):
        """The page adds nothing of its own: it equals a count by hand over the raw rows."""
        client.force_login(root_manager)
        for day in (LAST_DAY_BEFORE, REFORM):
            page, _units = self.units_below(client, "TP", day)
            shown = {
                (line.code,): (line.everyone.coverage.required, line.everyone.coverage.complete)
                for line in page.context["figures"].below
                if line.everyone.coverage.required
            }
            target = Target.objects.get(code="MOI-NGUOI")
            assert shown == recount(target, day, "TP", ("unit",))


def counts(progress):
    """Complete, learning, not begun."""
    return tuple(count for _name, _label, count in progress.figures.parts)


class TestPrincipalsPage:
    def test_shows_who_is_left_and_why(self, see, target, learner, principal):
        text = see(principal, "/manage/units/TH1/")
        assert "Ai chưa đạt và vì sao" in text
        assert "Trần Ngọc Hạnh" in text
        assert "Chưa bắt đầu học." in text

    def test_shows_how_far_the_open_runs_are(
        self, client, city, course, target, learner, principal
    ):
        run = make_run(course, units=[city.root])
        Enrolment.objects.create(person=learner, run=run, began_at=timezone.now())
        client.force_login(principal)
        (progress,) = client.get("/manage/units/TH1/").context["workplace"].runs
        assert counts(progress) == (0, 1, 1)

    def test_leaves_out_runs_that_nobody_of_the_unit_is_in(
        self, client, city, course, target, learner, principal
    ):
        make_run(course, "khac", units=[city.other_school])
        client.force_login(principal)
        assert client.get("/manage/units/TH1/").context["workplace"].runs == []

    def test_shows_several_runs_apart(self, client, city, course, target, learner, principal):
        make_run(course, "muon", units=[city.root], closes_on=date(2030, 12, 31))
        early = make_run(course, "som", units=[city.school], closes_on=date(2030, 6, 30))
        Enrolment.objects.create(person=learner, run=early, began_at=timezone.now())
        client.force_login(principal)
        runs = client.get("/manage/units/TH1/").context["workplace"].runs
        assert [(each.run.code, *counts(each)) for each in runs] == [
            ("som", 0, 1, 1),
            ("muon", 0, 0, 2),
        ]

    def test_passes_over_runs_of_others_however_many_end_sooner(
        self, client, city, course, target, learner, principal
    ):
        for number in range(1, 4):
            make_run(
                course,
                f"khac-{number}",
                units=[city.other_school],
                closes_on=date(2030, number, 1),
            )
        make_run(course, "cuoi", units=[city.school], closes_on=date(2030, 12, 31))
        client.force_login(principal)
        (progress,) = client.get("/manage/units/TH1/").context["workplace"].runs
        assert progress.run.code == "cuoi"

    @pytest.mark.parametrize("day", ["2026-12-20", "2027-01-05"])
    def test_counts_in_a_run_whom_the_pages_of_the_run_count(
        self, client, city, course, target, learner, principal, day
    ):
        """In days of grace too: who came after the window is not due, who began stays."""
        run = make_run(course, units=[city.root], staff_groups=["teacher"], grace_days=30)
        carer = make_member(city.school, group="carer")
        Enrolment.objects.create(person=carer, run=run, began_at=timezone.now())
        make_member(city.school, started_on=date(2027, 1, 2))
        with time_machine.travel(f"{day} 03:00:00Z", tick=False):
            client.force_login(principal)
            (progress,) = client.get("/manage/units/TH1/").context["workplace"].runs
            page = client.get(reverse("courses:run", args=[run.code]))
            people = client.get(reverse("reports:run-progress", args=[run.code]) + "?unit=TH1")
        assert progress.figures == page.context["figures"]
        assert progress.figures.total == people.context["total"] == 2
        assert counts(progress) == (0, 1, 1)

    def test_is_of_today_only(self, client, target, learner, principal):
        client.force_login(principal)
        assert "workplace" not in client.get(unit_address("TH1", "as_of=2026-05-01")).context

    def test_is_not_for_whoever_sees_figures_only(self, client, target, staff, figures_only):
        client.force_login(figures_only)
        assert "workplace" not in client.get("/manage/units/TH1/").context
