"""A unit's figures on a page, and the way to it."""

from __future__ import annotations

from datetime import date

import pytest

from people.models import Membership, RosterList
from people.services.units import close_unit
from reports.models import Target
from tests.factories import make_account, make_member, make_scope, make_unit
from tests.reports.addresses import MAX_QUERIES, unit_address
from tests.reports.builders import certify


class TestUnitPage:
    @pytest.mark.usefixtures("staff")
    def test_says_what_an_official_would_write(self, see, principal):
        """The principal is one of eleven: 6 ÷ 11 is 54,54… %, rounded down."""
        text = " ".join(see(principal, unit_address("TH1")).split())
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
        assert "Trường Tiểu học Một" in text
        assert "Mái ấm Ba" in text

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
